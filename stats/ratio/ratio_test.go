package ratio_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/mean"
	"liftgate/stats/ratio"
)

func draw(t *rapid.T, name string) (m stats.Moments, residual func() stats.Moments) {
	var y, d []float64
	for range rapid.IntRange(5, 40).Draw(t, name+" n") {
		d = append(d, rapid.Float64Range(1, 9).Draw(t, "d"))
		y = append(y, rapid.Float64Range(-3, 9).Draw(t, "y"))
		m.Add(y[len(y)-1], d[len(d)-1])
	}
	return m, func() (out stats.Moments) {
		r := m.Means[0] / m.Means[1]
		for i := range y {
			out.Add(r + (y[i]-r*d[i])/m.Means[1])
		}
		return out
	}
}

// TestLineariseIsTheResidual: linearised moments are those of the influences, unit by unit.
func TestLineariseIsTheResidual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, residual := draw(t, "units")
		got, err := ratio.Linearise(m)
		want := residual()
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Means[0]-want.Means[0]) > 1e-10 || math.Abs(got.Cross[0]-want.Cross[0]) > 1e-9*(1+want.Cross[0]) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

// TestComparisons: with Student's t the numbers are the analysis'; both lifts agree about the estimate; a denominator of one makes means.
func TestComparisons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		treated, _ := draw(t, "treatment")
		control, _ := draw(t, "control")
		r, err1 := ratio.Compare(treated, control, mean.ByWelch, mean.Options{})
		c, err2 := stats.CompareRatios(treated, control)
		if errors.Is(err1, stats.ErrNoVariance) {
			t.Skip(err1)
		}
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if r.Difference != c.Difference(0.95) || r.PValue != c.PDifference(0) {
			t.Fatalf("%+v", r)
		}
		if r.Delta != nil && r.LogDelta != nil && r.Delta.Lift != r.LogDelta.Lift {
			t.Fatalf("%+v and %+v", r.Delta, r.LogDelta)
		}
		z, err := ratio.Compare(treated, control, mean.ByNormal, mean.Options{})
		if err != nil || z.Difference.Lower < r.Difference.Lower {
			t.Fatalf("%+v (%v)", z, err)
		}
	})
}

func TestNoAnswer(t *testing.T) {
	good := stats.Moments{N: 9, Means: []float64{1, 2}, Cross: []float64{3, 1, 4}}
	if _, err := ratio.Compare(good, good, mean.ByPooled, mean.Options{}); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("pooled: %v", err)
	}
	for name, c := range map[string]struct {
		m    stats.Moments
		want error
	}{
		"zero denominator": {stats.Moments{N: 9, Means: []float64{1, 0}, Cross: []float64{3, 1, 4}}, stats.ErrZeroDenominator},
		"not a number":     {stats.Moments{N: 9, Means: []float64{1, math.NaN()}, Cross: []float64{3, 1, 4}}, stats.ErrZeroDenominator},
		"odd":              {stats.Moments{N: 9, Means: []float64{1}, Cross: []float64{3}}, stats.ErrInvalid},
		"one unit":         {stats.Moments{N: 1, Means: []float64{1, 2}, Cross: []float64{0, 0, 0}}, stats.ErrTooFew},
		"nothing":          {stats.Moments{}, stats.ErrInvalid},
	} {
		if _, err := ratio.Linearise(c.m); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func ExampleCompare() {
	var treated, control stats.Moments
	for i := range 200 {
		attempts := float64(1 + i%5)
		control.Add(math.Floor(attempts*0.8), attempts)
		treated.Add(math.Floor(attempts*0.9+0.3), attempts)
	}
	r, err := ratio.Compare(treated, control, mean.ByWelch, mean.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f against %.3f: lift %.1f %% [%.1f %%, %.1f %%]\n", r.Treatment, r.Control, 100*r.Lift.Estimate, 100*r.Lift.Lower, 100*r.Lift.Upper)
	// Output: 0.867 against 0.667: lift 30.0 % [25.3 %, 35.0 %]
}
