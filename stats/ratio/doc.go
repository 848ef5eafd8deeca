// Package ratio compares ratios of two totals, sum of numerators / sum of denominators, by the delta method over units.
//
// Its opinion: a ratio of totals and not a mean of ratios; units, and not their events, are what varies. An analysis uses
// [stats.CompareRatios], whose numbers [Compare] gives, with the lift by Fieller's theorem; the lift by the delta method stands beside it.
//
// [Linearise] turns numerators and denominators into values whose means are the ratios and whose covariances are the delta method's, so
// that whatever takes means takes ratios: covariate adjustment of a ratio by a ratio, for one.
//
// Limits: the mean denominator must be well away from zero, see [stats.CompareRatios].
//
// References: A. Deng, U. Knoblich, J. Lu, "Applying the Delta Method in Metric Analytics", KDD 2018; W. G. Cochran, Sampling Techniques
// (1977), chapter 6.
package ratio
