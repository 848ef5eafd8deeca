package parallel_test

import (
	"slices"
	"testing"

	"liftgate/datasets/internal/parallel"
)

func TestEach(t *testing.T) {
	for _, workers := range []int{1, 2, 7, 100} {
		for _, n := range []int{0, 1, 64} {
			calls := make([]int, n)
			parallel.Each(workers, n, func(i int) { calls[i]++ })
			if slices.ContainsFunc(calls, func(c int) bool { return c != 1 }) {
				t.Errorf("%d workers: calls %v", workers, calls)
			}
		}
	}
}

// TestEachBy: the calls of one worker do not overlap, so it may keep something of its own.
func TestEachBy(t *testing.T) {
	const workers, n = 3, 1000
	var sums [workers]int
	parallel.EachBy(workers, n, func(worker, i int) { sums[worker] += i })
	if total := sums[0] + sums[1] + sums[2]; total != n*(n-1)/2 {
		t.Errorf("sums %v of 0 to %d", sums, n-1)
	}
}
