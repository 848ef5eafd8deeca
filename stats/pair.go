package stats

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"liftgate/stats/internal/dist"
)

// pair is two estimated levels with the covariance matrix of their errors and its degrees of freedom: what every contrast but
// that of proportions comes down to. Both scales use one statistic,
//
//	T(r) = (m1 - r m0) / sqrt((1, -r) V (1, -r)')
//
// and one t distribution, so they agree at r = 1, which is a difference of zero.
type pair struct {
	method   string
	m1, m0   float64 // treatment, control
	v11, v00 float64 // variances of m1 and m0
	v10      float64 // their covariance
	df       float64
	outside  string
	warnings []string
}

func (p *pair) Method() string { return p.method }

func (p *pair) Outside() string { return p.outside }

func (p *pair) Warnings() []string { return p.warnings }

// Difference is m1 - m0 with Student's t interval.
func (p *pair) Difference(level float64) Estimate {
	estimate, se := p.m1-p.m0, math.Sqrt(p.variance(1))
	half := p.critical(level) * se
	return Estimate{Estimate: estimate, StdError: se, Lower: estimate - half, Upper: estimate + half}
}

func (p *pair) PDifference(null float64) float64 {
	return p.twoSided(p.m1-p.m0-null, p.variance(1))
}

// variance is that of m1 - r m0.
func (p *pair) variance(r float64) float64 {
	return math.Max(p.v11-2*r*p.v10+r*r*p.v00, 0)
}

// twoSided is the p-value of a deviation with the given variance. Without variance any deviation is impossible.
func (p *pair) twoSided(deviation, variance float64) float64 {
	if deviation == 0 {
		return 1
	}
	return 2 * dist.StudentSF(math.Abs(deviation)/math.Sqrt(variance), p.df)
}

// critical is the two-sided quantile at the level.
func (p *pair) critical(level float64) float64 { return dist.StudentISF((1-level)/2, p.df) }

// fewDegrees is where Student's t starts to lean on the normality of single units rather than of means: in simulations of skewed values
// (see [OutsideSkewness]) the sample no longer shows its own skewness below it.
const fewDegrees = 30

// judge adds what limits the variants to what limits the answer.
func (p *pair) judge(a1, a0 *variant) {
	p.warnings = slices.Concat(p.warnings, a1.warnings, a0.warnings)
	reasons := slices.Concat(a1.outside, a0.outside)
	if p.df < fewDegrees {
		reasons = append(reasons, fmt.Sprintf("only %.3g degrees of freedom: the interval trusts that the values are about normal; wait for more units", p.df))
	}
	p.outside = strings.Join(reasons, "; ")
	if p.m0 < 0 {
		p.warnings = append(p.warnings, "the control's level is negative: a positive lift means farther below zero; read the difference")
	}
}
