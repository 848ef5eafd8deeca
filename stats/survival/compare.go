package survival

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// CompareSurvival compares the shares without an event up to a time, any event counted: the difference by Wald with Greenwood's
// errors, against the normal.
//
// Valid from 10 events and 10 observations past the time in each group on, 80 events where one group is more than twice the
// other. No one observed up to the time, and a group of which no one survives, are [stats.ErrTooFew].
func CompareSurvival(treated, control Table, time float64) (stats.Contrast, error) {
	if err := checkBoth(treated, control); err != nil {
		return nil, err
	}
	if err := checkHorizon(treated, control, time); err != nil {
		return nil, err
	}
	s1, r1 := treated.survival(time)
	s0, r0 := control.survival(time)
	if s1 == 0 || s0 == 0 {
		return nil, fmt.Errorf("%w: no one in a group survives to %v, so its error is not known", stats.ErrTooFew, time)
	}
	return stats.Levels{
		Method: "kaplan-meier", Treated: s1, Control: s0, VarTreated: s1 * s1 * r1, VarControl: s0 * s0 * r0,
		DF: math.Inf(1), Outside: outside(treated, control, time),
	}.Contrast()
}

// Level is an estimate of a curve: a [Point], an [Incidence] or a [RestrictedMean].
type Level interface {
	level() (estimate, variance float64)
}

func (p Point) level() (estimate, variance float64) { return p.Survival, p.StdError * p.StdError }

func (i Incidence) level() (estimate, variance float64) { return i.Incidence, i.Variance }

func (r RestrictedMean) level() (estimate, variance float64) { return r.Mean, r.StdError * r.StdError }

// Differences are those of two lists of levels, treatment minus control, with Wald intervals. They are given in any case: also where
// nothing has happened yet, with an error of 0, and where no one survives, with NaN. Tests are those of the functions that
// compare.
func Differences[L Level](treated, control []L, level float64) []stats.Estimate {
	out := make([]stats.Estimate, min(len(treated), len(control)))
	z := dist.NormalISF((1 - level) / 2)
	for i := range out {
		t, v1 := treated[i].level()
		c, v0 := control[i].level()
		se := math.Sqrt(v1 + v0)
		out[i] = stats.Estimate{Estimate: t - c, StdError: se, Lower: t - c - z*se, Upper: t - c + z*se}
	}
	return out
}
