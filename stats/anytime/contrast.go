package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// Contrast is a comparison at one look, made always-valid: the same estimates, wider intervals, and p-values that may be read at every
// look. Units are those behind it, in both variants (clusters, when they are randomised).
//
// A two-sided p-value p of the look becomes a normal statistic z with the same p, and that the evidence of the normal mixture at V =
// units. So the null that the sequence rejects at alpha are those that the look rejects at another level, far below alpha: difference and
// lift stay one test on two scales, whatever the procedure.
func Contrast(look stats.Contrast, units float64, t Tuning) (stats.Contrast, error) {
	rho, err := t.Scale()
	if err != nil {
		return nil, err
	}
	if err := positive("the number of units", units); err != nil {
		return nil, err
	}
	return &sequence{Contrast: look, units: units, mixture: NormalMixture{Rho: 1 / (rho * rho)}}, nil
}

// sequence is a contrast at one moment of a confidence sequence.
type sequence struct {
	stats.Contrast
	units   float64
	mixture NormalMixture
}

func (s *sequence) Method() string { return "always-valid " + s.Contrast.Method() }

func (s *sequence) PDifference(null float64) float64 { return s.valid(s.Contrast.PDifference(null)) }

func (s *sequence) PLift(null float64) float64 { return s.valid(s.Contrast.PLift(null)) }

// valid is the sequence's p-value for one of the look.
func (s *sequence) valid(p float64) float64 {
	z := dist.NormalISF(p / 2)
	return pValue(s.mixture.LogE(z*math.Sqrt(s.units), s.units))
}

// critical is the |z| that the sequence needs to reject at 1 - level.
func (s *sequence) critical(level float64) float64 {
	v, rho := s.units, s.mixture.Rho
	return math.Sqrt((v + rho) / v * (math.Log1p(v/rho) - 2*math.Log1p(-level)))
}

// finest is the smallest 1 - level that a level can express.
const finest = 1e-13

// Difference has the look's interval at the level that the sequence needs, found from p-values where no number expresses that level.
func (s *sequence) Difference(level float64) stats.Estimate {
	z := s.critical(level)
	outer := 2 * dist.NormalSF(z)
	if outer >= finest {
		return s.Contrast.Difference(1 - outer)
	}
	e := s.Contrast.Difference(level)
	e.Lower = s.limit(e.Estimate, -e.StdError, z)
	e.Upper = s.limit(e.Estimate, e.StdError, z)
	return e
}

// limit is the null on one side of the estimate at which the look's p-value is that of z. It is infinite where p-values underflow before.
func (s *sequence) limit(estimate, step, z float64) float64 {
	short := func(k float64) float64 {
		return dist.NormalISF(s.Contrast.PDifference(estimate+k*step)/2) - z
	}
	const far = 1e6
	if !(short(far) > 0) || math.IsInf(dist.NormalISF(s.Contrast.PDifference(estimate+z*step)/2), 1) {
		return math.Copysign(math.Inf(1), step)
	}
	return estimate + root.Bracketed(short, 0, far)*step
}

// Lift has the look's set at the level that the sequence needs. Early, where no number expresses that level, it is not bounded.
func (s *sequence) Lift(level float64) stats.Lift {
	outer := 2 * dist.NormalSF(s.critical(level))
	if outer >= finest {
		return s.Contrast.Lift(1 - outer)
	}
	return stats.Lift{
		Estimate: s.Contrast.Lift(level).Estimate, Lower: math.NaN(), Upper: math.NaN(), Shape: stats.All,
		Reason: "too early: the sequence is tuned to many times as many units",
	}
}

const (
	// fewUnits is where the central limit theorem has to hold for a look to count.
	fewUnits = 100
)

func (s *sequence) Outside() string {
	if reason := s.Contrast.Outside(); reason != "" || s.units >= fewUnits {
		return reason
	}
	return fmt.Sprintf("only %.0f units: an asymptotic confidence sequence starts at %d", s.units, fewUnits)
}
