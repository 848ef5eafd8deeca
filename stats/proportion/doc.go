// Package proportion holds the tests and intervals of proportions: the one that decides, and those it is read beside.
//
//	question                        recommended                    beside it
//	one proportion                  Wilson                         Clopper-Pearson (never below its level), Jeffreys
//	two proportions                 stats.CompareProportions       Score, Z, Newcombe, AgrestiCaffo, Woolf; package exact
//	no worse than a margin          FarringtonManning              Newcombe's limit
//	table of variants and outcomes  ChiSquare                      G
//
// Its opinion: a score interval, which asks each difference whether the data fit it, keeps its level where the plain (Wald) interval
// does not, at proportions near 0 and 1 with few events. An interval and a p-value that are shown together invert the same
// test; Z is here because other tools print it.
//
// Levels lie between 0 and 1, both excluded, and limits are shares or differences of shares, not percent. No units in a variant, and a
// table with fewer than two rows or columns of units, are [stats.ErrTooFew]; counts that no data can give, and other levels or margins,
// [stats.ErrInvalid].
//
// # Limits
//
// Units are independent. What counts is events, successes or failures, whichever are fewer, not units: see the region of validity of
// each procedure.
//
// # References
//
// R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872 and 873-890; L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16
// (2001) 101-133; O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985) 213-226; C. P. Farrington and G. Manning, Statistics
// in Medicine 9 (1990) 1447-1454.
package proportion
