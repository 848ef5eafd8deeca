package stats

import (
	"fmt"
	"math"
)

// arm is one variant's side of a comparison: the level of a metric, the variance of a unit's (linearised) value, and how that
// value goes with the covariates.
type arm struct {
	name     string
	n        float64
	level    float64
	variance float64
	means    []float64 // of the covariates
	with     []float64 // covariances of the value with each covariate
	among    func(i, j int) float64
}

// newArm reads an arm from moments whose first parts (1 or 2) components are the metric and whose other covariates components are
// covariates.
func newArm(name string, m *Moments, parts, covariates int) (*arm, error) {
	if err := checkMoments(name, m, parts+covariates); err != nil {
		return nil, err
	}
	a := &arm{name: name, n: float64(m.N), with: make([]float64, covariates), means: m.Means[parts:]}
	a.among = func(i, j int) float64 { return m.Cov(parts+i, parts+j) }
	if parts == 1 {
		a.level, a.variance = m.Means[0], m.Cov(0, 0)
		for j := range a.with {
			a.with[j] = m.Cov(0, 1+j)
		}
		a.dropNoise(m.Means[0])
		return a, nil
	}
	return a, a.linearise(m)
}

// noise is the standard deviation, relative to the mean, below which a spread is rounding and not data: values that are all
// equal must not become significant by their last bits.
const noise = 1e-13

func (a *arm) dropNoise(scale float64) {
	if math.Sqrt(a.variance) <= noise*math.Abs(scale) {
		a.variance = 0
		clear(a.with)
	}
}

func (a *arm) varianceOfMean() float64 { return a.variance / a.n }

// checkSpread refuses arms that show no chance at all.
func checkSpread(treated, control *arm) error {
	if treated.variance == 0 && control.variance == 0 {
		return fmt.Errorf("%w: every unit of the treatment has the same value and every unit of the control too: no test exists; check that the metric's events arrive", ErrNoVariance)
	}
	return nil
}
