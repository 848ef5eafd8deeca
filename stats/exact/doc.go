// Package exact tests two proportions without any approximation: by the conditional distribution of the table given all successes
// (Fisher), or by the binomials themselves at the common proportion that suits the null best (Barnard, Boschloo, Unconditional).
//
// Its opinion: a verdict and the intervals beside it come from one test. [Fisher]'s interval is one of the odds ratio, [Barnard] and
// [Boschloo] have none, so none of them decides: the score test of stats.CompareProportions does, and their p-values stand beside it.
// [Unconditional] gives a p-value and the intervals of the difference and of the ratio that invert the same exact test: it decides
// where the score test lies outside its region of validity and the table is small enough. [Compare] applies this rule.
//
// All are conservative: they reject a true null at most as often as they say, often far less. Unconditional's intervals are so
// to the resolution at which it looks hypotheses up.
//
// No units in a variant are [stats.ErrTooFew]; counts that no data can give, a level outside (0, 1) and tables that are too large for a
// test are [stats.ErrInvalid].
//
// # Limits
//
// Two variants of independent units. Fisher takes any table; Barnard and Boschloo up to [MaxUnits] units, Unconditional up to
// [MaxTables] possible outcomes.
//
// # References
//
// R. A. Fisher, JRSS 98 (1935) 39-82; G. A. Barnard, Biometrika 34 (1947) 123-138; R. D. Boschloo, Statistica Neerlandica 24 (1970)
// 1-35; I. S. F. Chan and Z. Zhang, Biometrics 55 (1999) 1202-1209; M. P. Fay, Biostatistics 11 (2010) 373-374.
package exact
