package cluster

import (
	"math/rand/v2"
	"testing"
)

// rowsInClusters draws g clusters of a few rows with an intercept, a treatment by cluster and one covariate.
func rowsInClusters(seed uint64, g int) []Sums {
	rng := rand.New(rand.NewPCG(seed, 0))
	out := make([]Sums, g)
	for i := range out {
		a, treated := 0.2*rng.NormFloat64(), float64(i%2)
		for range 5 + rng.IntN(30) {
			x := rng.NormFloat64()
			out[i].Add([]float64{1, treated, x}, a+0.5*x+rng.NormFloat64())
		}
	}
	return out
}

func BenchmarkCR2(b *testing.B) {
	clusters := rowsInClusters(1, 5000)
	for b.Loop() {
		r, err := Regress(clusters)
		noErrors(b, err)
		_, err = r.Coefficient(1)
		noErrors(b, err)
	}
}

func BenchmarkCompare(b *testing.B) {
	treated, control := drawClusters(1, 2500, 0), drawClusters(2, 2500, 0)
	b.Run("mean", func(b *testing.B) {
		t, c := pick(treated, 0), pick(control, 0)
		for b.Loop() {
			_, err := Compare(t, c, 1)
			noErrors(b, err)
		}
	})
	b.Run("ratio with a covariate", func(b *testing.B) {
		for b.Loop() {
			_, err := Compare(treated, control, 2)
			noErrors(b, err)
		}
	})
}

func BenchmarkWild(b *testing.B) {
	for name, g := range map[string]int{"30 clusters": 30, "5000 clusters": 5000} {
		r, err := Regress(rowsInClusters(1, g))
		noErrors(b, err)
		for _, webb := range []bool{false, true} {
			kind := " rademacher"
			if webb {
				kind = " webb"
			}
			b.Run(name+kind, func(b *testing.B) {
				for b.Loop() {
					_, err := r.Wild(1, 0, WildOptions{Webb: webb})
					noErrors(b, err)
				}
			})
		}
	}
}
