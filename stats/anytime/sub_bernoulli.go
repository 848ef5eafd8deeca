package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// SubBernoulli is evidence for sums of values between -G and H with mean zero: they vary no more than a coin that gives H with probability
// G/(G+H), else -G. Time is V = G H n. It is a beta-binomial mixture over the coin's probability, above G/(G+H) only when it
// is one-sided (Howard et al. 2021, propositions 7 and 8).
type SubBernoulli struct {
	G, H     float64
	R        float64 // the prior's precision: see Tuned
	OneSided bool
}

// Tuned has the prior that makes the boundary about the narrowest at the time v: the normal mixture's precision less G H.
func (m SubBernoulli) Tuned(v, alpha float64) SubBernoulli {
	rho := NormalMixture{OneSided: m.OneSided}.Tuned(v, alpha).Rho
	m.R = math.Max(rho-m.G*m.H, 1e-3*m.G*m.H)
	return m
}

// LogE is the log evidence at the sum s and the time v; +Inf where no such sum can be.
func (m SubBernoulli) LogE(s, v float64) float64 {
	width := m.G + m.H
	heads, tails := (s+v/m.H)/width, (v/m.G-s)/width
	if heads < 0 || tails < 0 {
		return math.Inf(1)
	}
	p := m.G / width
	a, b := m.R/(m.H*width), m.R/(m.G*width)
	out := dirichletLogE([]float64{heads, tails}, []float64{p, 1 - p}, []float64{a, b})
	if m.OneSided {
		_, after := dist.LogBeta(p, a+heads, b+tails)
		_, before := dist.LogBeta(p, a, b)
		out += after - before
	}
	return out
}

// Boundary is the sum at which the evidence reaches 1/alpha; where none does it is the largest possible sum.
func (m SubBernoulli) Boundary(v, alpha float64) (float64, error) {
	if !(m.G > 0 && m.H > 0) || math.IsInf(m.G+m.H, 0) {
		return 0, fmt.Errorf("%w: values between -%v and %v", stats.ErrInvalid, m.G, m.H)
	}
	if err := (NormalMixture{Rho: m.R}).check(v, alpha); err != nil {
		return 0, err
	}
	most := v / m.G
	if m.LogE(most*(1-1e-15), v) < -math.Log(alpha) {
		return most, nil
	}
	return reach(func(s float64) float64 { return m.LogE(math.Min(s, most*(1-1e-15)), v) }, alpha, most/2), nil
}

// BernoulliInterval is the confidence sequence for a probability whose prior follows the null, and is narrowest around the given number of
// units: {p: the two-sided evidence of [SubBernoulli] with G = p, H = 1-p is below 1/alpha}.
func BernoulliInterval(x, n, alpha, target float64) (lower, upper float64, err error) {
	if err := checkAlpha(alpha); err != nil {
		return 0, 0, err
	}
	if err := checkShare(x, n); err != nil {
		return 0, 0, err
	}
	if err := positive("the target", target); err != nil {
		return 0, 0, err
	}
	lower, upper = interval(x, n, alpha, func(p float64) float64 {
		v := p * (1 - p)
		m := SubBernoulli{G: p, H: 1 - p}.Tuned(target*v, bernoulliTuning)
		return dirichletLogE([]float64{x, n - x}, []float64{p, 1 - p}, []float64{m.R / (1 - p), m.R / p})
	})
	return lower, upper, nil
}

// bernoulliTuning is the level at which the prior is best.
const bernoulliTuning = 0.05
