package stats

import (
	"math/rand/v2"
	"testing"
)

// Each round asks for everything a comparison shows: both intervals and a p-value.
func benchmarkContrast(b *testing.B, compare func() (Contrast, error)) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := compare()
		if err != nil {
			b.Fatal(err)
		}
		c.Difference(0.95)
		c.Lift(0.95)
		c.PDifference(0)
	}
}

func drawMoments(dim int) Moments {
	rng := rand.New(rand.NewPCG(uint64(dim), 0))
	var m Moments
	x := make([]float64, dim)
	for range 1000 {
		shared := rng.NormFloat64()
		for i := range x {
			x[i] = 5 + shared + rng.NormFloat64()
		}
		m.Add(x...)
	}
	return m
}

func BenchmarkCompareProportions(b *testing.B) {
	benchmarkContrast(b, func() (Contrast, error) { return CompareProportions(gate40, gate30) })
}

func BenchmarkCompareMeans(b *testing.B) {
	benchmarkContrast(b, func() (Contrast, error) { return CompareMeans(gate40Rounds, gate30Rounds) })
}

func BenchmarkCompareRatios(b *testing.B) {
	m := drawMoments(2)
	benchmarkContrast(b, func() (Contrast, error) { return CompareRatios(m, m) })
}

func BenchmarkCompareAdjusted(b *testing.B) {
	m := drawMoments(4)
	benchmarkContrast(b, func() (Contrast, error) { return CompareAdjusted(m, m, 1) })
}

func BenchmarkMomentsAdd(b *testing.B) {
	var m Moments
	for b.Loop() {
		m.Add(1, 2, 3)
	}
}
