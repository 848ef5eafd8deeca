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
	LogP      float64 // natural logarithm of the p-value, which may be too small for a number
}

func chiSquare(statistic float64, df int) ChiSquare {
	k := float64(df)
	return ChiSquare{Statistic: statistic, DF: df, PValue: dist.ChiSquareSF(statistic, k), LogP: dist.ChiSquareLogSF(statistic, k)}
}

// SampleRatio tests whether the units are split by the weights, in the order of the variants: K. Pearson's chi-square with
// len(counts)-1 degrees of freedom (A. Fabijan et al., "Diagnosing Sample Ratio Mismatch", KDD 2019).
//
// Weights need not sum to one. Variants of weight zero are left out; units in one are [ErrInvalid], since no chance puts them
// there. Without units, or with fewer than two weights above zero, the error is [ErrTooFew]. Valid from 5 expected units a
// variant on, and near 5 % from about 100 units, since counts are whole; below, see [ExactSampleRatio].
func SampleRatio(counts []int64, weights []float64) (ChiSquare, error) {
	s, err := newSplit(counts, weights)
	if err != nil {
		return ChiSquare{}, err
	}
	statistic := 0.0
	for i, share := range s.shares {
		expected := s.total * share
		deviation := s.counts[i] - expected
		statistic += deviation * deviation / expected
	}
	return chiSquare(statistic, len(s.shares)-1), nil
}

// split is how units fell into the variants that have a weight.
type split struct {
	counts, shares []float64
	total          float64
}

func newSplit(counts []int64, weights []float64) (split, error) {
	if len(counts) != len(weights) {
		return split{}, fmt.Errorf("%w: %d counts for %d weights", ErrInvalid, len(counts), len(weights))
	}
	var s split
	weight := 0.0
	for i, w := range weights {
		switch {
		case counts[i] < 0:
			return split{}, fmt.Errorf("%w: variant %d has %d units", ErrInvalid, i, counts[i])
		case !(w >= 0) || math.IsInf(w, 1):
			return split{}, fmt.Errorf("%w: variant %d has weight %v", ErrInvalid, i, w)
		case w == 0 && counts[i] > 0:
			return split{}, fmt.Errorf("%w: variant %d has weight zero and %d units: the split is broken", ErrInvalid, i, counts[i])
		case w > 0:
			s.counts, s.shares = append(s.counts, float64(counts[i])), append(s.shares, w)
		}
		s.total += float64(counts[i])
		weight += w
	}
	if len(s.shares) < 2 || s.total == 0 {
		return split{}, fmt.Errorf("%w: %.0f units over %d variants with a weight: a split needs units and two variants",
			ErrTooFew, s.total, len(s.shares))
	}
	for i, w := range s.shares {
		s.shares[i] = w / weight
		if !(s.shares[i] > 0) {
			return split{}, fmt.Errorf("%w: weights from %v to %v are too far apart", ErrInvalid, w, weight)
		}
	}
	return s, nil
}
