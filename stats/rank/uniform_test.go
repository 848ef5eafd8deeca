package rank

import (
	"errors"
	"math"
	"testing"

	"liftgate/stats"
)

// Exact values are those of scipy.stats.kstest(x, "uniform", method="exact"), scipy 1.17.1; the approximation is off by up to 0.02 where p is
// large, and by less where it is small.
func TestCompareWithUniform(t *testing.T) {
	squares, even := make([]float64, 20), make([]float64, 49)
	for i := range squares {
		squares[i] = float64(i*i)/400 + 0.001
	}
	for i := range even {
		even[i] = 0.02 * float64(i+1)
	}
	for _, c := range []struct {
		values []float64
		d, p   float64
	}{
		{[]float64{0.1, 0.25, 0.4, 0.55, 0.7, 0.72, 0.8, 0.95}, 0.2, 0.8483779281982424},
		{squares, 0.299, 0.044175640479863665},
		{even, 0.02, 1},
	} {
		k, err := CompareWithUniform(c.values)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(k.D-c.d) > 1e-12 || math.Abs(k.PValue-c.p) > 0.025*c.p {
			t.Errorf("%d values: D %v, p %v, want %v, %v", len(c.values), k.D, k.PValue, c.d, c.p)
		}
	}
	for _, values := range [][]float64{{1.5}, {-0.1}, {math.NaN()}} {
		if _, err := CompareWithUniform(values); !errors.Is(err, stats.ErrInvalid) {
			t.Errorf("%v: error %v", values, err)
		}
	}
	if _, err := CompareWithUniform(nil); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("nothing: error %v", err)
	}
}
