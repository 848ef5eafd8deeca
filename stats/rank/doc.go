// Package rank compares samples by the order of their values: Mann and Whitney's test, Hodges and Lehmann's shift, Kolmogorov and
// Smirnov's distance.
//
// Its opinion: ranks answer "does a value of the treatment tend to be larger", not "is the mean larger": use them beside a mean,
// not in its place. Ties are counted, never broken. Exact distributions are used while they are cheap, and results hold both.
//
// Values must be independent and finite. No values give [stats.ErrTooFew], values that are not finite [stats.ErrInvalid].
//
// References: H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics 18 (1947) 50-60; J. L. Hodges, E. L. Lehmann, Annals
// of Mathematical Statistics 34 (1963) 598-611; E. L. Lehmann, Nonparametrics (1975); J. L. Hodges, Arkiv för Matematik 3
// (1958) 469-486.
package rank
