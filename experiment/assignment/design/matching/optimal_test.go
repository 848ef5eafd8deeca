package matching

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func draw(seed uint64, n, dim, strata int, discrete bool) (x [][]float64, s []int) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for range n {
		row := make([]float64, dim)
		for k := range row {
			row[k] = math.Exp(rng.NormFloat64())
			if discrete {
				row[k] = float64(rng.IntN(3))
			}
		}
		x, s = append(x, row), append(s, rng.IntN(strata))
	}
	return x, s
}

// least looks at every pairing, a point left over counting with its distance from the origin; across counts pairs that leave their stratum.
func least(p *points) (across int, total float64) {
	across, total = math.MaxInt, math.Inf(1)
	used := make([]bool, p.n)
	spare := p.n%2 == 1
	var next func(from, crossed int, sum float64)
	next = func(from, crossed int, sum float64) {
		for from < p.n && used[from] {
			from++
		}
		if from == p.n {
			if crossed < across || crossed == across && sum < total {
				across, total = crossed, sum
			}
			return
		}
		if spare {
			spare = false
			next(from+1, crossed, sum+p.norm(from))
			spare = true
		}
		for j := from + 1; j < p.n; j++ {
			if used[j] {
				continue
			}
			used[j] = true
			c := crossed
			if p.stratum[from] != p.stratum[j] {
				c++
			}
			next(from+1, c, sum+p.distance(from, j))
			used[j] = false
		}
	}
	next(0, 0, 0)
	return across, total
}

func checkMates(t rapid.TB, p *points, got Pairing) (across int) {
	t.Helper()
	single := 0
	for i, j := range got.Mate {
		switch {
		case j < 0:
			single++
		case j == i || got.Mate[j] != i:
			t.Fatalf("%d has mate %d, which has %d", i, j, got.Mate[j])
		case j > i && p.stratum[i] != p.stratum[j]:
			across++
		}
	}
	if single != p.n%2 {
		t.Fatalf("%d of %d points are left over", single, p.n)
	}
	return across
}

func TestOptimalIsLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 11).Draw(t, "n")
		x, strata := draw(rapid.Uint64().Draw(t, "seed"), n, rapid.IntRange(1, 3).Draw(t, "dim"),
			rapid.IntRange(1, 4).Draw(t, "strata"), rapid.Bool().Draw(t, "discrete"))
		p := newPoints(x, strata)
		// With one neighbour nearly every pair has to be priced in.
		got, err := newMatcher(p, rapid.SampledFrom([]int{1, firstNeighbours}).Draw(t, "few")).pairs(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		across, total := least(p)
		if n == 0 {
			across, total = 0, 0
		}
		found, cost := checkMates(t, p, got), got.Total
		if at := slices.Index(got.Mate, -1); at >= 0 {
			cost += p.norm(at)
		}
		if found != across || math.Abs(cost-total) > 1e-9*(1+total) {
			t.Fatalf("%v: %d across and %v, want %d and %v", got.Mate, found, cost, across, total)
		}
	})
}

// TestFewNeighbours: the first graph does not matter.
func TestFewNeighbours(t *testing.T) {
	for _, discrete := range []bool{false, true} {
		x, strata := draw(5, 401, 3, 3, discrete)
		p := newPoints(x, strata)
		var totals []float64
		for _, few := range []int{1, 3, 20} {
			got, err := newMatcher(p, few).pairs(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			checkMates(t, p, got)
			at := slices.Index(got.Mate, -1)
			totals = append(totals, got.Total+p.norm(at))
		}
		if math.Abs(totals[0]-totals[2]) > 1e-9*totals[0] || math.Abs(totals[1]-totals[2]) > 1e-9*totals[0] {
			t.Errorf("discrete %v: totals %v", discrete, totals)
		}
	}
}

func BenchmarkPairs(b *testing.B) {
	x, strata := draw(1, 5000, 4, 1, false)
	b.Run("optimal", func(b *testing.B) {
		for b.Loop() {
			p, err := Optimal(context.Background(), x, strata)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(p.Total, "total")
		}
	})
	b.Run("greedy", func(b *testing.B) {
		for b.Loop() {
			p, err := Greedy(context.Background(), x, strata)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(p.Total, "total")
		}
	})
}
