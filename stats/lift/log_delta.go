package lift

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/degrees"
	"liftgate/stats/internal/dist"
)

// LogDelta is the delta method for log(treatment / control), whose standard error is
//
//	sqrt(V11 / treatment² - 2 V10 / (treatment control) + V00 / control²),
//
// carried back: its interval is never below -1. It needs levels of one sign; others give [stats.ErrInvalid]. For the rest as [Delta].
func LogDelta(l stats.Levels, level float64) (Interval, error) {
	if err := checkSigns(l, level); err != nil {
		return Interval{}, err
	}
	lift := (l.Treated - l.Control) / l.Control
	log := math.Log1p(lift)
	se := math.Sqrt(math.Max(l.VarTreated/l.Treated/l.Treated-2*l.Cov/l.Treated/l.Control+l.VarControl/l.Control/l.Control, 0))
	half := dist.StudentISF((1-level)/2, l.DF) * se
	return Interval{
		Lift: lift, StdError: se, DF: l.DF, PValue: twoSided(log, se, l.DF),
		Lower: math.Expm1(log - half), Upper: math.Expm1(log + half),
	}, nil
}

func checkSigns(l stats.Levels, level float64) error {
	if err := check(l, level); err != nil {
		return err
	}
	if !(l.Treated/l.Control > 0) {
		return fmt.Errorf("%w: levels of %v and %v, whose ratio has no logarithm; use Fieller's theorem or read the difference", stats.ErrInvalid, l.Treated, l.Control)
	}
	return nil
}

// LogDF is Satterthwaite's degrees of freedom of the variance of log(treatment / control) for independent levels, each variance with its
// own degrees of freedom: those that belong to [LogDelta], where the difference's are often used. Errors as [LogDelta].
func LogDF(l stats.Levels, dfTreated, dfControl float64) (float64, error) {
	if err := checkSigns(l, 0.5); err != nil {
		return 0, err
	}
	if !(dfTreated > 0 && dfControl > 0) || l.Cov != 0 {
		return 0, fmt.Errorf("%w: %v and %v degrees of freedom, a covariance of %v", stats.ErrInvalid, dfTreated, dfControl, l.Cov)
	}
	v1, v0 := l.VarTreated/l.Treated/l.Treated, l.VarControl/l.Control/l.Control
	return degrees.Satterthwaite([]float64{v1, v0}, []float64{dfTreated, dfControl}), nil
}
