package ratio

import (
	"liftgate/stats"
	"liftgate/stats/lift"
	"liftgate/stats/mean"
)

// Result compares two ratios, with the lift by the delta method in both scales. LogDelta is nil for ratios whose signs differ, and both
// lifts for a control of zero.
type Result struct {
	mean.Result
	Delta    *lift.Interval
	LogDelta *lift.Interval
}

// Compare compares ratios of totals from moments of (numerator, denominator) a unit. With by = [mean.ByWelch] it gives the numbers of
// [stats.CompareRatios]; with [mean.ByNormal] normal quantiles, as most tools have them. Errors as [stats.CompareRatios].
func Compare(treated, control stats.Moments, by mean.Reference, o mean.Options) (Result, error) {
	l, err := Levels(treated, control, by)
	if err != nil {
		return Result{}, err
	}
	tested, err := mean.Of(l, o)
	if err != nil {
		return Result{}, err
	}
	r := Result{Result: tested}
	level := o.Level
	if level == 0 {
		level = 0.95
	}
	if delta, err := lift.Delta(l, level); err == nil {
		r.Delta = &delta
	}
	if log, err := lift.LogDelta(l, level); err == nil {
		r.LogDelta = &log
	}
	return r, nil
}

// Levels are the two ratios with the delta method's variances. Errors as [stats.CompareRatios]; the pooled variance is for means only.
func Levels(treated, control stats.Moments, by mean.Reference) (stats.Levels, error) {
	c, err := stats.CompareRatios(treated, control)
	if err != nil {
		return stats.Levels{}, err
	}
	l, _ := stats.LevelsOf(c)
	return by.Of(l)
}
