package mean

import "liftgate/stats"

// Pooled is Student's t test for two samples of one variance (Biometrika 6 (1908) 1-25): with s² the variance within variants,
// divisor n1 + n0 - 2, the standard error is s sqrt(1/n1 + 1/n0).
//
// Valid when the variances are equal, or the variants of equal size. Errors as [Welch].
func Pooled(treated, control stats.Moments, o Options) (Result, error) {
	return test(treated, control, ByPooled, o)
}

// pool gives both means the variance within variants.
func pool(l stats.Levels, treated, control stats.Moments) stats.Levels {
	n1, n0 := float64(treated.N), float64(control.N)
	l.DF = n1 + n0 - 2
	within := (treated.Cov(0, 0)*(n1-1) + control.Cov(0, 0)*(n0-1)) / l.DF
	l.VarTreated, l.VarControl = within/n1, within/n0
	return l
}
