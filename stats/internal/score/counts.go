package score

import (
	"math"

	"liftgate/stats/internal/root"
)

// Counts are the successes and units of two variants, the treatment first; both have units.
type Counts struct {
	X1, N1, X0, N0 float64
	// Uncorrected leaves out the factor N/(N-1) of the variance.
	Uncorrected bool
}

func (c Counts) factor() float64 {
	n := c.N1 + c.N0
	if c.Uncorrected {
		return 1
	}
	return n / (n - 1)
}

// Observed is the difference of the proportions.
func (c Counts) Observed() float64 { return c.X1/c.N1 - c.X0/c.N0 }

// invert finds where the score falls through level on [from, to].
func invert(score func(float64) float64, level, from, to float64) float64 {
	target := sine(level)
	return root.Bracketed(func(x float64) float64 { return sine(score(x)) - target }, from, to)
}

// sine maps a score onto [-1, 1], where infinite scores at the ends of the range do no harm to a root finder.
func sine(score float64) float64 {
	if math.IsInf(score, 0) {
		return math.Copysign(1, score)
	}
	return score / math.Sqrt(1+score*score)
}

// logRange bounds the logarithm of every ratio that int64 counts can leave in an interval.
const logRange = 100.0
