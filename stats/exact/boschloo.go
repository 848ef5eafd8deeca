package exact

import (
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// BoschlooTest is what [Boschloo] gives.
type BoschlooTest struct {
	PLess          float64 // of a lower proportion in the treatment
	PGreater       float64 // of a higher one
	PDoubled       float64 // two-sided: twice the smaller of the two, SciPy's convention
	PFisherOrdered float64 // two-sided: outcomes ordered by Fisher's two-sided p-value, the convention of R's Exact and exact2x2
}

// Boschloo is the unconditional exact test with Fisher's p-value as its statistic (Boschloo 1970): never less powerful than Fisher's
// test, and no less exact. The two conventions for two sides differ, in either direction.
func Boschloo(treated, control stats.Binomial) (BoschlooTest, error) {
	base, err := newRegion(treated, control)
	if err != nil {
		return BoschlooTest{}, err
	}
	common := pooled(treated, control)
	urn := func(x1, x0 int) dist.Urn {
		return dist.Urn{Population: float64(base.n1 + base.n0), Marked: float64(x1 + x0), Drawn: float64(base.n1)}
	}
	x1, x0 := int(treated.Successes), int(control.Successes)
	lessBound, greaterBound := urn(x1, x0).LogTails(float64(x1))
	less, greater, ordered := base.empty(), base.empty(), base.empty()
	less.addUpper(func(x1, x0 int) bool {
		atMost, _ := urn(x1, x0).LogTails(float64(x1))
		return atMost <= lessBound+tie
	})
	greater.addLower(func(x1, x0 int) bool {
		_, atLeast := urn(x1, x0).LogTails(float64(x1))
		return atLeast <= greaterBound+tie
	})
	var out BoschlooTest
	out.PLess, _ = less.supremum(common)
	out.PGreater, _ = greater.supremum(common)
	out.PDoubled = math.Min(1, 2*math.Min(out.PLess, out.PGreater))
	ordered.addByFisher(math.Exp(logTwoSided(urn(x1, x0), float64(x1))))
	out.PFisherOrdered, _ = ordered.supremum(common)
	return out, nil
}

// addByFisher adds the outcomes whose two-sided Fisher p-value is at most bound: for each number of successes in all, a tail of the
// treatment's counts at either end.
func (r *region) addByFisher(bound float64) {
	n1, n0 := r.n1, r.n0
	lower := make([]int, n1+n0+1) // of each total, the treatment's counts up to it and
	upper := make([]int, n1+n0+1) // from it are in
	pmf := make([]float64, n1+1)
	for x := range lower {
		u := tilted{dist.Urn{Population: float64(n1 + n0), Marked: float64(x), Drawn: float64(n1)}, 1}
		lower[x], upper[x] = u.smallestFirst(pmf, bound*(1+tie))
	}
	for x1 := range r.rows {
		start := -1
		for x0 := 0; x0 <= n0+1; x0++ {
			in := x0 <= n0 && (x1 <= lower[x1+x0] || x1 >= upper[x1+x0])
			if in && start < 0 {
				start = x0
			}
			if !in && start >= 0 {
				r.rows[x1] = append(r.rows[x1], span{start, x0 - 1})
				start = -1
			}
		}
	}
}

// smallestFirst takes counts in, from both ends, least probable first and equals together, while their probability is at most bound. It
// gives the last that is in from below and from above. pmf is room to work in.
func (u tilted) smallestFirst(pmf []float64, bound float64) (lower, upper int) {
	from, to, total := u.fill(pmf, 1e-9*bound)
	lower, upper = from-1, to+1
	sum := 0.0
	for lower+1 < upper {
		limit := math.Min(pmf[lower+1], pmf[upper-1]) * (1 + tie)
		l, h, more := lower, upper, 0.0
		for l+1 < h && pmf[l+1] <= limit {
			l++
			more += pmf[l]
		}
		for l+1 < h && pmf[h-1] <= limit {
			h--
			more += pmf[h]
		}
		if sum+more > bound*total {
			break
		}
		lower, upper, sum = l, h, sum+more
	}
	return lower, upper
}

// fill writes P(k)/P(mode) for the counts that are not negligible and gives their sum.
func (u tilted) fill(pmf []float64, negligible float64) (from, to int, total float64) {
	low, high := u.Bounds()
	mode := int(u.mode())
	floor := negligible / (high - low + 1)
	pmf[mode] = 1
	total = 1
	for to = mode; to < int(high) && pmf[to] > floor; to++ {
		pmf[to+1] = pmf[to] * u.up(float64(to))
		total += pmf[to+1]
	}
	for from = mode; from > int(low) && pmf[from] > floor; from-- {
		pmf[from-1] = pmf[from] / u.up(float64(from-1))
		total += pmf[from-1]
	}
	return from, to, total
}
