package degrees

import (
	"math"
	"testing"
)

func TestSatterthwaite(t *testing.T) {
	for _, c := range []struct {
		variances, df []float64
		want          float64
	}{
		{[]float64{2}, []float64{7}, 7},
		{[]float64{3, 3}, []float64{10, 10}, 20},
		{[]float64{3, 0}, []float64{10, 0}, 10},
		{[]float64{1e-200, 1e-200, 1e-200}, []float64{5, 5, 5}, 15},
		{[]float64{1, 1}, []float64{4, math.Inf(1)}, 16},
	} {
		if got := Satterthwaite(c.variances, c.df); math.Abs(got-c.want) > 1e-12*c.want {
			t.Errorf("%v with %v: got %v, want %v", c.variances, c.df, got, c.want)
		}
	}
	if got := Satterthwaite([]float64{0, 0}, []float64{1, 1}); !math.IsNaN(got) {
		t.Errorf("no variance: %v", got)
	}
}
