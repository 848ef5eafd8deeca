package lift

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Interval is an approximate confidence interval of a lift.
type Interval struct {
	Lift         float64 // treatment / control - 1
	StdError     float64 // of the lift; of log(treatment / control) for [LogDelta]
	DF           float64 // +Inf for normal quantiles
	PValue       float64 // two-sided, against no lift
	Lower, Upper float64
}

// check says whether levels can have a lift at a level of confidence.
func check(l stats.Levels, level float64) error {
	if !(level > 0 && level < 1) {
		return fmt.Errorf("%w: a level of %v, it must lie between 0 and 1", stats.ErrInvalid, level)
	}
	if _, err := l.Contrast(); err != nil {
		return err
	}
	if l.Control == 0 {
		return fmt.Errorf("%w: the control's level is zero, so no lift exists; read the difference", stats.ErrZeroDenominator)
	}
	return nil
}

// twoSided is the p-value of an estimate against zero; without any error an estimate of zero proves nothing.
func twoSided(estimate, se, df float64) float64 {
	if estimate == 0 {
		return 1
	}
	return 2 * dist.StudentSF(math.Abs(estimate)/se, df)
}
