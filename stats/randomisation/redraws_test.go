package randomisation

import (
	"math/rand/v2"
	"runtime"
	"testing"
)

// TestRedraws: what was kept is taken over by the same design only, and never changes an answer.
func TestRedraws(t *testing.T) {
	treated, control := pick(drawClusters(1, 20, 0.5), 0), pick(drawClusters(2, 24, 0), 0)
	odd := func(n int) []int {
		out := make([]int, n)
		for i := range out {
			out[i] = i % 2
		}
		return out
	}
	covariates := func(n int) [][]float64 {
		out := make([][]float64, n)
		for i := range out {
			out[i] = []float64{float64(i % 5)}
		}
		return out
	}
	var kept Redraws
	var last *draws
	for _, c := range []struct {
		name         string
		treatedCount int
		design       Design
		draws        int
		seed         uint64
		same         bool
	}{
		{"first", 20, Design{}, 600, 1, false},
		{"again", 20, Design{}, 600, 1, true},
		{"seed", 20, Design{}, 600, 2, false},
		{"draws", 20, Design{}, 700, 2, false},
		{"clusters", 19, Design{}, 700, 2, false},
		{"strata", 19, Design{TreatedStrata: odd(19), ControlStrata: odd(24)}, 700, 2, false},
		{"strata again", 19, Design{TreatedStrata: odd(19), ControlStrata: odd(24)}, 700, 2, true},
		{"balance", 20, Design{Balance: &Balance{covariates(20), covariates(24), 3}}, 700, 2, false},
		{"balance again", 20, Design{Balance: &Balance{covariates(20), covariates(24), 3}}, 700, 2, true},
		{"another balance", 20, Design{Balance: &Balance{covariates(20), covariates(24), 4}}, 700, 2, false},
	} {
		with, err1 := Compare(treated[:c.treatedCount], control, 1, c.design, Options{Draws: c.draws, Seed: c.seed, Redraws: &kept})
		alone, err2 := Compare(treated[:c.treatedCount], control, 1, c.design, Options{Draws: c.draws, Seed: c.seed})
		noErrors(t, err1, err2)
		if (kept.draws == last) != c.same {
			t.Errorf("%s: taken over %v", c.name, !c.same)
		}
		last = kept.draws
		if with.PDifference(0) != alone.PDifference(0) || with.Difference(0.95) != alone.Difference(0.95) || with.Lift(0.95) != alone.Lift(0.95) {
			t.Errorf("%s: %v, and alone %v", c.name, with.Difference(0.95), alone.Difference(0.95))
		}
	}
}

// TestProcessors: their number changes nothing, nor does sharing draws between goroutines.
func TestProcessors(t *testing.T) {
	treated, control := pick(drawClusters(3, 70, 0.5), 0, 2), pick(drawClusters(4, 90, 0), 0, 2)
	var kept Redraws
	compare := func(redraws *Redraws) *Comparison {
		c, err := Compare(treated, control, 1, Design{}, Options{Draws: 5000, Seed: 9, Redraws: redraws})
		if err != nil {
			t.Error(err)
		}
		return c
	}
	processors := runtime.GOMAXPROCS(1)
	want := compare(nil)
	runtime.GOMAXPROCS(max(processors, 4))
	defer runtime.GOMAXPROCS(processors)
	found := make(chan *Comparison)
	for range 4 {
		go func() { found <- compare(&kept) }()
	}
	for range 4 {
		if got := <-found; got.Difference(0.95) != want.Difference(0.95) || got.Lift(0.95) != want.Lift(0.95) || got.PDifference(0) != want.PDifference(0) {
			t.Errorf("got %v, want %v", got.Difference(0.95), want.Difference(0.95))
		}
	}
}

// TestBelow: the numbers are those of rand.Rand.
func TestBelow(t *testing.T) {
	ours, theirs := rand.NewPCG(1, 2), rand.New(rand.NewPCG(1, 2))
	for _, n := range []uint64{1, 2, 3, 7, 64, 4999, 1 << 31, 1<<63 + 1, 1<<64 - 1} {
		for range 100 {
			if got, want := below(ours, n), theirs.Uint64N(n); got != want {
				t.Fatalf("below %d: got %d, want %d", n, got, want)
			}
		}
	}
}
