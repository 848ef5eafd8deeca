package stats

import (
	"fmt"
	"math"

	"liftgate/stats/internal/magnitude"
)

// Levels are the estimated levels of a metric in two variants with the covariance of their errors: what a procedure outside this
// package knows when it is done, and all that a [Contrast] needs.
type Levels struct {
	Method           string
	Treated, Control float64 // levels
	VarTreated       float64 // variances of the levels, not of single units
	VarControl       float64
	Cov              float64 // covariance of the two levels' errors
	DF               float64 // of the variance of the difference; +Inf for a normal reference
	Outside          string  // see Contrast.Outside
	Warnings         []string
}

// Contrast reads difference and lift off the levels: T(r) = (m1 - r m0) / sqrt((1, -r) V (1, -r)') against Student's t with DF
// degrees of freedom, so the lift is by Fieller's theorem. A matrix that is no covariance matrix, numbers that are not finite
// and DF <= 0 give [ErrInvalid]; no variance at all [ErrNoVariance].
func (l Levels) Contrast() (Contrast, error) {
	for _, v := range []float64{l.Treated, l.Control, math.Sqrt(math.Abs(l.VarTreated)), math.Sqrt(math.Abs(l.VarControl))} {
		if !magnitude.Fits(v) {
			return nil, fmt.Errorf("%w: a level or its standard error is %v", ErrInvalid, v)
		}
	}
	switch {
	case l.VarTreated < 0, l.VarControl < 0, !(l.Cov*l.Cov <= l.VarTreated*l.VarControl*(1+1e-9)):
		return nil, fmt.Errorf("%w: variances %v and %v with covariance %v", ErrInvalid, l.VarTreated, l.VarControl, l.Cov)
	case !(l.DF > 0):
		return nil, fmt.Errorf("%w: %v degrees of freedom", ErrInvalid, l.DF)
	case l.VarTreated == 0 && l.VarControl == 0:
		return nil, fmt.Errorf("%w: neither level has an error", ErrNoVariance)
	}
	return &pair{
		method: l.Method, m1: l.Treated, m0: l.Control, v11: l.VarTreated, v00: l.VarControl, v10: l.Cov, df: l.DF,
		outside: l.Outside, warnings: l.Warnings,
	}, nil
}

// LevelsOf are the levels behind a contrast, and false where it has none: where it is not read off two levels and their covariance, as that
// of proportions. Other procedures on the same data start from them.
func LevelsOf(c Contrast) (Levels, bool) {
	l, ok := c.(interface{ levels() Levels })
	if !ok {
		return Levels{}, false
	}
	return l.levels(), true
}

func (p *pair) levels() Levels {
	return Levels{
		Method: p.method, Treated: p.m1, Control: p.m0, VarTreated: p.v11, VarControl: p.v00, Cov: p.v10, DF: p.df,
		Outside: p.outside, Warnings: p.warnings,
	}
}
