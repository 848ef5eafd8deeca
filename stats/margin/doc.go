// Package margin tests whether a treatment is not worse than a margin allows (non-inferiority) or within margins on both sides
// (equivalence), for any contrast.
//
// Its opinion: equivalence is two one-sided tests, each at alpha, and needs no correction; the interval to draw beside it has the level
// 1 - 2 alpha. A relative margin is tested as a ratio, with the control's noise in it, and not by multiplying the control's observed
// level. A test that found no difference is no proof of equivalence.
//
// Limits: those of the [stats.Contrast]. A relative margin takes a control that is clearly not zero; else nothing is proven.
//
// References: D. J. Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15 (1987) 657-680; D. Hauschke, M. Kieser, E. Diletti, M. Burke,
// "Sample size determination for proving equivalence based on the ratio of two means", Statistics in Medicine 18 (1999) 93-105.
package margin
