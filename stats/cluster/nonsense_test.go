package cluster

import (
	"errors"
	"math"
	"testing"

	"liftgate/stats"
)

func typed(err error) bool {
	for _, reason := range []error{stats.ErrTooFew, stats.ErrNoVariance, stats.ErrZeroDenominator, stats.ErrInvalid} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

func of(n int64, mean, squares float64) stats.Moments {
	return stats.Moments{N: n, Means: []float64{mean}, Cross: []float64{squares}}
}

// TestNoAnswer: what has no answer gives a typed error.
func TestNoAnswer(t *testing.T) {
	good := []stats.Moments{of(3, 1, 2), of(5, 2, 3), of(4, 1.5, 3)}
	for name, c := range map[string]struct {
		treated, control []stats.Moments
		parts            int
		want             error
	}{
		"no cluster":      {nil, good, 1, stats.ErrTooFew},
		"one cluster":     {good[:1], good, 1, stats.ErrTooFew},
		"empty clusters":  {[]stats.Moments{good[0], {}, {}}, good, 1, stats.ErrTooFew},
		"parts":           {good, good, 3, stats.ErrInvalid},
		"too few parts":   {good, good, 2, stats.ErrInvalid},
		"NaN":             {[]stats.Moments{of(3, math.NaN(), 1), of(3, 1, 1)}, good, 1, stats.ErrInvalid},
		"infinite":        {[]stats.Moments{of(3, math.Inf(1), 1), of(3, 1, 1)}, good, 1, stats.ErrInvalid},
		"negative square": {[]stats.Moments{of(3, 1, -1), of(3, 1, 1)}, good, 1, stats.ErrInvalid},
		"negative count":  {[]stats.Moments{of(-3, 1, 1), of(3, 1, 1)}, good, 1, stats.ErrInvalid},
		"dimensions":      {[]stats.Moments{of(3, 1, 1), {N: 1, Means: []float64{1, 2}, Cross: []float64{0, 0, 0}}}, good, 1, stats.ErrInvalid},
		"no variance":     {[]stats.Moments{of(3, 1, 0), of(5, 1, 0)}, []stats.Moments{of(3, 2, 0), of(5, 2, 0)}, 1, stats.ErrNoVariance},
		"one has it all":  {[]stats.Moments{of(1e15, 1, 1), of(1, 2, 0)}, good, 1, stats.ErrTooFew},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Compare(c.treated, c.control, c.parts); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// TestNoRegression: nor does a regression answer from nothing.
func TestNoRegression(t *testing.T) {
	var one, same Sums
	for range 3 {
		one.Add([]float64{1, 2}, 3)
		same.Add([]float64{1, 0}, 3)
	}
	wrong := one
	wrong.XX = wrong.XX[:3]
	for name, clusters := range map[string][]Sums{
		"none": nil, "one cluster": {one}, "lengths": {one, wrong}, "numbers of regressors": {one, {N: 1, X: []float64{1}, XY: []float64{1}, XX: []float64{1}}},
	} {
		if _, err := Regress(clusters); !typed(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, err := Regress([]Sums{one, same})
	noErrors(t, err)
	if _, err := r.Coefficient(1); !errors.Is(err, stats.ErrNoVariance) {
		t.Errorf("an exact fit gives %v", err)
	}
	if _, err := r.Coefficient(7); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("an unknown coefficient gives %v", err)
	}
	if _, err := r.Wild(1, math.NaN(), WildOptions{}); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("a null that is no number gives %v", err)
	}
}

// TestNoPairs likewise.
func TestNoPairs(t *testing.T) {
	_, err1 := Pairs([]Pair{{1, 2}})
	_, err2 := Pairs([]Pair{{1, 2}, {2, 3}, {3, 4}})
	_, err3 := Pairs([]Pair{{math.NaN(), 2}, {2, 3}})
	_, err4 := ClusterPairs([]ClusterPair{{Totals{1, 0}, Totals{1, 2}}, {Totals{1, 1}, Totals{1, 2}}})
	_, err5 := Hajek([]Totals{{1, 0}, {2, 0}})
	_, err6 := Hajek([]Totals{{1, -1}, {2, 3}})
	_, err7 := ICC([]stats.Moments{of(1, 1, 0), of(1, 2, 0)})
	_, err8 := ICC([]stats.Moments{of(2, 1, 0), of(3, 1, 0)})
	for i, err := range []error{err1, err2, err3, err4, err5, err6, err7, err8} {
		if !typed(err) {
			t.Errorf("%d: %v", i+1, err)
		}
	}
}
