package ratio

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Linearise takes moments of pairs (numerator, denominator), one or more, and gives those of the ratios' influences on a unit,
// R + (y - R d) / mean(d): their means are the ratios, and their covariances over n are the delta method's covariances of the ratios:
// Deng, Knoblich and Lu (2018), section 2.2.
//
// An odd dimension and fewer than two units give [stats.ErrInvalid] and [stats.ErrTooFew], a mean denominator of zero
// [stats.ErrZeroDenominator].
func Linearise(m stats.Moments) (stats.Moments, error) {
	switch pairs := m.Dim() / 2; {
	case pairs == 0 || m.Dim()%2 != 0 || len(m.Cross) != m.Dim()*(m.Dim()+1)/2:
		return stats.Moments{}, fmt.Errorf("%w: moments of dimension %d (%d cross-products) are not pairs of numerator and denominator", stats.ErrInvalid, m.Dim(), len(m.Cross))
	case m.N < 2:
		return stats.Moments{}, fmt.Errorf("%w: %d, a variance needs 2", stats.ErrTooFew, m.N)
	}
	out := stats.Moments{N: m.N}
	for i := 0; i < m.Dim(); i += 2 {
		if !(math.Abs(m.Means[i+1]) > magnitude.Smallest) {
			return stats.Moments{}, fmt.Errorf("%w: the mean of denominator %d is %v", stats.ErrZeroDenominator, i/2+1, m.Means[i+1])
		}
		out.Means = append(out.Means, m.Means[i]/m.Means[i+1])
	}
	for i := range out.Means {
		for j := i; j < len(out.Means); j++ {
			unit := Covariance(
				Mean{m.Means[2*i], m.Means[2*i+1]}, Mean{m.Means[2*j], m.Means[2*j+1]},
				Cross{NN: m.Cov(2*i, 2*j), ND: m.Cov(2*i, 2*j+1), DN: m.Cov(2*i+1, 2*j), DD: m.Cov(2*i+1, 2*j+1)},
			)
			out.Cross = append(out.Cross, unit*float64(m.N-1))
		}
	}
	return out, nil
}

// Mean is the means of a ratio's numerator and denominator.
type Mean struct{ Numerator, Denominator float64 }

// Cross is the covariances of the parts of a first ratio with those of a second, first letter the first's: N numerator, D denominator.
type Cross struct{ NN, ND, DN, DD float64 }

// Covariance is that of two ratios' influences on a unit, n times that of the ratios: with the same ratio twice, its variance. With R
// and S the ratios, d and e their mean denominators,
//
//	(NN - S ND - R DN + R S DD) / (d e).
//
// Parts that cancel to less than their rounding give 0: every unit has the same ratio.
func Covariance(first, second Mean, c Cross) float64 {
	r, s := first.Numerator/first.Denominator, second.Numerator/second.Denominator
	parts := [...]float64{c.NN, -s * c.ND, -r * c.DN, r * s * c.DD}
	total, size := 0.0, 0.0
	for _, part := range parts {
		total += part
		size += math.Abs(part)
	}
	if math.Abs(total) <= rounding*size {
		return 0
	}
	return total / first.Denominator / second.Denominator
}

// rounding is the share of its parts below which their sum is noise.
const rounding = 1e-14
