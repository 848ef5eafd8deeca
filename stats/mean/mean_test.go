package mean_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/mean"
)

type test func(treated, control stats.Moments, o mean.Options) (mean.Result, error)

var tests = map[string]test{"welch": mean.Welch, "pooled": mean.Pooled, "z": mean.Z}

func drawMoments(t *rapid.T, name string) stats.Moments {
	n := rapid.Int64Range(2, 100_000).Draw(t, name+" n")
	return stats.Moments{
		N: n, Means: []float64{rapid.Float64Range(-10, 10).Draw(t, name+" mean")},
		Cross: []float64{rapid.Float64Range(0.1, 50).Draw(t, name+" variance") * float64(n-1)},
	}
}

func near(t rapid.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*(1+math.Abs(want))) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// TestTails: the p-values belong together, and bounds are where they cross their level.
func TestTails(t *testing.T) {
	for name, run := range tests {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			treated, control := drawMoments(t, "treatment"), drawMoments(t, "control")
			o := mean.Options{Null: rapid.Float64Range(-5, 5).Draw(t, "null"), Level: rapid.Float64Range(0.6, 0.999).Draw(t, "level")}
			r, err := run(treated, control, o)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "both tails", r.PGreater+r.PLess, 1)
			near(t, "two-sided", r.PValue, 2*min(r.PGreater, r.PLess))
			near(t, "logarithm", math.Exp(r.LogPValue), r.PValue)
			at := func(null float64) mean.Result {
				r, err := run(treated, control, mean.Options{Null: null, Level: o.Level})
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			near(t, "p at the lower bound", at(r.LowerOneSided).PGreater, 1-o.Level)
			near(t, "p at the upper bound", at(r.UpperOneSided).PLess, 1-o.Level)
			near(t, "p at the lower limit", at(r.Difference.Lower).PValue, 1-o.Level)
		}))
	}
}

// TestEqualVariants: with equal sizes and variances Welch and the pooled t agree, and z has shorter intervals than both.
func TestEqualVariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		treated := drawMoments(t, "treatment")
		control := stats.Moments{N: treated.N, Means: []float64{1}, Cross: treated.Cross}
		welch, err1 := mean.Welch(treated, control, mean.Options{})
		pooled, err2 := mean.Pooled(treated, control, mean.Options{})
		z, err3 := mean.Z(treated, control, mean.Options{})
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		near(t, "df", welch.DF, pooled.DF)
		near(t, "p", welch.PValue, pooled.PValue)
		if z.Difference.Lower < welch.Difference.Lower {
			t.Fatalf("z %+v, welch %+v", z.Difference, welch.Difference)
		}
	})
}

// TestAgreesWithTheAnalysis: Welch is what an analysis shows.
func TestAgreesWithTheAnalysis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		treated, control := drawMoments(t, "treatment"), drawMoments(t, "control")
		c, err1 := stats.CompareMeans(treated, control)
		r, err2 := mean.Welch(treated, control, mean.Options{})
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if r.Difference != c.Difference(0.95) || r.PValue != c.PDifference(0) || r.Outside != c.Outside() {
			t.Fatalf("%+v, %+v", r, c.Difference(0.95))
		}
	})
}

func TestNoAnswer(t *testing.T) {
	constant := stats.Moments{N: 50, Means: []float64{2}, Cross: []float64{0}}
	for name, run := range tests {
		r, err := run(constant, constant, mean.Options{})
		if !errors.Is(err, stats.ErrNoVariance) || r.Difference.Estimate != 0 || r.Difference.StdError != 0 || !math.IsNaN(r.PValue) {
			t.Errorf("%s without variance: %v %+v", name, err, r)
		}
		for what, m := range map[string]stats.Moments{
			"nothing": {}, "one": {N: 1, Means: []float64{1}, Cross: []float64{0}},
		} {
			if _, err := run(m, constant, mean.Options{}); !errors.Is(err, stats.ErrTooFew) {
				t.Errorf("%s of %s: %v", name, what, err)
			}
		}
		varied := stats.Moments{N: 9, Means: []float64{1}, Cross: []float64{3}}
		for _, o := range []mean.Options{{Level: 1}, {Level: -1}, {Null: math.NaN()}, {Level: math.NaN()}} {
			if _, err := run(varied, varied, o); !errors.Is(err, stats.ErrInvalid) {
				t.Errorf("%s with %+v: %v", name, o, err)
			}
		}
	}
	if _, err := mean.Levels(constant, constant, "median"); err == nil {
		t.Error("an unknown reference is taken")
	}
}

func ExampleWelch() {
	control, err1 := stats.MomentsOfSums(104, 312, 984)
	treated, err2 := stats.MomentsOfSums(98, 343, 1301)
	r, err3 := mean.Welch(treated, control, mean.Options{})
	if err := errors.Join(err1, err2, err3); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("t = %.3f with %.1f degrees of freedom, p = %.2g, at least %.3f\n", r.Statistic, r.DF, r.PValue, r.LowerOneSided)
	// Output: t = 4.075 with 168.2 degrees of freedom, p = 7.1e-05, at least 0.297
}
