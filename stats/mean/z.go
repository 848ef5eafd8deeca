package mean

import "liftgate/stats"

// Z refers Welch's statistic to the normal distribution instead of Student's t: its errors are too many for small samples, by what the
// estimated variances add. Errors as [Welch].
func Z(treated, control stats.Moments, o Options) (Result, error) {
	return test(treated, control, ByNormal, o)
}
