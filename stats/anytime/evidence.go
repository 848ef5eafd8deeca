package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// pValue is the p-value of evidence that is given by its logarithm.
func pValue(logE float64) float64 { return math.Exp(-math.Max(logE, 0)) }

// Running is the smallest p-value so far, look by look: still a p-value when each is one of a sequence.
func Running(p []float64) []float64 {
	out := make([]float64, len(p))
	least := 1.0
	for i, v := range p {
		least = math.Min(least, v)
		out[i] = least
	}
	return out
}

func checkAlpha(alpha float64) error {
	if !(alpha > 0 && alpha < 1) {
		return fmt.Errorf("%w: a level of %v must lie between 0 and 1", stats.ErrInvalid, alpha)
	}
	return nil
}

// positive says whether a quantity is a positive number.
func positive(what string, x float64) error {
	if !(x >= magnitude.Smallest && x <= magnitude.Largest) {
		return fmt.Errorf("%w: %s is %v", stats.ErrInvalid, what, x)
	}
	return nil
}
