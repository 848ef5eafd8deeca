package lookup

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestAdd against one number at a time, in the same order, with tables left out.
func TestAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, rows := rapid.IntRange(1, 11).Draw(t, "width"), rapid.IntRange(0, 20).Draw(t, "rows")
		numbers := func(n int) []float64 { return rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), n, n).Draw(t, "numbers") }
		sums := numbers(width * rows)
		var tables [Together]Table
		var choices [Together][]int
		for k := range tables {
			if entries := rapid.IntRange(0, 5).Draw(t, "entries"); entries > 0 {
				tables[k] = numbers(entries * width)
				choices[k] = rapid.SliceOfN(rapid.IntRange(0, entries-1), rows, rows).Draw(t, "choices")
			}
		}
		want := slices.Clone(sums)
		for k, table := range tables {
			for i := range want {
				if len(table) > 0 {
					want[i] += table[choices[k][i/width]*width+i%width]
				}
			}
		}
		if Add(sums, width, tables, choices); !slices.Equal(sums, want) {
			t.Fatalf("got %v, want %v", sums, want)
		}
	})
}
