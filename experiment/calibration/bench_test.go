package calibration

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"liftgate/datasets"
)

// BenchmarkSplits deals 200,000 units out 1,000 times and compares three means: whether, how often and for how much somebody bought.
func BenchmarkSplits(b *testing.B) {
	s := newShop(head+`  - {name: ordered, role: supporting, better: higher, type: mean, value: {column: ordered}}
  - {name: orders, role: supporting, better: higher, type: mean, value: {column: orders}}
  - {name: revenue, role: supporting, better: higher, type: mean, value: {column: revenue}}
`, "ordered", "orders", "revenue")
	for i := range 4 {
		s.add(variantOf(i/2), "", 1, float64(i), float64(i))
	}
	study, units := s.bind(b)
	const n = 200_000
	rng := rand.New(rand.NewPCG(1, 9))
	units.Variants = make([]int32, n)
	columns := [3][]float64{make([]float64, n), make([]float64, n), make([]float64, n)}
	for i := range n {
		units.Variants[i] = int32(i % 2)
		if rng.Float64() < 0.3 {
			orders := 1 + math.Floor(rng.ExpFloat64())
			columns[0][i], columns[1][i], columns[2][i] = 1, orders, orders*math.Exp(3+rng.NormFloat64())
		}
	}
	for i, column := range columns {
		sorted := slices.Sorted(slices.Values(column))
		units.Blocks[i] = datasets.BlockUnits{Columns: [][]float64{column}}
		units.Evidence.Blocks[i].Top = sorted[int(0.999*n)]
	}
	for b.Loop() {
		if _, err := Run(b.Context(), study, units, Options{Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
