package stats

import (
	"fmt"
	"math"

	"liftgate/stats/internal/magnitude"
)

// variant is one variant's side of a comparison: the level of a metric, the variance of a unit's (linearised) value, and how that
// value goes with the covariates.
type variant struct {
	name     string
	n        float64
	level    float64
	variance float64
	means    []float64              // of the covariates
	with     []float64              // covariances of the value with each covariate
	among    func(i, j int) float64 // covariance of two covariates
	warnings []string
	outside  []string // why a first-order expansion is not to be trusted
}

// newVariant reads a variant from moments whose first parts (1 or 2) components are the metric and whose other covariates components are
// covariates.
func newVariant(name string, m *Moments, parts, covariates int) (*variant, error) {
	if err := checkMoments(name, m, parts+covariates); err != nil {
		return nil, err
	}
	a := &variant{name: name, n: float64(m.N), with: make([]float64, covariates), means: m.Means[parts:]}
	a.among = func(i, j int) float64 { return m.Cov(parts+i, parts+j) }
	if parts == 2 {
		if err := a.linearise(m); err != nil {
			return nil, err
		}
	} else {
		a.level, a.variance = m.Means[0], max(m.Cov(0, 0), 0)
		for j := range a.with {
			a.with[j] = m.Cov(0, 1+j)
		}
	}
	if math.Abs(a.level) > magnitude.Largest || a.variance > magnitude.LargestSquare {
		return nil, fmt.Errorf("%w: the level of the %s is %v: look for a denominator next to zero", ErrInvalid, name, a.level)
	}
	a.dropNoise()
	return a, nil
}

// noise is the standard deviation, relative to the mean, below which a spread is rounding and not data: values that are all
// equal must not become significant by their last bits.
const noise = 1e-13

func (a *variant) dropNoise() {
	if math.Sqrt(a.variance) <= max(noise*math.Abs(a.level), magnitude.Smallest) {
		a.variance = 0
		clear(a.with)
	}
}

func (a *variant) varianceOfMean() float64 { return a.variance / a.n }

// checkSpread refuses variants that show no chance at all.
func checkSpread(treated, control *variant) error {
	if treated.variance == 0 && control.variance == 0 {
		return fmt.Errorf("%w: every unit of the treatment has the same value and every unit of the control too, so no test exists; check that the metric's events arrive", ErrNoVariance)
	}
	return nil
}
