package stats

import (
	"fmt"
	"math"

	"liftgate/stats/internal/dist"
)

// ChiSquare is the outcome of a chi-square test.
type ChiSquare struct {
	Statistic float64
	DF        int
	PValue    float64
}

func chiSquare(statistic float64, df int) ChiSquare {
	return ChiSquare{Statistic: statistic, DF: df, PValue: dist.ChiSquareSF(statistic, float64(df))}
}

// SampleRatio tests whether the units are split by the weights, in the order of the variants: K. Pearson's chi-square with
// len(counts)-1 degrees of freedom (A. Fabijan et al., "Diagnosing Sample Ratio Mismatch", KDD 2019).
//
// Weights need not sum to one. Variants of weight zero are left out; units in one are [ErrInvalid], since no chance puts them
// there. Without units, or with fewer than two weights above zero, the error is [ErrTooFew]. Valid from 5 expected units a
// variant on.
func SampleRatio(counts []int64, weights []float64) (ChiSquare, error) {
	if len(counts) != len(weights) {
		return ChiSquare{}, fmt.Errorf("%w: %d counts for %d weights", ErrInvalid, len(counts), len(weights))
	}
	units, weight, variants := 0.0, 0.0, 0
	for i, w := range weights {
		switch {
		case counts[i] < 0:
			return ChiSquare{}, fmt.Errorf("%w: variant %d has %d units", ErrInvalid, i, counts[i])
		case !(w >= 0) || math.IsInf(w, 1):
			return ChiSquare{}, fmt.Errorf("%w: variant %d has weight %v", ErrInvalid, i, w)
		case w == 0 && counts[i] > 0:
			return ChiSquare{}, fmt.Errorf("%w: variant %d has weight zero and %d units: the split is broken", ErrInvalid, i, counts[i])
		case w > 0:
			variants++
		}
		units += float64(counts[i])
		weight += w
	}
	if variants < 2 || units == 0 {
		return ChiSquare{}, fmt.Errorf("%w: %.0f units over %d variants with a weight: a split needs units and two variants", ErrTooFew, units, variants)
	}
	statistic := 0.0
	for i, w := range weights {
		if w > 0 {
			expected := units * (w / weight)
			deviation := float64(counts[i]) - expected
			statistic += deviation * deviation / expected
		}
	}
	return chiSquare(statistic, variants-1), nil
}
