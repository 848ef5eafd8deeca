package exact

import (
	"math"
	"sort"

	"liftgate/stats/internal/dist"
)

// tilted is Fisher's noncentral hypergeometric distribution: an urn's with weights odds^k, where odds is the odds ratio.
type tilted struct {
	dist.Urn

	odds float64
}

// up is P(k+1)/P(k).
func (u tilted) up(k float64) float64 {
	rest := u.Population - u.Marked - u.Drawn
	return u.odds * ((u.Marked - k) / (k + 1)) * ((u.Drawn - k) / (rest + k + 1))
}

func (u tilted) mode() float64 {
	low, high := u.Bounds()
	return low + float64(sort.Search(int(high-low), func(i int) bool { return u.up(low+float64(i)) <= 1 }))
}

// sums are P(X >= k)/P(X = k) and P(X <= k)/P(X = k), and the sums of the deviations from k that go with them.
func (u tilted) sums(k float64) (above, below, aboveBy, belowBy float64) {
	low, high := u.Bounds()
	term := 1.0
	above, below = 1, 1
	for j := k; j < high && term > 1e-18*above; j++ {
		term *= u.up(j)
		above += term
		aboveBy += term * (j + 1 - k)
	}
	term = 1
	for j := k; j > low && term > 1e-18*below; j-- {
		term /= u.up(j - 1)
		below += term
		belowBy += term * (k - j + 1)
	}
	return above, below, aboveBy, belowBy
}

// mean is E X.
func (u tilted) mean() float64 {
	k := u.mode()
	above, below, aboveBy, belowBy := u.sums(k)
	return k + (aboveBy-belowBy)/(above+below-1)
}

// logTails are log P(X <= k) and log P(X >= k).
func (u tilted) logTails(k float64) (atMost, atLeast float64) {
	mode := u.mode()
	above, below, _, _ := u.sums(mode)
	here := u.LogPMF(k) - u.LogPMF(mode) + math.Log(u.odds)*(k-mode) - math.Log(above+below-1)
	if k >= mode {
		above, _, _, _ = u.sums(k)
		atLeast = here + math.Log(above)
		return math.Log1p(-math.Exp(here) * (above - 1)), math.Min(atLeast, 0)
	}
	_, below, _, _ = u.sums(k)
	atMost = here + math.Log(below)
	return math.Min(atMost, 0), math.Log1p(-math.Exp(here) * (below - 1))
}
