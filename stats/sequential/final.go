package sequential

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// Final is what a sequence of looks says at its end, with stopping early taken into account.
type Final struct {
	Look     int     // at which it ended, from 1
	Naive    float64 // the estimate without correction, Z / sqrt(information), and its standard error
	StdError float64
	// PValue is the one-sided p-value against an effect of zero in the stage-wise ordering: ending earlier above is more extreme.
	PValue float64
	// Estimate is median-unbiased: the effect at which the p-value is 1/2. Lower and Upper are those at which it is alpha and 1 - alpha, so
	// their level is 1 - 2 alpha.
	Estimate, Lower, Upper float64
	// RepeatedLower and RepeatedUpper hold whether the stopping rule was obeyed or not (Jennison and Turnbull 1989): Naive -+ bound x
	// StdError.
	RepeatedLower, RepeatedUpper float64
}

// Final analyses looks that ended at the last of them with statistic z and the given information (1 / standard error²). The bounds are
// those of all looks up to it, in fractions of any plan; alpha is the level on one side. Bounds at the last look matter only for the
// repeated interval.
//
// Stage-wise ordering: A. A. Tsiatis, G. L. Rosner, C. R. Mehta, Biometrics 40 (1984) 797-803; Jennison and Turnbull 2000, sections 8.4
// and 8.5. Repeated intervals: C. Jennison and B. W. Turnbull, JRSS B 51 (1989) 305-361.
func (b Bounds) Final(alpha, z, information float64) (Final, error) {
	if err := b.check(); err != nil {
		return Final{}, err
	}
	if !(alpha > 0 && alpha < 0.5) {
		return Final{}, fmt.Errorf("%w: a level of %v on one side", stats.ErrInvalid, alpha)
	}
	if !(information > 0) || math.IsInf(information, 0) || !(math.Abs(z) <= largestDrift) {
		return Final{}, fmt.Errorf("%w: a statistic of %v with information %v", stats.ErrInvalid, z, information)
	}
	last := len(b.Fractions) - 1
	se := 1 / math.Sqrt(information)
	at := func(p float64) float64 { return b.effect(z, p) * se }
	out := Final{
		Look: last + 1, Naive: z * se, StdError: se,
		PValue: math.Exp(b.logStagewise(z, 0)), Estimate: at(0.5), Lower: at(alpha), Upper: at(1 - alpha),
	}
	out.RepeatedLower = out.Naive - b.Upper[last]*se
	out.RepeatedUpper = out.Naive + b.Upper[last]*se
	return out, nil
}

// logStagewise is the logarithm of the one-sided p-value of a statistic at the last look under an effect, in units of the standard
// error there.
func (b Bounds) logStagewise(z, effect float64) float64 {
	last := len(b.Fractions) - 1
	w := walk{drift: effect / math.Sqrt(b.Fractions[last])}
	earlier := math.Inf(-1)
	for k, t := range b.Fractions[:last] {
		earlier = logAdd(earlier, w.logAbove(t, b.Upper[k]))
		w.step(t, b.lower(k), b.Upper[k], b.Fractions[k+1])
	}
	return logAdd(earlier, w.logAbove(b.Fractions[last], z))
}

// effect is the one at which the stage-wise p-value of z is p, in standard errors at the last look.
func (b Bounds) effect(z, p float64) float64 {
	short := func(effect float64) float64 {
		return dist.NormalISF(p) - dist.NormalISF(math.Min(math.Exp(b.logStagewise(z, effect)), 1-1e-16))
	}
	low, high := z-1, z+1
	for range 60 {
		if short(low) <= 0 {
			break
		}
		low -= 2 * (high - low)
	}
	for range 60 {
		if short(high) >= 0 {
			break
		}
		high += 2 * (high - low)
	}
	return root.Bracketed(short, low, high)
}

func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}
