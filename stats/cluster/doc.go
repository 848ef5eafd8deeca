// Package cluster infers effects where whole clusters were randomised (merchants) and the units in them (shoppers) are not independent.
//
//	question                                  procedure
//	mean or ratio, from moments by cluster    Compare: Hajek ratio, CR2, Satterthwaite, adjusted for covariates
//	every cluster counts the same             Compare on Means
//	a regression, from cross-products         Regress: CR0, CR1, CR1S, CR2, CR3
//	few clusters, one coefficient             Regression.Wild: restricted wild cluster bootstrap
//	pairs                                     Pairs, ClusterPairs
//	how unequal, how alike                    Diagnostics, ICC
//
// Its opinion:
//   - A standard error that counts units where clusters were randomised is wrong, so nothing here offers one.
//   - The number of clusters is not what counts but how evenly the units lie in them: see [Diagnostics].
//   - CR2 with Satterthwaite's degrees of freedom (R. Bell, D. McCaffrey, Survey Methodology 28 (2002) 169-181; J. Pustejovsky, E. Tipton,
//     J. Business & Economic Statistics 36 (2018) 672-683) is what to use; CR0, CR1 and CR1S are there to be compared with.
//   - Below 40 effective clusters, or with one that holds over a tenth of its variant, package randomisation decides.
//
// Everything is computed from sums by cluster: no matrix has more rows than there are regressors (times two with weights).
//
// # Limits
//
// A cluster has one variant. Means over clusters must be about normal: few clusters that make all events are not seen in sizes, and a
// comparison's region of validity speaks of sizes only. Effects that grow with a cluster's size make the mean over units and the mean over
// clusters two different numbers.
package cluster
