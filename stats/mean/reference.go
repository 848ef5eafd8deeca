package mean

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Reference is the distribution that a statistic of two means is referred to, with the variances that go with it.
type Reference string

const (
	ByWelch  Reference = "welch"  // Student's t with Satterthwaite's degrees of freedom
	ByPooled Reference = "pooled" // Student's t with one variance
	ByNormal Reference = "z"      // the normal distribution
)

// Levels are those of two means as a reference takes them: what lifts, margins and other procedures start from. Errors as [Welch].
func Levels(treated, control stats.Moments, by Reference) (stats.Levels, error) {
	c, err := stats.CompareMeans(treated, control)
	if err != nil {
		return stats.Levels{}, err
	}
	l, _ := stats.LevelsOf(c)
	l.Method = string(by)
	if by == ByPooled {
		return pool(l, treated, control), nil
	}
	return by.Of(l)
}

// Of refers levels of any kind to the distribution: with [ByWelch] they stay as they are, with [ByNormal] their degrees of freedom become
// infinite. [ByPooled] is for [Levels] only: it and unknown references give [stats.ErrInvalid].
func (by Reference) Of(l stats.Levels) (stats.Levels, error) {
	switch by {
	case ByWelch:
		return l, nil
	case ByNormal:
		l.DF = math.Inf(1)
		return l, nil
	}
	return stats.Levels{}, fmt.Errorf("%w: no reference %q here; there are welch and z, for means also pooled", stats.ErrInvalid, by)
}

func test(treated, control stats.Moments, by Reference, o Options) (Result, error) {
	l, err := Levels(treated, control, by)
	if err != nil {
		return untested(by, treated, control), err
	}
	return Of(l, o)
}

// untested is what there is to say about two variants that no test compares: their means, where they have any.
func untested(by Reference, treated, control stats.Moments) Result {
	no := math.NaN()
	r := Result{
		Method: string(by), Control: no, ControlSE: no, Treatment: no, TreatmentSE: no,
		Difference:    stats.Estimate{Estimate: no, StdError: no, Lower: no, Upper: no},
		LowerOneSided: no, UpperOneSided: no, Statistic: no, DF: no, PValue: no, LogPValue: no, PGreater: no, PLess: no,
		Lift: stats.Lift{Estimate: no, Lower: no, Upper: no},
	}
	if treated.Dim() != 1 || control.Dim() != 1 || treated.N < 1 || control.N < 1 {
		return r
	}
	if by == ByPooled {
		r.DF = float64(treated.N + control.N - 2)
	}
	r.Control, r.Treatment = control.Means[0], treated.Means[0]
	r.Difference.Estimate = r.Treatment - r.Control
	if treated.Cov(0, 0) == 0 && control.Cov(0, 0) == 0 {
		r.ControlSE, r.TreatmentSE, r.Difference.StdError = 0, 0, 0
	}
	return r
}
