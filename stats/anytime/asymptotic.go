package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Tuning says where a sequence is to be narrowest. Either Rho is given, or it follows from Target and Alpha.
type Tuning struct {
	Target float64 // number of units, both variants together
	Alpha  float64 // level at which it is to be narrowest; 0 means 0.05
	Rho    float64 // standard deviation of the prior in units of a unit's noise; 0 means the closed form at Target
}

// Scale is the standard deviation of the prior, in standard deviations of one unit: Waudby-Smith et al. (2024), appendix B.2.
func (t Tuning) Scale() (float64, error) {
	if t.Rho != 0 {
		return t.Rho, positive("rho", t.Rho)
	}
	if t.Alpha == 0 {
		t.Alpha = 0.05
	}
	if err := checkAlpha(t.Alpha); err != nil {
		return 0, err
	}
	return 1 / math.Sqrt(NormalMixture{}.Tuned(t.Target, t.Alpha).Rho), positive("the target", t.Target)
}

// Look is an estimate at one moment.
type Look struct {
	Estimate, StdError float64
	Units              float64 // behind the estimate: of both variants of a difference
}

// Sequence is one moment of an asymptotic confidence sequence.
type Sequence struct {
	Rho          float64
	Half         float64 // half the width
	Lower, Upper float64
	LogE         float64 // against the null
	PValue       float64
}

// Asymptotic is the confidence sequence at level 1 - alpha, and the evidence against an effect of null (zero, or a margin):
//
//	estimate -+ se sqrt(N) sqrt(2 (N rho² + 1) / (N² rho²) ln(sqrt(N rho² + 1) / alpha))
//
// (Waudby-Smith et al. 2024, theorem 2.2; the difference of two means by their section 3). It is the normal mixture at V = N with precision
// 1/rho², for estimates whose errors are asymptotically normal with variance known well.
func Asymptotic(l Look, t Tuning, alpha, null float64) (Sequence, error) {
	rho, err := t.Scale()
	if err != nil {
		return Sequence{}, err
	}
	if err := checkAlpha(alpha); err != nil {
		return Sequence{}, err
	}
	if err := l.check(); err != nil {
		return Sequence{}, err
	}
	if !magnitude.Fits(null) {
		return Sequence{}, fmt.Errorf("%w: a null of %v", stats.ErrInvalid, null)
	}
	mixture := NormalMixture{Rho: 1 / (rho * rho)}
	bound, err := mixture.Boundary(l.Units, alpha)
	if err != nil {
		return Sequence{}, err
	}
	half := bound / math.Sqrt(l.Units) * l.StdError
	logE := mixture.LogE((l.Estimate-null)/l.StdError*math.Sqrt(l.Units), l.Units)
	return Sequence{
		Rho: rho, Half: half, Lower: l.Estimate - half, Upper: l.Estimate + half, LogE: logE, PValue: pValue(logE),
	}, nil
}

func (l Look) check() error {
	if !magnitude.Fits(l.Estimate) {
		return fmt.Errorf("%w: an estimate of %v", stats.ErrInvalid, l.Estimate)
	}
	if l.StdError == 0 {
		return fmt.Errorf("%w: the estimate has no error", stats.ErrNoVariance)
	}
	if err := positive("the standard error", l.StdError); err != nil {
		return err
	}
	return positive("the number of units", l.Units)
}
