package mean

import "liftgate/stats"

// Welch is B. L. Welch's t test (Biometrika 34 (1947) 28-35), each variant with its own variance, with Satterthwaite's degrees of freedom:
// the numbers of [stats.CompareMeans]. Errors are those of [stats.CompareMeans]; with [stats.ErrNoVariance] the result still holds the two
// means and their difference, with a standard error of zero, and NaN for all that a test would say.
func Welch(treated, control stats.Moments, o Options) (Result, error) {
	return test(treated, control, ByWelch, o)
}
