package stats

import (
	"fmt"
	"math"

	"liftgate/stats/internal/magnitude"
)

// CompareRatios compares ratios of totals, sum of numerators / sum of denominators (moments of dimension 2: numerator,
// denominator a unit), by the delta method over units: A. Deng, U. Knoblich, J. Lu, "Applying the Delta Method in Metric
// Analytics", KDD 2018. Difference and lift follow as for means: Satterthwaite's degrees of freedom, Fieller's theorem.
//
// Valid when the mean denominator is well away from zero: its coefficient of variation over sqrt(n) should stay below a tenth,
// beyond which [Contrast].Outside says so. A denominator of zero gives [ErrZeroDenominator].
func CompareRatios(treated, control Moments) (Contrast, error) {
	return compareLevels("delta", treated, control, 2)
}

// unsteady is the relative standard error of the mean denominator from which the delta method's first-order expansion, whose
// error is of its square, is not trusted: W. G. Cochran, Sampling Techniques (1977), section 6.3.
const unsteady = 0.1

// cancelled is the share of its parts below which their difference is rounding: every unit then has the same ratio.
const cancelled = 1e-13

// linearise replaces numerator and denominator by the ratio's influence on a unit, R + (y - R d) / mean(d): its mean is R and the
// variance of its mean is the delta method's.
func (a *variant) linearise(m *Moments) error {
	numerator, denominator := m.Means[0], m.Means[1]
	if math.Abs(denominator) < magnitude.Smallest {
		return fmt.Errorf("%w: the %s has no denominator at all, so the ratio does not exist; wait for events or check the denominator", ErrZeroDenominator, a.name)
	}
	ratio := numerator / denominator
	a.level = ratio
	if spread := math.Sqrt(m.Cov(1, 1)/a.n) / math.Abs(denominator); spread > unsteady {
		a.outside = append(a.outside, fmt.Sprintf("the %s's denominator is known only to %.0f %%: the ratio is unsteady; wait for more units", a.name, 100*spread))
	}
	parts := m.Cov(0, 0) + ratio*ratio*m.Cov(1, 1)
	if squares := parts - 2*ratio*m.Cov(0, 1); squares > cancelled*parts {
		a.variance = squares / (denominator * denominator)
	}
	for j := range a.with {
		a.with[j] = (m.Cov(0, 2+j) - ratio*m.Cov(1, 2+j)) / denominator
	}
	return nil
}
