package randomisation

import (
	"math/rand/v2"
	"testing"

	"liftgate/stats"
)

// TestScatter: every set of a size is as likely, over one word and over two.
func TestScatter(t *testing.T) {
	for _, c := range []struct {
		n, treated int
		strata     []int // of the treated, then the others; nil: one
	}{{6, 3, nil}, {6, 1, nil}, {67, 2, nil}, {8, 4, []int{1, 2, 2, 2, 1, 1, 1, 2}}} {
		d := Design{}
		if c.strata != nil {
			d = Design{TreatedStrata: c.strata[:c.treated], ControlStrata: c.strata[c.treated:]}
		}
		p, err := newPlan(c.treated, c.n-c.treated, d)
		noErrors(t, err)
		p.mask()
		rng := rand.NewPCG(uint64(c.n), uint64(c.treated))
		seen := map[[2]uint64]int64{}
		sets := int(p.assignments())
		for range 100 * sets {
			a := make(assignment, p.words())
			p.scatter(a, rng)
			var key [2]uint64
			copy(key[:], a)
			seen[key]++
		}
		counts, shares := make([]int64, 0, sets), make([]float64, sets)
		for _, count := range seen {
			counts = append(counts, count)
		}
		for i := range shares {
			shares[i] = 1 / float64(sets)
		}
		if len(counts) != sets {
			t.Fatalf("%d of %d: %d sets, want %d", c.treated, c.n, len(counts), sets)
		}
		test, err := stats.SampleRatio(counts, shares)
		noErrors(t, err)
		if test.PValue < 0.001 {
			t.Errorf("%d of %d: not uniform, p = %v", c.treated, c.n, test.PValue)
		}
	}
}

// TestBalanceOfManyClusters: sums looked up in tables are those of the clusters, and what is accepted is balanced.
func TestBalanceOfManyClusters(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 5))
	var b Balance
	row := func() []float64 { return []float64{rng.NormFloat64(), 3 * rng.ExpFloat64(), 5} }
	for range 70 {
		b.Treated = append(b.Treated, row()[:2])
	}
	for range 91 {
		b.Control = append(b.Control, row()[:2])
	}
	at, err := b.Distance()
	noErrors(t, err)
	b.Limit = at
	p, err := newPlan(70, 91, Design{Balance: &b})
	noErrors(t, err)
	d, err := p.repeat(200, 1)
	noErrors(t, err)
	for _, a := range d.list {
		var sums [2]float64
		count := 0
		a.each(func(i int) {
			count++
			for j := range sums {
				sums[j] += p.balance.x[2*i+j]
			}
		})
		distance := (sums[0]*sums[0] + sums[1]*sums[1]) * 161 / 70 / 91
		near(t, "distance", p.balance.of(a), distance, 1e-9)
		if count != 70 || distance > at*(1+1e-6) {
			t.Fatalf("%d treated at distance %v, limit %v", count, distance, at)
		}
	}
	if _, err := newPlan(70, 91, Design{Balance: &Balance{b.Treated, b.Control, at / 2}}); err == nil {
		t.Error("an assignment that is not balanced enough is accepted")
	}
}

// TestErrorOfPairs: for pairs of one size the standard error is that of the paired differences, but for a factor of their number.
func TestErrorOfPairs(t *testing.T) {
	y1, y0 := []float64{11, 7, 19, 4, 13, 30, 12}, []float64{6, 9, 12, 3, 9, 20, 13}
	of := func(values []float64) (out []stats.Moments) {
		for _, y := range values {
			out = append(out, stats.Moments{N: 10, Means: []float64{y}, Cross: []float64{1}})
		}
		return out
	}
	pairs := []int{1, 2, 3, 4, 5, 6, 7}
	c, err := Compare(of(y1), of(y0), 1, Design{TreatedStrata: pairs, ControlStrata: pairs}, Options{})
	noErrors(t, err)
	d := c.Difference(0.9)
	near(t, "difference", d.Estimate, 3.4285714285714284, 1e-12)
	near(t, "squared standard error", d.StdError*d.StdError*14/13, 1.6454430993496185*1.6454430993496185, 1e-9)
}
