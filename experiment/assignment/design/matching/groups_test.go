package matching

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestGroup: everybody is in one block, blocks are full but for the last, and exchanges only help.
func TestGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, size := rapid.IntRange(0, 60).Draw(t, "n"), rapid.IntRange(3, 6).Draw(t, "size")
		strata := rapid.IntRange(1, 3).Draw(t, "strata")
		x, s := draw(rapid.Uint64().Draw(t, "seed"), n, 2, strata, rapid.Bool().Draw(t, "discrete"))
		p := newPoints(x, s)
		plain, err1 := Group(context.Background(), x, s, size, false)
		better, err2 := Group(context.Background(), x, s, size, true)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if better.Total > plain.Total*(1+1e-9)+1e-9 && strata == 1 {
			t.Fatalf("exchanges make %v of %v", better.Total, plain.Total)
		}
		seen, total := map[int]bool{}, 0.0
		for b, block := range better.Blocks {
			if len(block) != size && b < len(better.Blocks)-1 {
				t.Fatalf("block %d of %d has %d points", b, len(better.Blocks), len(block))
			}
			for _, i := range block {
				seen[i] = true
			}
			total += p.spread(block)
		}
		if len(seen) != n || len(better.Blocks) != (n+size-1)/size || math.Abs(total-better.Total) > 1e-9*(1+total) {
			t.Fatalf("%d points in %d blocks with total %v", len(seen), len(better.Blocks), total)
		}
	})
}

func TestEnds(t *testing.T) {
	x, s := draw(1, 100, 2, 1, false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err1 := Optimal(ctx, x, s)
	_, err2 := Greedy(ctx, x, s)
	_, err3 := Group(ctx, x, s, 3, true)
	for _, err := range []error{err1, err2, err3} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := Optimal(t.Context(), make([][]float64, MaxOptimal+1), nil); err == nil || !strings.Contains(err.Error(), "match greedily") {
		t.Errorf("got %v", err)
	}
}
