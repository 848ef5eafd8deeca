package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawUnits draws units with a value that depends on two covariates.
func drawUnits(seed uint64, n int) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 0))
	rows := make([][]float64, n)
	for i := range rows {
		x1, x2 := rng.ExpFloat64(), 3+rng.NormFloat64()
		rows[i] = []float64{10 + 2*x1 - x2 + rng.NormFloat64(), x1, x2}
	}
	return rows
}

func pick(rows [][]float64, choose func(row []float64) []float64) Moments {
	var m Moments
	for _, row := range rows {
		m.Add(choose(row)...)
	}
	return m
}

// TestUselessCovariates: constant covariates, copies and combinations are dropped with a warning and change nothing.
func TestUselessCovariates(t *testing.T) {
	treated, control := drawUnits(1, 80), drawUnits(2, 50)
	plain, err := CompareAdjusted(vectors(treated...), vectors(control...), 1)
	noErrors(t, err)
	for name, c := range map[string]struct {
		choose  func(r []float64) []float64
		dropped string
	}{
		"constant":         {func(r []float64) []float64 { return []float64{r[0], r[1], 0.1, r[2]} }, "covariate 2 "},
		"copy":             {func(r []float64) []float64 { return []float64{r[0], r[1], r[2], 1e6 * r[1]} }, "covariate 3 "},
		"combination":      {func(r []float64) []float64 { return []float64{r[0], r[1], r[2], 1 + r[1] - 7*r[2]} }, "covariate 3 "},
		"zero, and a copy": {func(r []float64) []float64 { return []float64{r[0], 0, r[1], r[2], r[2]} }, "covariate 1, 4 "},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := CompareAdjusted(pick(treated, c.choose), pick(control, c.choose), 1)
			noErrors(t, err)
			near(t, "difference", got.Difference(0.9).Lower, plain.Difference(0.9).Lower, 1e-9)
			if got := len(got.Covariates()); got != 2 {
				t.Errorf("%d covariates used, want 2", got)
			}
			near(t, "variance removed", got.VarianceRemoved(), plain.VarianceRemoved(), 1e-9)
			if warnings := strings.Join(got.Warnings(), "\n"); !strings.Contains(warnings, c.dropped) {
				t.Errorf("warnings %q, want %q", warnings, c.dropped)
			}
		})
	}
}

// TestNoCovariates: without any, or with none that can be used, it is the contrast of the means.
func TestNoCovariates(t *testing.T) {
	value := func(r []float64) []float64 { return r[:1] }
	useless := func(r []float64) []float64 { return []float64{r[0], 5} }
	treated, control := drawUnits(3, 30), drawUnits(4, 40)
	means, err1 := CompareMeans(pick(treated, value), pick(control, value))
	none, err2 := CompareAdjusted(pick(treated, value), pick(control, value), 1)
	dropped, err3 := CompareAdjusted(pick(treated, useless), pick(control, useless), 1)
	noErrors(t, err1, err2, err3)
	for _, c := range []Adjusted{none, dropped} {
		if c.Difference(0.95) != means.Difference(0.95) || c.PLift(0.2) != means.PLift(0.2) || c.VarianceRemoved() != 0 {
			t.Errorf("got %+v removing %v, want %+v", c.Difference(0.95), c.VarianceRemoved(), means.Difference(0.95))
		}
	}
}

// TestCovariateUnits: covariates in another unit, from another origin or in another order give the same answer.
func TestCovariateUnits(t *testing.T) {
	treated, control := drawUnits(5, 60), drawUnits(6, 90)
	plain, err := CompareAdjusted(vectors(treated...), vectors(control...), 1)
	noErrors(t, err)
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.Float64Range(-1e3, 1e3).Draw(t, "shift")
		scale := math.Exp(rapid.Float64Range(-10, 10).Draw(t, "log scale"))
		choose := func(r []float64) []float64 { return []float64{r[0], shift + r[2], -scale * r[1]} }
		got, err := CompareAdjusted(pick(treated, choose), pick(control, choose), 1)
		noErrors(t, err)
		near(t, "lower", got.Difference(0.95).Lower, plain.Difference(0.95).Lower, 1e-7)
		near(t, "lift", got.Lift(0.95).Upper, plain.Lift(0.95).Upper, 1e-7)
	})
}

// TestUnrelatedCovariate costs a little and removes nothing.
func TestUnrelatedCovariate(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 0))
	choose := func(r []float64) []float64 { return []float64{r[0], rng.NormFloat64()} }
	c, err := CompareAdjusted(pick(drawUnits(8, 500), choose), pick(drawUnits(9, 500), choose), 1)
	noErrors(t, err)
	near(t, "variance removed", c.VarianceRemoved(), 0, 0.02)
}

// TestLargeValues: squares near the end of the range of a double are no trouble.
func TestLargeValues(t *testing.T) {
	small, err1 := CompareMeans(units(1, 2, 4, 3), units(2, 1, 1, 2))
	large, err2 := CompareMeans(units(1e70, 2e70, 4e70, 3e70), units(2e70, 1e70, 1e70, 2e70))
	noErrors(t, err1, err2)
	near(t, "lift", large.Lift(0.8).Upper, small.Lift(0.8).Upper, 1e-12)
	near(t, "p", large.PLift(0.1), small.PLift(0.1), 1e-12)
}
