package sequential

import "testing"

// BenchmarkBounds28 is the bounds of a look a day for four weeks.
func BenchmarkBounds28(b *testing.B) {
	fractions := daily()
	for b.Loop() {
		if _, err := (Design{Alpha: 0.05, Spending: OBrienFleming}).Bounds(fractions); err != nil {
			b.Fatal(err)
		}
	}
}

func daily() []float64 {
	fractions := make([]float64, 28)
	for i := range fractions {
		fractions[i] = float64(i+1) / 28
	}
	return fractions
}
