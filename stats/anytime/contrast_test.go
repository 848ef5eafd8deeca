package anytime

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

// TestContrastIsOneTest: intervals of both scales exclude a null exactly when its p-value is small, whatever the procedure.
func TestContrastIsOneTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		treated := stats.Binomial{Successes: int64(rapid.IntRange(20, 900).Draw(t, "x1")), N: 1000}
		control := stats.Binomial{Successes: int64(rapid.IntRange(20, 900).Draw(t, "x0")), N: 1000}
		look, err := stats.CompareProportions(treated, control)
		if err != nil {
			t.Fatal(err)
		}
		target := math.Exp(rapid.Float64Range(6, 9).Draw(t, "log target"))
		c, err := Contrast(look, 2000, Tuning{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		const level = 0.95
		d, fixed := c.Difference(level), look.Difference(level)
		closeTo(t, "estimate", d.Estimate, fixed.Estimate, 0)
		if !(d.Lower < fixed.Lower && d.Upper > fixed.Upper) {
			t.Fatalf("%+v is not wider than %+v", d, fixed)
		}
		closeTo(t, "p at the lower limit", c.PDifference(d.Lower), 1-level, 1e-6)
		closeTo(t, "p at the upper limit", c.PDifference(d.Upper), 1-level, 1e-6)
		if l := c.Lift(level); l.Shape == stats.Bounded {
			closeTo(t, "p at the lift's limit", c.PLift(l.Lower), 1-level, 1e-5)
			if (l.Lower > 0) != (d.Lower > 0) || (l.Upper < 0) != (d.Upper < 0) {
				t.Fatalf("lift %+v and difference %+v disagree", l, d)
			}
		}
	})
}

// normal is a contrast with a normal statistic.
func normal(t *testing.T, difference, se float64) stats.Contrast {
	t.Helper()
	c, err := stats.Levels{Method: "z", Treated: 1 + difference, Control: 1, VarTreated: se * se / 2, VarControl: se * se / 2, DF: math.Inf(1)}.Contrast()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestContrastAgreesWithAsymptotic for a normal statistic, early looks included, at which no level expresses the interval.
func TestContrastAgreesWithAsymptotic(t *testing.T) {
	for _, units := range []float64{150, 1000, 30000} {
		c, err := Contrast(normal(t, 0.3, 0.1), units, Tuning{Target: 20000})
		if err != nil {
			t.Fatal(err)
		}
		want, err := Asymptotic(Look{0.3, 0.1, units}, Tuning{Target: 20000}, 0.05, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := c.Difference(0.95)
		closeTo(t, "lower", got.Lower, want.Lower, 1e-8)
		closeTo(t, "upper", got.Upper, want.Upper, 1e-8)
		closeTo(t, "p", c.PDifference(0), want.PValue, 1e-9)
	}
}

func TestContrastVeryEarly(t *testing.T) {
	c, err := Contrast(normal(t, 0.3, 0.1), 50, Tuning{Target: 1e7})
	if err != nil {
		t.Fatal(err)
	}
	if d := c.Difference(0.95); !math.IsInf(d.Lower, -1) || !math.IsInf(d.Upper, 1) {
		t.Errorf("%+v", d)
	}
	if l := c.Lift(0.95); l.Shape != stats.All || l.Reason == "" {
		t.Errorf("%+v", l)
	}
	if c.Outside() == "" || c.Method() != "always-valid z" {
		t.Errorf("outside %q, method %q", c.Outside(), c.Method())
	}
}
