package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Hybrid watches for harm at every look by a confidence sequence, and leaves benefit to one analysis at the end, fixed or group-sequential.
type Hybrid struct {
	HarmAlpha float64 // error of the watch, over all looks and both sides
	Alpha     float64 // error of the final analysis, both sides
	Tuning    Tuning
	// Margin is the harm that is tolerated, a positive magnitude; 0 watches for any.
	Margin        float64
	LowerIsBetter bool
}

// Watch says whether harm was seen, and what the two parts may be wrong together.
type Watch struct {
	Harm      int // the first look, from 1, whose interval lies wholly beyond the margin; 0 for none
	Sequences []Sequence
	PValue    float64 // smallest so far against "no worse than the margin", two-sided as the intervals are
	// Errors add up. FalseStop is the chance to stop for harm when there is none beyond the margin, FalseLaunch to launch what does no good,
	// EitherError the bound on any error of the two; LostPower the most that the watch can take from the power of the end.
	FalseStop, FalseLaunch, EitherError, LostPower float64
}

// Watch goes over the looks so far.
//
// A watch can only stop, so it never adds to false launches: their chance stays that of the final analysis, alpha/2 on the good side. A
// false stop has chance harmAlpha at most by Ville's inequality, over all looks and both sides (by symmetry about half of that on the
// harmful one); that is also the most by which power can fall. By Bonferroni's inequality any error at all has chance harmAlpha + alpha
// at most.
func (h Hybrid) Watch(looks []Look) (Watch, error) {
	if err := checkAlpha(h.Alpha); err != nil {
		return Watch{}, err
	}
	if !(h.Margin >= 0) || math.IsInf(h.Margin, 0) {
		return Watch{}, fmt.Errorf("%w: a margin of %v, it is a positive magnitude", stats.ErrInvalid, h.Margin)
	}
	null := -h.Margin
	if h.LowerIsBetter {
		null = h.Margin
	}
	out := Watch{
		PValue: 1, FalseStop: h.HarmAlpha, FalseLaunch: h.Alpha / 2, EitherError: h.HarmAlpha + h.Alpha, LostPower: h.HarmAlpha,
	}
	for k, look := range looks {
		s, err := Asymptotic(look, h.Tuning, h.HarmAlpha, null)
		if err != nil {
			return Watch{}, fmt.Errorf("look %d: %w", k+1, err)
		}
		out.Sequences = append(out.Sequences, s)
		harmful := look.Estimate < null
		if h.LowerIsBetter {
			harmful = look.Estimate > null
		}
		if harmful {
			out.PValue = math.Min(out.PValue, s.PValue)
		}
		if out.Harm == 0 && harmful && (s.Upper < null || s.Lower > null) {
			out.Harm = k + 1
		}
	}
	return out, nil
}
