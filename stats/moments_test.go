package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestMomentsMerge: merging is commutative and associative with the zero value as its identity, and any split of the units into
// chunks gives what adding them one by one gives.
func TestMomentsMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Float64Range(-1e6, 1e6)
		rows := rapid.SliceOfN(rapid.SliceOfN(value, 3, 3), 0, 30).Draw(t, "rows")
		var whole Moments
		for _, row := range rows {
			whole.Add(row...)
		}
		var merged, backwards, chunk, empty Moments
		for _, row := range rows {
			chunk.Add(row...)
			if rapid.Bool().Draw(t, "cut") {
				merged.Merge(&chunk)
				other := chunk
				other.Merge(&backwards)
				backwards = other
				chunk = Moments{}
			}
		}
		merged.Merge(&chunk)
		chunk.Merge(&backwards)
		same(t, &merged, &whole)
		same(t, &chunk, &whole)
		merged.Merge(&empty)
		same(t, &merged, &whole)
		empty.Merge(&whole)
		same(t, &empty, &whole)
	})
}

func same(t *rapid.T, got, want *Moments) {
	t.Helper()
	if got.N != want.N || got.Dim() != want.Dim() {
		t.Fatalf("got %d units of dimension %d, want %d of %d", got.N, got.Dim(), want.N, want.Dim())
	}
	for i := range want.Means {
		near(t, "mean", got.Means[i], want.Means[i], 1e-9)
	}
	for k := range want.Cross {
		near(t, "cross", got.Cross[k], want.Cross[k], 3) // of up to 30 products of up to 1e12: 1e-13
	}
}

// TestMomentsFarFromZero: a mean of 1e9 leaves a variance of 1 its digits.
func TestMomentsFarFromZero(t *testing.T) {
	var m, part Moments
	for i := range 10_000 {
		part.Add(1e9 + math.Sqrt(1.5)*float64(i%3-1))
		if i%100 == 99 {
			m.Merge(&part)
			part = Moments{}
		}
	}
	near(t, "variance", m.Cov(0, 0), 1, 2e-4)
	near(t, "mean", m.Means[0], 1e9, 1e-3)
	if m.Sum(0) != m.Means[0]*1e4 {
		t.Errorf("sum %v", m.Sum(0))
	}
}

func TestMomentsPanicsOnDimension(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a vector of another length went in")
		}
	}()
	m := units(1, 2)
	m.Add(1, 2)
}
