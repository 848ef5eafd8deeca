package margin_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/margin"
)

// drawContrast draws means or proportions.
func drawContrast(t *rapid.T) stats.Contrast {
	n1, n0 := rapid.Int64Range(40, 5000).Draw(t, "n"), rapid.Int64Range(40, 5000).Draw(t, "n")
	var c stats.Contrast
	var err error
	if rapid.Bool().Draw(t, "proportions") {
		c, err = stats.CompareProportions(
			stats.Binomial{N: n1, Successes: rapid.Int64Range(10, n1-10).Draw(t, "successes")},
			stats.Binomial{N: n0, Successes: rapid.Int64Range(10, n0-10).Draw(t, "successes")})
	} else {
		draw := func(n int64) stats.Moments {
			return stats.Moments{
				N: n, Means: []float64{rapid.Float64Range(5, 6).Draw(t, "mean")},
				Cross: []float64{rapid.Float64Range(0.1, 9).Draw(t, "variance") * float64(n-1)},
			}
		}
		c, err = stats.CompareMeans(draw(n1), draw(n0))
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestVerdictsAreThoseOfTheInterval: equivalence at alpha is the interval of level 1 - 2 alpha inside the margins, on either scale.
func TestVerdictsAreThoseOfTheInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContrast(t)
		m := margin.Symmetric(rapid.Float64Range(0.001, 0.6).Draw(t, "size"))
		m.Relative = rapid.Bool().Draw(t, "relative")
		m.LowerIsBetter = rapid.Bool().Draw(t, "lower is better")
		m.Alpha = rapid.Float64Range(0.001, 0.3).Draw(t, "alpha")
		r, err := margin.Test(c, m)
		if err != nil {
			t.Fatal(err)
		}
		lower, upper := r.Interval.Lower >= m.Lower, r.Interval.Upper <= m.Upper
		if math.Abs(r.PLower-m.Alpha) < 1e-6 || math.Abs(r.PUpper-m.Alpha) < 1e-6 {
			t.Skip("right at the limit")
		}
		nonInferior := lower
		if m.LowerIsBetter {
			nonInferior = upper
		}
		if r.NonInferior != nonInferior || r.Equivalent != (lower && upper) {
			t.Fatalf("%+v", r)
		}
		if (r.TLower > 0) != (r.PLower < 0.5) || (r.TUpper < 0) != (r.PUpper < 0.5) {
			t.Fatalf("statistics of the wrong sign: %+v", r)
		}
	})
}

// TestMirror: with the sign of the metric turned, lower and upper change places.
func TestMirror(t *testing.T) {
	m1 := stats.Moments{N: 50, Means: []float64{2}, Cross: []float64{40}}
	m0 := stats.Moments{N: 60, Means: []float64{2.1}, Cross: []float64{70}}
	c, err1 := stats.CompareMeans(m1, m0)
	m1.Means[0], m0.Means[0] = -2, -2.1
	turned, err2 := stats.CompareMeans(m1, m0)
	a, err3 := margin.Test(c, margin.Margins{Lower: -0.2, Upper: 0.5})
	b, err4 := margin.Test(turned, margin.Margins{Lower: -0.5, Upper: 0.2, LowerIsBetter: true})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	if math.Abs(a.PLower-b.PUpper) > 1e-12 || math.Abs(a.TUpper+b.TLower) > 1e-12 || a.NonInferior != b.NonInferior {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// TestRelativeMarginNeedsAControl: where the lift is not bounded nothing is proven.
func TestRelativeMarginNeedsAControl(t *testing.T) {
	m1 := stats.Moments{N: 1000, Means: []float64{5}, Cross: []float64{1000}}
	thin := stats.Moments{N: 1000, Means: []float64{0.01}, Cross: []float64{1000}}
	c, err := stats.CompareMeans(m1, thin)
	if err != nil {
		t.Fatal(err)
	}
	r, err := margin.Test(c, margin.Margins{Lower: -0.1, Upper: 0.1, Relative: true})
	if err != nil || r.NonInferior || r.Equivalent || len(r.Warnings) == 0 {
		t.Errorf("%+v (%v)", r, err)
	}
	zero := stats.Moments{N: 1000, Means: []float64{0}, Cross: []float64{1000}}
	if c, err = stats.CompareMeans(m1, zero); err != nil {
		t.Fatal(err)
	}
	if _, err := margin.Test(c, margin.Margins{Lower: -0.1, Upper: 0.1, Relative: true}); !errors.Is(err, stats.ErrZeroDenominator) {
		t.Errorf("control of zero: %v", err)
	}
}

func TestImpossibleMargins(t *testing.T) {
	c, err := stats.CompareProportions(stats.Binomial{Successes: 30, N: 100}, stats.Binomial{Successes: 35, N: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []margin.Margins{
		{}, {Lower: 1, Upper: -1}, {Lower: math.NaN(), Upper: 1}, {Lower: math.Inf(-1), Upper: 1}, {Lower: -1, Upper: 1, Alpha: 0.5}, {Lower: -1, Upper: 1, Alpha: -1},
	} {
		if _, err := margin.Test(c, m); !errors.Is(err, stats.ErrInvalid) {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

func ExampleTest() {
	c, err := stats.CompareProportions(stats.Binomial{Successes: 1180, N: 20_000}, stats.Binomial{Successes: 1200, N: 20_000})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := margin.Test(c, margin.Symmetric(0.01))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("p = %.2g below, %.2g above; non-inferior %v, equivalent %v\n", r.PLower, r.PUpper, r.NonInferior, r.Equivalent)
	// Output: p = 7.4e-05 below, 1.8e-06 above; non-inferior true, equivalent true
}
