package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Conjugate mixtures for sums that are not sub-Gaussian, all over positive drifts lambda (one-sided). V is the sum's intrinsic time, C its
// scale; precisions are the normal mixture's. Howard et al. 2021, propositions 9 and 10.

// GammaExponential is evidence for sub-exponential sums with scale C: those of values that are at most C below (or above) their means in
// one direction, and for which V may be the empirical sum of squares.
type GammaExponential struct{ Rho, C float64 }

// LogE is the log evidence at the sum s and the time v. It is -Inf below s = -(v + Rho)/C.
func (m GammaExponential) LogE(s, v float64) float64 {
	c2 := m.C * m.C
	shape, rate, prior := (v+m.Rho)/c2, (m.C*s+v+m.Rho)/c2, m.Rho/c2
	if rate <= 0 {
		return math.Inf(-1)
	}
	after := gammaTerm(shape, rate, -s/m.C) + dist.ChiSquareLogCDF(2*rate, 2*shape)
	return after - gammaTerm(prior, prior, 0) - dist.ChiSquareLogCDF(2*prior, 2*prior)
}

// Boundary is the sum at which the evidence reaches 1/alpha.
func (m GammaExponential) Boundary(v, alpha float64) (float64, error) {
	return boundary(m.Rho, m.C, v, alpha, func(s float64) float64 { return m.LogE(s, v) })
}

// GammaPoisson is evidence for sub-Poisson sums with scale C: those of values that are bounded on one side.
type GammaPoisson struct{ Rho, C float64 }

// LogE is the log evidence at the sum s and the time v. It is -Inf below s = -(v + Rho)/C.
func (m GammaPoisson) LogE(s, v float64) float64 {
	c2 := m.C * m.C
	shape, rate, prior := (m.C*s+v+m.Rho)/c2, (v+m.Rho)/c2, m.Rho/c2
	if shape <= 0 {
		return math.Inf(-1)
	}
	after := gammaTerm(shape, rate, s/m.C) + dist.ChiSquareLogSF(2*rate, 2*shape)
	return after - gammaTerm(prior, prior, 0) - dist.ChiSquareLogSF(2*prior, 2*prior)
}

// Boundary is the sum at which the evidence reaches 1/alpha.
func (m GammaPoisson) Boundary(v, alpha float64) (float64, error) {
	return boundary(m.Rho, m.C, v, alpha, func(s float64) float64 { return m.LogE(s, v) })
}

// gammaTerm is log Gamma(shape) - shape log rate + rate up to a constant, with excess = shape - rate: both are huge where the scale is
// small against the sum, and cancel.
func gammaTerm(shape, rate, excess float64) float64 {
	return rate*divergence(excess/rate) - 0.5*math.Log(shape) + stirlingRest(shape)
}

func boundary(rho, c, v, alpha float64, logE func(float64) float64) (float64, error) {
	if err := (NormalMixture{Rho: rho}).check(v, alpha); err != nil {
		return 0, err
	}
	if err := positive("the scale", c); err != nil {
		return 0, err
	}
	if v+rho > 1e10*c*c {
		return 0, fmt.Errorf("%w: an intrinsic time of %v is more than 1e10 squares of the scale %v: the normal mixture is the same there", stats.ErrInvalid, v, c)
	}
	return reach(logE, alpha, math.Sqrt(v+rho)), nil
}
