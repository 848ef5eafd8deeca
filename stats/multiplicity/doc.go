// Package multiplicity adjusts for many hypotheses: p-values, simultaneous confidence intervals, and the split of an experiment's error
// rate among the roles of its metrics.
//
// An adjusted p-value is at most alpha exactly when the procedure rejects at alpha. Prefer, in this order: a split by role declared
// before the experiment ([Roles]), because it says what each metric is for; [Holm], which needs nothing of the dependence between
// metrics; [RomanoWolf], which learns the dependence from resampling; [BenjaminiHochberg], where a share of false discoveries is
// acceptable, as in a scan over segments. [Bonferroni] and [Sidak] are there for their intervals.
//
// Adjustments take p-values in any order and give adjusted ones in the same order, each at most 1. No p-values or estimates are
// [stats.ErrTooFew]; a p-value outside [0, 1], an error rate outside (0, 1) and numbers that are not finite [stats.ErrInvalid]; an
// estimate without a standard error [stats.ErrNoVariance].
//
// # Limits
//
// Hochberg and Hommel need Simes' inequality (independence or positive dependence), Sidak needs independence or positive orthant dependence
// (it holds for two-sided tests of any jointly normal estimates), Benjamini-Hochberg independence or positive regression dependence.
// Hochberg, Hommel and Benjamini-Yekutieli's step-up have no simultaneous intervals of practical shape, and none are offered.
//
// # References
//
// S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70. Y. Hochberg, Biometrika 75 (1988) 800-802. G. Hommel, Biometrika 75 (1988)
// 383-386. Z. Šidák, JASA 62 (1967) 626-633. Y. Benjamini, Y. Hochberg, JRSS B 57 (1995) 289-300. Y. Benjamini, D. Yekutieli, Annals of
// Statistics 29 (2001) 1165-1188 and JASA 100 (2005) 71-81. J. P. Romano, M. Wolf, Econometrica 73 (2005) 1237-1282.
package multiplicity
