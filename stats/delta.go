package stats

import "fmt"

// CompareRatios compares ratios of totals, sum of numerators / sum of denominators (moments of dimension 2: numerator,
// denominator a unit), by the delta method over units: A. Deng, U. Knoblich, J. Lu, "Applying the Delta Method in Metric
// Analytics", KDD 2018, eq. 3. Difference and lift follow as for means: Satterthwaite's degrees of freedom, Fieller's theorem.
//
// Valid when the mean denominator is well away from zero: its coefficient of variation over sqrt(n) should stay below a tenth,
// which a warning watches. A denominator of zero gives [ErrZeroDenominator].
func CompareRatios(treated, control Moments) (Contrast, error) {
	return compareLevels("delta", treated, control, 2)
}

// linearise replaces numerator and denominator by the ratio's influence on a unit, R + (y - R d) / mean(d): its mean is R and the
// variance of its mean is the delta method's.
func (a *arm) linearise(m *Moments) error {
	numerator, denominator := m.Means[0], m.Means[1]
	if denominator == 0 {
		return fmt.Errorf("%w: the %s has no denominator at all: the ratio does not exist; wait for events or check the denominator", ErrZeroDenominator, a.name)
	}
	ratio := numerator / denominator
	a.level = ratio
	squares := m.Cov(0, 0) - 2*ratio*m.Cov(0, 1) + ratio*ratio*m.Cov(1, 1)
	a.variance = max(squares, 0) / (denominator * denominator)
	for j := range a.with {
		a.with[j] = (m.Cov(0, 2+j) - ratio*m.Cov(1, 2+j)) / denominator
	}
	a.dropNoise(ratio)
	return nil
}
