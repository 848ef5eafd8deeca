package synthesis_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/synthesis"
)

// TestShiftAndScale: effects in another unit, or from another origin, carry through.
func TestShiftAndScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 20).Draw(t, "k")
		effects := rapid.SliceOfN(rapid.Float64Range(-2, 2), k, k).Draw(t, "effects")
		errs := rapid.SliceOfN(rapid.Float64Range(0.05, 1), k, k).Draw(t, "standard errors")
		shift, unit := rapid.Float64Range(-5, 5).Draw(t, "shift"), rapid.Float64Range(0.01, 100).Draw(t, "unit")
		moved, wide := make([]float64, k), make([]float64, k)
		for i := range effects {
			moved[i], wide[i] = unit*(effects[i]+shift), unit*errs[i]
		}
		a, err1 := synthesis.DerSimonianLaird(effects, errs, 0.95)
		b, err2 := synthesis.DerSimonianLaird(moved, wide, 0.95)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-7*(1+math.Abs(want)) {
				t.Fatalf("%s: %v and %v", what, got, want)
			}
		}
		near("effect", b.Effect.Estimate, unit*(a.Effect.Estimate+shift))
		near("standard error", b.Effect.StdError, unit*a.Effect.StdError)
		near("I²", b.I2, a.I2)
		weights := 0.0
		for _, w := range a.Weights {
			weights += w
		}
		near("weights", weights, 1)
		if a.Tau2 == 0 && a.Effect.Estimate != a.Fixed || a.Effect.StdError < a.FixedSE*(1-1e-12) {
			t.Fatalf("%+v", a)
		}
	})
}

// TestShrinkage: estimates move towards the target and never past it.
func TestShrinkage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-3, 3), 1, 12).Draw(t, "estimates")
		se := rapid.Float64Range(0.01, 3).Draw(t, "standard error")
		for name, f := range map[string]func([]float64, float64) (synthesis.Shrunk, error){"zero": synthesis.JamesSteinZero, "mean": synthesis.JamesSteinMean} {
			s, err := f(x, se)
			if err != nil || !(s.Factor >= 0 && s.Factor <= 1) {
				t.Fatalf("%s: %+v (%v)", name, s, err)
			}
			for i, v := range s.Estimates {
				if (v-s.Target)*(x[i]-s.Target) < -1e-12 || math.Abs(v-s.Target) > math.Abs(x[i]-s.Target)+1e-12 {
					t.Fatalf("%s: %v became %v, target %v", name, x[i], v, s.Target)
				}
			}
		}
	})
}

func TestNoAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		effects, errs []float64
		level         float64
		want          error
	}{
		"none":         {nil, nil, 0.95, stats.ErrTooFew},
		"one":          {[]float64{1}, []float64{1}, 0.95, stats.ErrTooFew},
		"ragged":       {[]float64{1, 2}, []float64{1}, 0.95, stats.ErrInvalid},
		"zero error":   {[]float64{1, 2}, []float64{1, 0}, 0.95, stats.ErrInvalid},
		"not a number": {[]float64{1, math.NaN()}, []float64{1, 1}, 0.95, stats.ErrInvalid},
		"infinite":     {[]float64{1, 2}, []float64{1, math.Inf(1)}, 0.95, stats.ErrInvalid},
		"level":        {[]float64{1, 2}, []float64{1, 1}, 1, stats.ErrInvalid},
	} {
		if _, err := synthesis.DerSimonianLaird(c.effects, c.errs, c.level); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	_, err1 := synthesis.JamesSteinMean(nil, 1)
	_, err2 := synthesis.JamesSteinZero([]float64{1, 2, 3}, 0)
	_, err3 := synthesis.JamesSteinZero([]float64{1, math.Inf(1), 3}, 1)
	if !errors.Is(err1, stats.ErrTooFew) || !errors.Is(err2, stats.ErrInvalid) || !errors.Is(err3, stats.ErrInvalid) {
		t.Errorf("%v, %v, %v", err1, err2, err3)
	}
}

func ExampleDerSimonianLaird() {
	p, err := synthesis.DerSimonianLaird([]float64{0.10, 0.30, 0.35, 0.65, 0.45, 0.15}, []float64{0.173, 0.173, 0.224, 0.1, 0.2, 0.245}, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f [%.2f, %.2f], I² = %.0f %%\n", p.Effect.Estimate, p.Effect.Lower, p.Effect.Upper, 100*p.I2)
	fmt.Println(p.Warnings[0])
	// Output:
	// 0.37 [0.16, 0.57], I² = 52 %
	// only 6 studies: how much they differ is hardly known, and the interval takes it as known
}
