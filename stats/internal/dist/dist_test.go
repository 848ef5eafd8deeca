package dist

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func closeTo(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(got == want || math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Fatalf("%s: got %.17g, want %.17g", what, got, want)
	}
}

// A distribution as the properties see it.
type distribution struct {
	sf, logSF, isf func(x float64) float64
}

// TestQuantilesInvertTails over probabilities from 1e-300 to 1 - 1e-6.
func TestQuantilesInvertTails(t *testing.T) {
	all := map[string]distribution{"normal": {NormalSF, NormalLogSF, NormalISF}}
	for _, nu := range []float64{1, 1.7, 2, 4.5, 12, 39.9, 40, 41, 300, 1e5, 1e9, math.Inf(1)} {
		all[fmt.Sprintf("student %v", nu)] = distribution{
			func(x float64) float64 { return StudentSF(x, nu) },
			func(x float64) float64 { return StudentLogSF(x, nu) },
			func(p float64) float64 { return StudentISF(p, nu) },
		}
	}
	for name, d := range all {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			logP := rapid.OneOf(rapid.Float64Range(-690, 0), rapid.Float64Range(-3, -1e-6)).Draw(t, "log p")
			p := math.Exp(logP)
			x := d.isf(p)
			if math.IsInf(x, 0) {
				t.Skip("beyond a double")
			}
			closeTo(t, "p", d.sf(x), p, 1e-11)
			closeTo(t, "log p", d.logSF(x), math.Log(p), 1e-9)
			closeTo(t, "mirrored", d.sf(-x), -math.Expm1(d.logSF(x)), 1e-11)
		}))
	}
}

// TestClosedForms where a distribution has one.
func TestClosedForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.OneOf(rapid.Float64Range(0, 10), rapid.Float64Range(0, 1e6)).Draw(t, "x")
		// Cauchy; and t with 2 degrees of freedom, in a form without cancellation.
		closeTo(t, "t(1)", StudentSF(x, 1), math.Atan2(1, x)/math.Pi, 1e-12)
		root := math.Sqrt(2 + x*x)
		closeTo(t, "t(2)", StudentSF(x, 2), 1/(root*(root+x)), 1e-12)
		closeTo(t, "t(inf)", StudentLogSF(math.Min(x, 1e4), 1e15), NormalLogSF(math.Min(x, 1e4)), 1e-6)

		y := math.Min(x, 1400)
		closeTo(t, "chi2(1)", ChiSquareSF(y, 1), 2*NormalSF(math.Sqrt(y)), 1e-12)
		closeTo(t, "log chi2(1)", ChiSquareLogSF(1+y, 1), math.Ln2+NormalLogSF(math.Sqrt(1+y)), 1e-13)
		closeTo(t, "chi2(2)", ChiSquareSF(y, 2), math.Exp(-y/2), 1e-12)
		closeTo(t, "chi2(4)", ChiSquareSF(y, 4), math.Exp(-y/2)*(1+y/2), 1e-12)
	})
}

// TestBeta: the power at b = 1, the reflection, and the recurrence I_x(a, b) = I_x(a+1, b) + x^a (1-x)^b / (a B(a, b)).
func TestBeta(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(0.001, 0.999).Draw(t, "x")
		shape := rapid.OneOf(rapid.Float64Range(0.1, 3), rapid.Float64Range(1, 2000))
		a, b := shape.Draw(t, "a"), shape.Draw(t, "b")
		lower, upper := LogBeta(x, a, 1)
		closeTo(t, "power", lower, a*math.Log(x), 1e-10)
		closeTo(t, "power's complement", upper, log1mExp(a*math.Log(x)), 1e-9)

		lower, upper = LogBeta(x, a, b)
		closeTo(t, "sum", math.Exp(lower)+math.Exp(upper), 1, 1e-13)
		mirrored, _ := LogBeta(1-x, b, a)
		closeTo(t, "reflected", math.Exp(mirrored), math.Exp(upper), 1e-10)

		next, _ := LogBeta(x, a+1, b)
		term := math.Exp(logBinomialTerm(x, 1-x, a, b, excessOver(x, a, b))) * b / (a + b)
		if math.Exp(lower) > 1e-250 {
			closeTo(t, "recurrence", math.Exp(next)+term, math.Exp(lower), 1e-9)
		}
	})
}

// TestPoissonSums against the sum of the terms.
func TestPoissonSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(1e-6, 60).Draw(t, "mean")
		k := rapid.IntRange(0, 100).Draw(t, "k")
		total, term := 0.0, math.Exp(-mean)
		for i := 0; i <= k; i++ {
			total += term
			term *= mean / float64(i+1)
		}
		closeTo(t, "cdf", math.Exp(PoissonLogCDF(float64(k), mean)), math.Min(total, 1), 1e-12)
		closeTo(t, "sum", math.Exp(PoissonLogCDF(float64(k), mean))+math.Exp(PoissonLogSF(float64(k), mean)), 1, 1e-13)
	})
}

func TestOutsideTheDomain(t *testing.T) {
	lower, upper := LogBeta(2, 1, 1)
	gammaLower, gammaUpper := logGamma(0, 1)
	for i, v := range []float64{
		lower, upper, gammaLower, gammaUpper, NormalISF(-1), NormalISF(math.NaN()), StudentSF(1, 0), StudentSF(1, math.NaN()),
		StudentISF(2, 3), StudentISF(0.1, -1), ChiSquareSF(-1, 2), ChiSquareSF(math.NaN(), 2),
	} {
		if !math.IsNaN(v) {
			t.Errorf("value %d: got %v, want NaN", i, v)
		}
	}
	for i, c := range [][2]float64{
		{NormalISF(0), math.Inf(1)},
		{NormalISF(1), math.Inf(-1)},
		{StudentISF(0, 3), math.Inf(1)},
		{StudentSF(math.Inf(1), 3), 0},
		{StudentSF(math.Inf(-1), 3), 1},
		{ChiSquareSF(0, 3), 1},
		{ChiSquareSF(math.Inf(1), 3), 0},
	} {
		if c[0] != c[1] {
			t.Errorf("limit %d: got %v, want %v", i, c[0], c[1])
		}
	}
}
