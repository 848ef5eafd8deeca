package adjust_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/adjust"
	"liftgate/stats/mean"
)

// drawRows draws units whose value depends on their covariates.
func drawRows(t *rapid.T, covariates int) adjust.Rows {
	seed := rapid.Uint64().Draw(t, "seed")
	rng := rand.New(rand.NewPCG(seed, 1))
	n := rapid.IntRange(4*(covariates+3), 80).Draw(t, "n")
	r := adjust.Rows{X: make([][]float64, covariates)}
	for i := range n {
		y := rng.NormFloat64() + float64(i%2)
		for j := range r.X {
			x := rng.ExpFloat64()
			r.X[j] = append(r.X[j], x)
			y += float64(j+1) * x
		}
		r.Y, r.T = append(r.Y, y), append(r.T, float64(i%2))
	}
	return r
}

func near(t rapid.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-8*(1+math.Abs(want))) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// TestLinIsCompareAdjusted: the interacted regression on rows has the effect that moments give.
func TestLinIsCompareAdjusted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t, rapid.IntRange(1, 3).Draw(t, "covariates"))
		lin, err1 := adjust.Lin(rows, 0.95)
		treated, control, err2 := rows.Moments()
		c, err3 := stats.CompareAdjusted(treated, control, 1)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		near(t, "effect", lin.Difference.Estimate, c.Difference(0.95).Estimate)
	})
}

// TestWithinIsPooled: slopes from deviations within variants are those of the regression with one slope, and so is the effect.
func TestWithinIsPooled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t, rapid.IntRange(1, 3).Draw(t, "covariates"))
		treated, control, err1 := rows.Moments()
		cuped, err2 := adjust.CUPED(treated, control, adjust.Within, mean.Options{})
		pooled, err3 := adjust.Pooled(rows, 0.95)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		near(t, "effect", cuped.Adjusted.Difference.Estimate, pooled.Difference.Estimate)
		for j, slope := range pooled.Slopes {
			near(t, "slope", cuped.Slopes[j], slope)
		}
	})
}

// TestSlopeOfZero: without a slope nothing changes.
func TestSlopeOfZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t, 2)
		treated, control, err1 := rows.Moments()
		r, err2 := adjust.WithSlopes(treated, control, []float64{0, 0}, mean.Options{})
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		near(t, "difference", r.Adjusted.Difference.Estimate, r.Unadjusted.Difference.Estimate)
		near(t, "standard error", r.Adjusted.Difference.StdError, r.Unadjusted.Difference.StdError)
		if a, u := r.Adjusted.Lift, r.Unadjusted.Lift; a.Shape != u.Shape {
			t.Fatalf("lift: got %s, want %s", a.Shape, u.Shape)
		} else if u.Shape == stats.Bounded {
			near(t, "lift", a.Upper, u.Upper)
		}
		near(t, "variance removed", r.VarianceRemoved, 0)
	})
}

// TestRankDeficiency: a constant, a copy and a sum of covariates change nothing and are named.
func TestRankDeficiency(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t, 2)
		more := rows
		constant, sum := make([]float64, len(rows.Y)), make([]float64, len(rows.Y))
		for i := range constant {
			constant[i] = 7
			sum[i] = 3*rows.X[0][i] - rows.X[1][i] + 1e6
		}
		more.X = [][]float64{rows.X[0], constant, rows.X[1], rows.X[0], sum}
		for name, fit := range map[string]func(adjust.Rows, float64) (adjust.Regression, error){"pooled": adjust.Pooled, "lin": adjust.Lin} {
			want, err1 := fit(rows, 0.95)
			got, err2 := fit(more, 0.95)
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(name, err)
			}
			near(t, name, got.Difference.Estimate, want.Difference.Estimate)
			near(t, name, got.StdErrors.HC3, want.StdErrors.HC3)
			if fmt.Sprint(got.Dropped) != "[1 3 4]" || got.Slopes[1] != 0 || len(got.Warnings) != 1 {
				t.Fatalf("%s: dropped %v, slopes %v, warnings %v", name, got.Dropped, got.Slopes, got.Warnings)
			}
		}
	})
}

// TestOrderOfRobustErrors: HC0 < HC2 < HC3, and HC1 is HC0 by its factor.
func TestOrderOfRobustErrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t, 2)
		r, err := adjust.Lin(rows, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		s := r.StdErrors
		if !(s.HC0 < s.HC2 && s.HC2 < s.HC3) {
			t.Fatalf("%+v", s)
		}
		near(t, "HC1", s.HC1, s.HC0*math.Sqrt(float64(len(rows.Y))/r.DF))
	})
}

func TestNoAnswer(t *testing.T) {
	rows := adjust.Rows{Y: []float64{1, 2, 3, 4}, T: []float64{0, 1, 0, 1}, X: [][]float64{{1, 2, 3, 4}}}
	cases := map[string]struct {
		rows adjust.Rows
		want error
	}{
		"exact":             {adjust.Rows{Y: []float64{1, 2, 3, 4, 5, 6}, T: []float64{0, 1, 0, 1, 0, 1}, X: [][]float64{{1, 2, 3, 4, 5, 6}}}, stats.ErrNoVariance},
		"ragged":            {adjust.Rows{Y: rows.Y, T: rows.T, X: [][]float64{{1}}}, stats.ErrInvalid},
		"not a number":      {adjust.Rows{Y: []float64{1, math.NaN(), 2, 3}, T: rows.T}, stats.ErrInvalid},
		"half treated":      {adjust.Rows{Y: rows.Y, T: []float64{0, 0.5, 1, 1}}, stats.ErrInvalid},
		"one treated":       {adjust.Rows{Y: rows.Y, T: []float64{0, 0, 0, 1}}, stats.ErrTooFew},
		"nothing":           {adjust.Rows{}, stats.ErrTooFew},
		"variant explained": {adjust.Rows{Y: []float64{1, 3, 2, 5, 1}, T: []float64{0, 1, 0, 1, 0}, X: [][]float64{{0, 1, 0, 1, 0}}}, stats.ErrInvalid},
	}
	for name, c := range cases {
		if _, err := adjust.Pooled(c.rows, 0.95); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := adjust.Lin(rows, 0.95); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("four units on four columns: %v", err)
	}
	if _, err := adjust.Pooled(rows, 1); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("level 1: %v", err)
	}
}

func ExampleCUPED() {
	rng := rand.New(rand.NewPCG(1, 2))
	var rows adjust.Rows
	before := make([]float64, 2000)
	for i := range before {
		before[i] = 20 + 5*rng.NormFloat64()
		rows.T = append(rows.T, float64(i%2))
		rows.Y = append(rows.Y, before[i]+rows.T[i]+2*rng.NormFloat64())
	}
	rows.X = [][]float64{before}
	treated, control, err := rows.Moments()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := adjust.CUPED(treated, control, adjust.Within, mean.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f ± %.2f without, %.2f ± %.2f with the covariate\n",
		r.Unadjusted.Difference.Estimate, r.Unadjusted.Difference.StdError, r.Adjusted.Difference.Estimate, r.Adjusted.Difference.StdError)
	// Output: 0.97 ± 0.24 without, 1.07 ± 0.09 with the covariate
}
