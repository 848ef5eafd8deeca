// Package skewed keeps moments up to the third power, so that parts of an experiment that are put together later can still be asked how
// skewed their values are.
//
// Its opinion: central third powers merge as exactly as squares do, so nothing but them has to be kept of a unit's value; a procedure that
// leans on the normality of means ([stats.OutsideSkewness]) needs no second look at the data.
//
//	vectors  ->  sums of powers (Powers, Sum)  ->  Moments  ->  Merge  ->  Skewness
//
// Sums of powers can be added to and taken from, which moments cannot: a unit whose value changes leaves with its old value and enters with
// its new one. That costs digits, so a [Sum] has twice the precision of a float64.
//
// # Limits
//
// Third powers are taken of one or two components, the parts of a mean or a ratio. Those of numbers beyond 1e102 are not finite, and
// neither are the moments then.
//
// References: P. P. Pébay, "Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order Statistical Moments",
// Sandia report SAND2008-6212 (2008), eq. 2.1 and 3.13; T. Ogita, S. M. Rump, S. Oishi, "Accurate Sum and Dot Product", SIAM Journal on
// Scientific Computing 26 (2005) 1955-1988, algorithms 4.4 and 5.3.
package skewed
