package bayes

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Rates compares two rates by their posterior distributions, which are independent beta distributions.
type Rates struct {
	Treatment, Control Beta
	TreatmentMean      float64
	ControlMean        float64
	Chance             float64 // that the treatment's rate is the higher one
	LossTreatment      float64 // expected loss of rate when the treatment is chosen: E max(control - treatment, 0)
	LossControl        float64 // and when the control is: E max(treatment - control, 0)
}

// CompareRates gives each variant's rate the prior Beta(a, b), so that after x successes in n units it is Beta(a+x, b+n-x). Losses are
//
//	E max(X - Y, 0) = integral of P(Y <= p) P(X > p) dp,
//
// which has no cancellation; the chance is the integral of the control's density times the treatment's tail. Parameters below 0.05 and
// impossible counts give [stats.ErrInvalid].
func CompareRates(treated, control stats.Binomial, prior Beta) (Rates, error) {
	t, err1 := posterior(treated, prior)
	c, err0 := posterior(control, prior)
	if err1 != nil {
		return Rates{}, err1
	}
	if err0 != nil {
		return Rates{}, err0
	}
	r := Rates{Treatment: t, Control: c, TreatmentMean: t.Mean(), ControlMean: c.Mean(), Chance: beyond(t, c, 0, 0)}
	// They differ by the difference of the means, which keeps the larger one as precise as the smaller.
	if r.TreatmentMean > r.ControlMean {
		r.LossTreatment = excess(c, t)
		r.LossControl = r.LossTreatment + (r.TreatmentMean - r.ControlMean)
	} else {
		r.LossControl = excess(t, c)
		r.LossTreatment = r.LossControl + (r.ControlMean - r.TreatmentMean)
	}
	return r, nil
}

// BeyondDifference is the chance that treatment - control is above a margin between -1 and 1; others give [stats.ErrInvalid].
func (r Rates) BeyondDifference(margin float64) (float64, error) {
	if !(margin > -1 && margin < 1) {
		return 0, fmt.Errorf("%w: a difference of rates of %v", stats.ErrInvalid, margin)
	}
	return beyond(r.Treatment, r.Control, margin, 0), nil
}

// BeyondLift is the chance that treatment / control - 1 is above a margin above -1; others give [stats.ErrInvalid].
func (r Rates) BeyondLift(margin float64) (float64, error) {
	if !(margin > -1 && margin <= 1e9) {
		return 0, fmt.Errorf("%w: a lift of rates of %v", stats.ErrInvalid, margin)
	}
	return beyond(r.Treatment, r.Control, 0, margin), nil
}

// smallest is the parameter below which a density reaches beyond the range of a double.
const smallest = 0.05

func posterior(b stats.Binomial, prior Beta) (Beta, error) {
	switch {
	case !(prior.A >= smallest && prior.B >= smallest && prior.A <= 1e9 && prior.B <= 1e9):
		return Beta{}, fmt.Errorf("%w: a prior of Beta(%v, %v); parameters lie between %v and 1e9", stats.ErrInvalid, prior.A, prior.B, smallest)
	case b.N < 0 || b.Successes < 0 || b.Successes > b.N:
		return Beta{}, fmt.Errorf("%w: %d successes in %d units", stats.ErrInvalid, b.Successes, b.N)
	}
	return Beta{A: prior.A + float64(b.Successes), B: prior.B + float64(b.N-b.Successes)}, nil
}

// beyond is P(T > C (1 + lift) + difference), over the control's rate.
func beyond(t, c Beta, difference, lift float64) float64 {
	slope := 1 + lift
	low, high := math.Max(-difference/slope, 0), math.Min((1-difference)/slope, 1)
	whole := integral(func(p, q float64) float64 { return c.density(p, q) / p / q }, 0, 1, c)
	part := integral(func(p, q float64) float64 {
		at, rest := difference+slope*p, slope*q-lift-difference
		if rest <= 0 || at <= 0 {
			return 0
		}
		_, upper := t.tails(at, rest)
		return c.density(p, q) / p / q * upper
	}, low, high, c, moved(t, difference, slope))
	if low > 0 { // below it the treatment is beyond for sure
		certain, _ := c.tails(low, 1-low)
		return math.Min(certain+part/whole, 1)
	}
	return math.Min(part/whole, 1)
}

// moved is a distribution with about the mean and the standard deviation that t has on the control's scale.
func moved(t Beta, difference, slope float64) Beta {
	mean, sd := (t.Mean()-difference)/slope, t.sd()/slope
	if !(mean > 0 && mean < 1) {
		return t
	}
	total := math.Max(mean*(1-mean)/sd/sd-1, 1e-3)
	return Beta{A: mean * total, B: (1 - mean) * total}
}

// excess is E max(X - Y, 0).
func excess(x, y Beta) float64 {
	return integral(func(p, q float64) float64 {
		below, _ := y.tails(p, q)
		_, above := x.tails(p, q)
		return below * above
	}, 0, 1, x, y)
}
