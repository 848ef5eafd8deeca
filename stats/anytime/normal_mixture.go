package anytime

import (
	"math"

	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// NormalMixture is evidence about the drift of a sum S with intrinsic time V, E exp(lambda S - lambda² V / 2) <= 1, from a normal prior
// with variance 1/Rho on the drift: two-sided, or over positive drifts only (Howard et al. 2021, propositions 5 and 6). For means V is
// n sigma².
type NormalMixture struct {
	Rho      float64
	OneSided bool
}

// LogE is the logarithm of the evidence at the sum s and the time v.
func (m NormalMixture) LogE(s, v float64) float64 {
	total := v + m.Rho
	logE := 0.5*math.Log(m.Rho/total) + s*s/(2*total)
	if m.OneSided {
		logE += math.Ln2 + dist.NormalLogCDF(s/math.Sqrt(total))
	}
	return logE
}

// Boundary is the sum at which the evidence reaches 1/alpha: the chance that |S|, or S where that is one-sided, ever lies beyond is alpha
// at most when there is no drift.
func (m NormalMixture) Boundary(v, alpha float64) (float64, error) {
	if err := m.check(v, alpha); err != nil {
		return 0, err
	}
	if !m.OneSided {
		return math.Sqrt((v + m.Rho) * (math.Log1p(v/m.Rho) - 2*math.Log(alpha))), nil
	}
	return reach(func(s float64) float64 { return m.LogE(s, v) }, alpha, math.Sqrt(v+m.Rho)), nil
}

func (m NormalMixture) check(v, alpha float64) error {
	if err := checkAlpha(alpha); err != nil {
		return err
	}
	if err := positive("rho", m.Rho); err != nil {
		return err
	}
	return positive("the intrinsic time", v)
}

// reach is where increasing evidence on s >= 0 gets to 1/alpha; +Inf when it never does.
func reach(logE func(float64) float64, alpha, scale float64) float64 {
	short := func(s float64) float64 { return logE(s) + math.Log(alpha) }
	low, high := 0.0, scale
	for short(high) < 0 {
		low, high = high, 2*high
		if math.IsInf(high, 1) {
			return high
		}
	}
	return root.Bracketed(short, low, high)
}

// Tuned has the precision that makes the boundary about the narrowest at the time v: v / (2 ln(1/alpha) + ln(1 + 2 ln(1/alpha))), the
// closed form of Howard et al. (2021, section 3.5); one-sided boundaries take it at 2 alpha.
func (m NormalMixture) Tuned(v, alpha float64) NormalMixture {
	l := m.loss(alpha)
	m.Rho = v / (l + math.Log1p(l))
	return m
}

// TunedExactly has the precision that makes the two-sided boundary the narrowest at the time v: v / (-W(-alpha²/e) - 1) with Lambert's W on
// its branch -1.
func (m NormalMixture) TunedExactly(v, alpha float64) NormalMixture {
	m.Rho = v / lambert(1+m.loss(alpha))
	return m
}

func (m NormalMixture) loss(alpha float64) float64 {
	if m.OneSided {
		alpha = math.Min(2*alpha, 1)
	}
	return -2 * math.Log(alpha)
}

// lambert is -W_{-1}(-exp(-u)) - 1 for u > 1: the x > 0 with x - ln(1 + x) = u - 1.
func lambert(u float64) float64 {
	excess := u - 1
	return root.Bracketed(func(x float64) float64 { return x - math.Log1p(x) - excess }, excess, excess+math.Sqrt(2*excess)+math.Log1p(excess)+1)
}
