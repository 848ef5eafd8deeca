// Package score holds the score statistics of two proportions for their difference, ratio and odds ratio, and the limits that invert
// them: the numerics behind stats.CompareProportions, package proportion and package exact.
//
// O. Miettinen and M. Nurminen, "Comparative analysis of two rates", Statistics in Medicine 4 (1985) 213-226. Without their factor
// N/(N-1) on the variance it is R. W. Mee's score test of the difference (Biometrics 40 (1984) 1175) and P. A. R. Koopman's of the
// ratio (Biometrics 40 (1984) 513-517).
package score
