package fold

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSortBits: numbers come back in their order, few or many, and zero has one sign.
func TestSortBits(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 2, fewBits - 1, fewBits, 20_000} {
		want, bits := make([]float64, n), make([]uint64, n)
		for i := range want {
			want[i] = math.Exp(20*r.NormFloat64()) * float64(r.IntN(3)-1)
			if i%7 == 0 {
				want[i] = math.Copysign(math.Inf(1), want[i])
			}
			bits[i] = ordered(want[i])
		}
		slices.Sort(want)
		sortBits(bits, make([]uint64, len(bits)))
		for i, b := range bits {
			if got := fromOrdered(b); got != want[i] || math.Signbit(got) != (want[i] < 0) {
				t.Fatalf("%d numbers: place %d has %v, want %v", n, i, got, want[i])
			}
		}
	}
}

// TestQuantile compares with the definition: the smallest value that at least a share of the values do not exceed.
func TestQuantile(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	draws := map[string]func() float64{
		"heavy tail": func() float64 { return math.Exp(3 * r.NormFloat64()) },
		"mostly 0":   func() float64 { return float64(max(0, r.IntN(2000)-1997)) },
		"signs":      func() float64 { return r.NormFloat64() },
		"few":        func() float64 { return float64(r.IntN(5) - 2) },
		"one":        func() float64 { return 2.5 },
	}
	for name, draw := range draws {
		for _, n := range []int{1, 2, 999, 1000, 4001} {
			b := &block{fold: &fold{workers: 2}}
			for i := range b.fold.parts {
				b.fold.parts[i] = &Members{}
			}
			var all []float64
			for i := range n {
				x := draw()
				all = append(all, x)
				p := &b.parts[i%Partitions]
				if p.Columns == nil {
					p.Columns = [][]float64{nil}
				}
				p.Columns[0] = append(p.Columns[0], x)
				p.Units = [][]Run{{{0, int32(len(p.Columns[0]))}}}
			}
			for _, share := range []float64{0.001, 0.5, 0.9, 0.999, 1} {
				if got, want := b.quantile(share, math.Inf(-1)), smallest(all, share); got != want {
					t.Errorf("%s: %v of %d: %v, want %v", name, share, n, got, want)
				}
				positive := slices.DeleteFunc(slices.Clone(all), func(x float64) bool { return x <= 0 })
				if got, want := b.quantile(share, positiveFrom), smallest(positive, share); got != want {
					t.Errorf("%s, positive ones: %v of %d: %v, want %v", name, share, n, got, want)
				}
			}
		}
	}
}

func smallest(values []float64, share float64) float64 {
	slices.Sort(values)
	for i, v := range values {
		if float64(i+1)/float64(len(values)) >= share {
			return v
		}
	}
	return 0
}
