package dist

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestSolvedQuantiles: the tail at a quantile is the probability asked for, from 1e-300 up and from the other side.
func TestSolvedQuantiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := math.Exp(rapid.OneOf(rapid.Float64Range(-690, 0), rapid.Float64Range(-3, -1e-6)).Draw(t, "log p"))
		shape := rapid.OneOf(rapid.Float64Range(0.5, 5), rapid.Float64Range(1, 1e6))
		a, b := shape.Draw(t, "a"), shape.Draw(t, "b")
		// A quantile is known to a double's rounding, which moves the logarithm of the tail by as much times the slope there.
		check := func(name string, x, got, slope float64) {
			if x > 1e-290 && x < 1e290 && math.Abs(got-math.Log(p)) > 1e-9*math.Max(1, math.Abs(math.Log(p)))+1e-15*slope {
				t.Fatalf("%s: log tail %v at %v, want %v", name, got, x, math.Log(p))
			}
		}
		x := ChiSquareISF(p, a)
		check("chi-square", x, ChiSquareLogSF(x, a), a+x)
		x = BetaQuantile(p, a, b)
		lower, _ := LogBeta(x, a, b)
		check("beta", x, lower, (a+b)/(1-x))
	})
}

func TestQuantilesAtTheEnds(t *testing.T) {
	for i, c := range [][2]float64{
		{ChiSquareISF(0, 3), math.Inf(1)},
		{ChiSquareISF(1, 3), 0},
		{BetaISF(0, 2, 3), 1},
		{BetaISF(1, 2, 3), 0},
		{BetaQuantile(0, 2, 3), 0},
		{BetaQuantile(1, 2, 3), 1},
	} {
		if c[0] != c[1] {
			t.Errorf("limit %d: got %v, want %v", i, c[0], c[1])
		}
	}
	for i, v := range []float64{ChiSquareISF(2, 3), BetaISF(0.1, -1, 2), BetaQuantile(math.NaN(), 1, 2), ChiSquareSF(1, 1e300)} {
		if !math.IsNaN(v) {
			t.Errorf("value %d: got %v, want NaN", i, v)
		}
	}
}

// TestNoncentralT: without noncentrality it is Student's, its tails add up to one, and they fall in the noncentrality.
func TestNoncentralT(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-30, 30).Draw(t, "t")
		nu := math.Exp(rapid.Float64Range(0, 23).Draw(t, "log nu"))
		delta := rapid.Float64Range(-20, 20).Draw(t, "delta")
		closeTo(t, "central", NoncentralTLogCDF(x, nu, 0), StudentLogSF(-x, nu), 1e-10)
		closeTo(t, "sum", NoncentralTCDF(x, nu, delta)+NoncentralTSF(x, nu, delta), 1, 1e-13)
		if more := NoncentralTLogCDF(x, nu, delta+0.1); more > NoncentralTLogCDF(x, nu, delta) {
			t.Fatalf("the lower tail grows with the noncentrality to %v", more)
		}
	})
}
