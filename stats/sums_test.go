package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestMomentsOfProducts: sums and products give the moments that the vectors do.
func TestMomentsOfProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 3).Draw(t, "dimension")
		var want Moments
		sums, products := make([]float64, dim), make([]float64, dim*(dim+1)/2)
		for range rapid.IntRange(1, 30).Draw(t, "n") {
			x := rapid.SliceOfN(rapid.Float64Range(-10, 10), dim, dim).Draw(t, "x")
			want.Add(x...)
			k := 0
			for i := range x {
				sums[i] += x[i]
				for j := i; j < dim; j++ {
					products[k] += x[i] * x[j]
					k++
				}
			}
		}
		got, err := MomentsOfProducts(want.N, sums, products)
		noErrors(t, err)
		for i := range want.Means {
			near(t, "mean", got.Means[i], want.Means[i], 1e-12)
		}
		for k := range want.Cross {
			near(t, "cross-product", got.Cross[k], want.Cross[k], 1e-10*(1+math.Abs(want.Cross[k])))
		}
	})
}

func TestImpossibleSums(t *testing.T) {
	for name, err := range map[string]error{
		"square too small": onlyError(MomentsOfSums(10, 10, 9)),
		"negative count":   onlyError(MomentsOfSums(-1, 0, 0)),
		"not a number":     onlyError(MomentsOfSums(3, math.NaN(), 1)),
		"infinite":         onlyError(MomentsOfSums(3, 1, math.Inf(1))),
		"missing product":  onlyError(MomentsOfProducts(3, []float64{1, 2}, []float64{1, 2})),
	} {
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m, err := MomentsOfSums(0, 0, 0); err != nil || m.N != 0 {
		t.Errorf("no values: %+v (%v)", m, err)
	}
}

func onlyError(_ Moments, err error) error { return err }

// TestLevelsOf: the levels behind a contrast make the same contrast again; that of proportions has none.
func TestLevelsOf(t *testing.T) {
	c, err1 := CompareRatios(vectors([]float64{1, 2}, []float64{3, 4}, []float64{2, 2}), vectors([]float64{1, 3}, []float64{2, 4}, []float64{4, 5}))
	l, ok := LevelsOf(c)
	again, err2 := l.Contrast()
	noErrors(t, err1, err2)
	if !ok || again.Difference(0.9) != c.Difference(0.9) || again.Lift(0.9).Upper != c.Lift(0.9).Upper || again.Outside() != c.Outside() {
		t.Errorf("%+v", l)
	}
	p, err := CompareProportions(Binomial{3, 10}, Binomial{4, 10})
	noErrors(t, err)
	if _, ok := LevelsOf(p); ok {
		t.Error("a score test has levels")
	}
}
