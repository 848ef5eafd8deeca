// Package mean tests the difference of two means from counts, sums and sums of squares: Welch's t, the pooled t and z, with everything that
// each of them says.
//
// Its opinion: use Welch. The pooled t test has wrong errors as soon as the variants differ in variance and in size; z leaves out that
// the variances are estimated. Both are here to reproduce what other tools print. An analysis uses [stats.CompareMeans], whose numbers
// [Welch] gives.
//
// Limits: means must be about normal; see [stats.CompareMeans] and [stats.OutsideSkewness].
//
// References: B. L. Welch, Biometrika 34 (1947) 28-35; F. E. Satterthwaite, Biometrics Bulletin 2 (1946) 110-114; Student, Biometrika 6
// (1908) 1-25.
package mean
