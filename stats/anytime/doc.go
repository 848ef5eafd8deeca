// Package anytime gives p-values and intervals that may be read at every moment: confidence sequences and e-values.
//
// An e-value is evidence against a null hypothesis that, under it, is 1 or less in expectation at any stopping time, so that it ever
// exceeds 1/alpha with probability alpha at most (Ville's inequality). A p-value is its inverse, and a confidence sequence the nulls that
// it does not reject.
//
//	what                          procedure              guarantee
//	any estimate with an error    Asymptotic, Contrast   asymptotic, from the first look on
//	a proportion                  BetaBinomial           exact
//	a share of units (variants)   SampleRatio            exact
//	coefficients of a regression  Regression             exact for normal errors
//	a sum with known variance     NormalMixture          exact for sub-Gaussian sums
//	bounded and skewed sums       GammaExponential, GammaPoisson, SubBernoulli, Stitching
//	a distribution function       EmpiricalLIL           exact
//
// Its opinion:
//   - Safety is watched at every look, so harm is judged by a sequence; benefit may wait for a fixed end ([Hybrid]).
//   - A sequence is tuned to the size at which it is to be narrowest. Far from it, it stays valid and gets wide.
//   - One look is not the running minimum over looks: both are given, the latter by [Running].
//
// Counts, units, times, levels and tunings that no data or design can have are [stats.ErrInvalid], no units or looks [stats.ErrTooFew],
// an estimate without error or a column without variation [stats.ErrNoVariance].
//
// # Limits
//
// Asymptotic sequences need about 100 units and ten events a variant at the first look that counts; earlier looks say so. An e-value from
// estimates holds for looks that keep their units: windows must be complete.
//
// References: S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals
// of Statistics 49 (2021) 1055-1080; I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory
// and asymptotic confidence sequences", Annals of Statistics 52 (2024) 2613-2640; M. Lindon and A. Malek, "Anytime-valid inference for
// multinomial count data", NeurIPS 35 (2022); M. Lindon, D. W. Ham, M. Tingley, I. Bojinov, "Anytime-valid linear models and
// regression adjusted causal inference in randomized experiments" (2022); S. R. Howard and A. Ramdas, "Sequential estimation of quantiles
// with applications to A/B testing and best-arm identification", Bernoulli 28 (2022) 1704-1728.
package anytime
