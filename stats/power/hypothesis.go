package power

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/root"
)

// Hypothesis is the effect that is there, and the null that is to be rejected: "no effect", or an effect beyond a margin on the
// harmful side.
type Hypothesis struct {
	Effect        float64 // the true one, treatment minus control
	Margin        float64 // non-inferiority margin, a positive magnitude; 0 for superiority
	Relative      bool    // effect and margin are shares of the control's level
	LowerIsBetter bool
}

// null is the effect under the null hypothesis.
func (h Hypothesis) null() float64 {
	if h.LowerIsBetter {
		return h.Margin
	}
	return -h.Margin
}

// gain is how far an effect lies on the good side of the null. A two-sided test of no effect finds either direction.
func (h Hypothesis) gain(oneSided bool) float64 {
	gap := h.Effect - h.null()
	switch {
	case h.Margin == 0 && !oneSided:
		return math.Abs(gap)
	case h.LowerIsBetter:
		return -gap
	}
	return gap
}

func (h Hypothesis) check() error {
	if math.IsNaN(h.Effect) || math.IsInf(h.Effect, 0) {
		return fmt.Errorf("%w: an effect of %v", stats.ErrInvalid, h.Effect)
	}
	if !(h.Margin >= 0) || math.IsInf(h.Margin, 0) {
		return fmt.Errorf("%w: a margin of %v, it is a positive magnitude", stats.ErrInvalid, h.Margin)
	}
	return nil
}

// contrast is a planned comparison: how far the estimate is expected from the null, and its variances with one unit in the control.
type contrast struct {
	distance       float64
	null, variance float64 // of the estimate, as the test takes it to be and as it is
}

// contrast is the comparison of a metric with ratio units in the treatment for each in the control. An estimate m1 - r m0 tests a relative
// null, r = 1 + null.
func (h Hypothesis) contrast(m Metric, ratio float64, oneSided bool) (contrast, error) {
	if err := m.check(); err != nil {
		return contrast{}, err
	}
	if err := h.check(); err != nil {
		return contrast{}, err
	}
	scale, slope := 1.0, 1.0
	if h.Relative {
		// A share of a negative level moves it towards zero.
		scale, slope = math.Abs(m.Level), 1+math.Copysign(1, m.Level)*h.null()
		if scale == 0 {
			return contrast{}, fmt.Errorf("%w: the control's level is zero, so nothing is relative to it", stats.ErrZeroDenominator)
		}
	}
	if m.Binary {
		return h.binary(m, scale, slope, ratio, oneSided)
	}
	v := m.treated(m.Level+scale*h.Effect)/ratio + slope*slope*m.Variance
	return contrast{scale * h.gain(oneSided), v, v}, nil
}

// binary is the comparison of two proportions.
func (h Hypothesis) binary(m Metric, scale, slope, ratio float64, oneSided bool) (contrast, error) {
	treated := m.Level + scale*h.Effect
	if !(treated >= 0 && treated <= 1) {
		return contrast{}, fmt.Errorf("%w: the treatment's share would be %v", stats.ErrInvalid, treated)
	}
	if null := scale * h.null(); !(slope > 0) || !h.Relative && !(math.Abs(null) < 1) {
		return contrast{}, fmt.Errorf("%w: no two shares are a margin of %v apart", stats.ErrInvalid, h.Margin)
	}
	out := contrast{distance: scale * h.gain(oneSided), variance: m.treated(treated)/ratio + slope*slope*m.Variance}
	out.null = out.variance
	switch m.Test {
	case Wald:
	case Score:
		p0, p1 := restricted(m.Level, treated, ratio, scale*h.null(), h.Relative)
		out.null = p1*(1-p1)/ratio + slope*slope*p0*(1-p0)
	case Arcsine:
		border := m.Level + scale*h.null()
		if !(border >= 0 && border <= 1) {
			return contrast{}, fmt.Errorf("%w: the margin allows a share of %v", stats.ErrInvalid, border)
		}
		angle := 2*math.Asin(math.Sqrt(treated)) - 2*math.Asin(math.Sqrt(border))
		out.distance = math.Copysign(angle, out.distance)
		out.null = 1 + 1/ratio
		out.variance = out.null
	default:
		return contrast{}, fmt.Errorf("%w: no test %d", stats.ErrInvalid, m.Test)
	}
	return out, nil
}

// restricted are the proportions that the maximum likelihood estimates under the null tend to (Farrington and Manning 1990, section 3):
// those under which proportions p0 and p1 with shares 1 : ratio are the least unlikely, among those a null difference apart, or, for a
// relative null, in a constant proportion.
func restricted(p0, p1, ratio, null float64, relative bool) (control, treatment float64) {
	slope, shift := 1.0, null
	if relative {
		slope, shift = 1+null/p0, 0
	}
	if slope == 1 && shift == 0 {
		p := (p0 + ratio*p1) / (1 + ratio)
		return p, p
	}
	low, high := math.Max(0, -shift/slope), math.Min(1, (1-shift)/slope)
	score := func(p float64) float64 {
		q := slope*p + shift
		return p0/p - (1-p0)/(1-p) + ratio*slope*(p1/q-(1-p1)/(1-q))
	}
	inset := 1e-15 * (high - low)
	p := root.Bracketed(score, low+inset, high-inset)
	return p, slope*p + shift
}
