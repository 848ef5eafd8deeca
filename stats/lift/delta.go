package lift

import (
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Delta is the plain delta method: with R = treatment / control, the standard error of R - 1 is
//
//	sqrt(V11 - 2 R V10 + R² V00) / |control|
//
// and the interval is symmetric: A. Deng, U. Knoblich, J. Lu, KDD 2018, section 3.1. It may reach below -1.
//
// Valid when the control's standard error is below a tenth of it. Errors: [stats.ErrZeroDenominator] for a control of zero, and those of
// [stats.Levels].
func Delta(l stats.Levels, level float64) (Interval, error) {
	if err := check(l, level); err != nil {
		return Interval{}, err
	}
	ratio := l.Treated / l.Control
	lift := (l.Treated - l.Control) / l.Control
	se := math.Sqrt(math.Max(l.VarTreated-2*ratio*l.Cov+ratio*ratio*l.VarControl, 0)) / math.Abs(l.Control)
	half := dist.StudentISF((1-level)/2, l.DF) * se
	return Interval{
		Lift: lift, StdError: se, DF: l.DF, PValue: twoSided(lift, se, l.DF),
		Lower: lift - half, Upper: lift + half,
	}, nil
}
