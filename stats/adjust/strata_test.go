package adjust_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/adjust"
	"liftgate/stats/mean"
)

func units(values ...float64) (m stats.Moments) {
	for _, v := range values {
		m.Add(v)
	}
	return m
}

// TestOneStratumIsWelch: with a single stratum post-stratification is Welch's test.
func TestOneStratumIsWelch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) stats.Moments {
			return units(rapid.SliceOfN(rapid.Float64Range(-5, 5), 3, 9).Draw(t, name)...)
		}
		treated, control := draw("treatment"), draw("control")
		want, err1 := mean.Welch(treated, control, mean.Options{})
		got, err2 := adjust.PostStratify([]adjust.Stratum{{Treated: treated, Control: control}}, mean.ByWelch, mean.Options{})
		if err1 != nil || err2 != nil {
			t.Skip(err1, err2)
		}
		near(t, "difference", got.Difference.Estimate, want.Difference.Estimate)
		near(t, "p", got.PValue, want.PValue)
		near(t, "df", got.DF, want.DF)
	})
}

// TestEmptyCells: strata that cannot be compared are put together, which the order of strata does not change.
func TestEmptyCells(t *testing.T) {
	whole := adjust.Stratum{Treated: units(1, 2, 3, 4, 2), Control: units(2, 2, 1, 0, 1)}
	smaller := adjust.Stratum{Treated: units(5, 6, 8), Control: units(4, 5)}
	noControl := adjust.Stratum{Treated: units(9, 11, 10)}
	oneControl := adjust.Stratum{Treated: units(7), Control: units(8)}
	got, err := adjust.PostStratify([]adjust.Stratum{noControl, whole, oneControl, smaller}, mean.ByWelch, mean.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// noControl and oneControl together still have one control unit, so the smallest of the others joins them.
	if got.Strata != 2 || got.Collapsed != 2 || got.CollapsedShare != 0.5 || len(got.Warnings) != 1 {
		t.Errorf("%+v", got)
	}
	want := 0.5*(2.4-1.2) + 0.5*((9+11+10+7+5+6+8)/7.-(8+4+5)/3.)
	if math.Abs(got.Difference.Estimate-want) > 1e-12 {
		t.Errorf("difference %v, want %v", got.Difference.Estimate, want)
	}
	turned, err := adjust.PostStratify([]adjust.Stratum{smaller, oneControl, whole, noControl, {}}, mean.ByWelch, mean.Options{})
	if err != nil || math.Abs(turned.Difference.Estimate-want) > 1e-12 {
		t.Errorf("in another order %v (%v)", turned.Difference.Estimate, err)
	}
}

func TestStrataWithoutAnswer(t *testing.T) {
	cases := map[string]struct {
		strata []adjust.Stratum
		want   error
	}{
		"none":         {nil, stats.ErrTooFew},
		"empty":        {[]adjust.Stratum{{}}, stats.ErrTooFew},
		"no control":   {[]adjust.Stratum{{Treated: units(1, 2, 3)}}, stats.ErrTooFew},
		"constant":     {[]adjust.Stratum{{Treated: units(1, 1), Control: units(2, 2)}}, stats.ErrNoVariance},
		"two values":   {[]adjust.Stratum{{Treated: stats.Moments{N: 3, Means: []float64{1, 2}, Cross: make([]float64, 3)}}}, stats.ErrInvalid},
		"not a number": {[]adjust.Stratum{{Treated: units(1, math.NaN()), Control: units(2, 3)}}, stats.ErrInvalid},
		"negative":     {[]adjust.Stratum{{Treated: stats.Moments{N: -3}}}, stats.ErrInvalid},
	}
	for name, c := range cases {
		if _, err := adjust.PostStratify(c.strata, mean.ByWelch, mean.Options{}); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := adjust.PostStratify([]adjust.Stratum{{units(1, 2), units(2, 3)}}, mean.ByPooled, mean.Options{}); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("pooled: %v", err)
	}
}
