// Package lift puts confidence sets on a relative difference, treatment / control - 1, of two estimated levels.
//
// Its opinion: use [Fieller], which an analysis does. It inverts the same test as the difference, so the two never contradict each other,
// and it says when the control is too near zero for a lift to be bounded. [Delta] and [LogDelta] are first-order approximations, good
// when the control's relative standard error is below a tenth, and here to reproduce what other tools print.
//
// Levels with their variances, covariance and degrees of freedom come from [stats.LevelsOf], mean.Levels or ratio.Levels; DF = +Inf gives
// normal quantiles.
//
// References: E. C. Fieller, J. R. Statist. Soc. B 16 (1954) 175-185; A. Deng, U. Knoblich, J. Lu, "Applying the Delta Method in Metric
// Analytics", KDD 2018; V. H. Franz, "Ratios: A short guide to confidence limits and proper use" (2007).
package lift
