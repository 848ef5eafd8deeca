// Package bootstrap gives intervals by resampling units, for metrics whose standard error has no formula, and to check those
// that have.
//
// Its opinion: resample what was randomised, so rows of one unit stay together; draw with Poisson(1) weights, which need no
// knowledge of other units and so can be drawn anywhere; and report the interval that corrects for bias and skewness (BCa)
// beside the plain percentiles. Each draw has a generator of its own, seeded by (seed, draw): results do not depend on how many
// workers compute them.
//
// # Limits
//
// The bootstrap is as blind as its sample: with fewer than about 30 units a variant (200 where values are skewed), for extreme
// quantiles and for tails that few units make, it is too optimistic. A hypothesis is better tested by a procedure with a [stats.Contrast].
//
// References: B. Efron, JASA 82 (1987) 171-185; A. C. Davison, D. V. Hinkley, Bootstrap Methods and their Application (1997);
// N. Chamandy, O. Muralidharan, A. Najmi, S. Naidu, "Estimating uncertainty for massive data streams" (2012).
package bootstrap
