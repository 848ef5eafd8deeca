package dist

import (
	"math"

	"liftgate/stats/internal/root"
)

// solveTails gives the u at which the upper of two log tails is log p, by whichever tail is the smaller. The tails are monotone in u; the
// search starts at guess and widens in steps.
func solveTails(tails func(u float64) (lower, upper float64), p, guess, step float64) float64 {
	miss := func(u float64) float64 { // falls in u
		lower, upper := tails(u)
		if p < 0.5 {
			return upper - math.Log(p)
		}
		return math.Log1p(-p) - lower
	}
	low, high := guess-step, guess+step
	for range 100 {
		switch {
		case miss(low) < 0:
			low, high = low-2*(high-low), low
		case miss(high) > 0:
			low, high = high, high+2*(high-low)
		default:
			return root.Bracketed(miss, low, high)
		}
	}
	return math.NaN()
}
