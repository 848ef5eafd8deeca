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
			return upper - logOf(p)
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

// smallestNormal is the smallest double of full precision.
const smallestNormal = 0x1p-1022

// logOf is the logarithm of a probability: math.Log is wrong below smallestNormal on amd64.
func logOf(p float64) float64 {
	if p < smallestNormal {
		return math.Log(p*0x1p60) - 60*math.Ln2
	}
	return math.Log(p)
}
