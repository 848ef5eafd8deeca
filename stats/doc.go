// Package stats infers effects from sufficient statistics: pure functions, no input or output, no clock, no global randomness.
//
// Data come in as [Moments] or counts, and a comparison of two variants comes out as a [Contrast]: one test on two scales, the
// difference and the lift, from which intervals and p-values at any level and against any null are read off. This package holds
// what most analyses decide by; the packages below it hold everything else.
//
//	question                                       answer
//	is a share different?                          CompareProportions; package proportion for other tests and one share
//	... in small samples?                          exact.Compare
//	is a mean different?                           CompareMeans; mean for z and the pooled t
//	is a ratio of two sums different?              CompareRatios; ratio
//	... and covariates explain part of it?         CompareAdjusted; adjust for regressions on rows and strata
//	is a quantile different?                       quantile.Compare
//	do values tend to be larger?                   rank
//	what is the lift?                              every Contrast; lift for other intervals
//	is it not worse than a margin? equivalent?     margin, for any Contrast; proportion.FarringtonManning
//	merchants were randomised                      cluster.Compare
//	... in strata or pairs, or until balanced      blocked.Compare
//	... few, or unequal ones                       randomisation.Compare
//	outcomes come late (chargebacks)               survival
//	may I look before the end?                     sequential for planned looks, anytime for all
//	there are many hypotheses                      multiplicity
//	there is no formula                            bootstrap
//	what did those gain who took it up?            causal.Instrument
//	are the extra orders new ones?                 causal.CompareDifferences
//	what do several experiments say?               synthesis
//	how likely is it better, what if not?          bayes
//	were units split as they should be?            SampleRatio, Homogeneity; anytime.SampleRatio every day
//	how many units, and days?                      power
//	the same from a script                         procedure
//
// Its opinion:
//   - Only one object knows about a comparison, so an interval never contradicts a p-value, nor a lift a difference.
//   - A margin or a relative null is tested on its own scale, with the control's noise in it.
//   - "No answer" is an error that wraps [ErrTooFew], [ErrNoVariance], [ErrZeroDenominator] or [ErrInvalid]; what limits an answer is
//     a warning. A lift that the data do not bound has a [Shape] and a reason in place of limits.
//   - Values that differ by rounding only have no variance.
//
// # What an analysis chooses
//
// By what was randomised and by the kind of metric, before it looks at any effect; the first that applies:
//   - A quantile: order statistics, with the variance over what was randomised.
//   - Merchants randomised: CR2. Randomisation inference where fewer than 40 effective merchants, one with over a tenth of its
//     variant, or a few that make most of the variance leave Student's t nothing to stand on. Where a design assigned them, the
//     variance of its blocks in place of CR2, after a regression on what it balanced, and redraws by the same design.
//   - Covariates: a regression in each variant. Otherwise by kind: score test, Welch, delta method, Fieller's set of two differences.
//
// An exact test of two shares decides only where both intervals are inverted from the same exact test, which exact.Compare does for
// up to 6,000 possible outcomes; otherwise the score test decides, and an exact p-value stands beside it. In an analysis exact tests
// only ever stand beside: outside the score test's region a metric that decides is not proven.
//
// # Regions of validity
//
// Inside, false positives at 5 % and coverage at 95 % lie within simulation bands (CALIBRATION.md, by go generate). Contrast.Outside
// says which data lie outside: an analysis then shows the numbers as an indication, and a metric that decides is not proven.
//
//	method                        inside
//	CompareProportions            8 successes and 8 failures in each variant
//	exact.Unconditional, others   everywhere; conservative
//	CompareMeans                  30 degrees of freedom; skewness within OutsideSkewness
//	CompareRatios                 the same, and mean denominators known to a tenth
//	CompareAdjusted               as without covariates
//	quantile.Compare              40 effective units and 10 effective rows beyond the quantile in each variant; conservative
//	cluster.Compare               40 effective clusters, none above a tenth of its variant
//	blocked.Compare               the same, counted by degrees of freedom: about 40 pairs
//	randomisation.Compare         everywhere for a constant effect; else about 10 clusters a variant
//	survival, at a horizon        10 events and 10 still observed in each group; 80 events where one is over twice the other
//	... with clusters             also 40 effective clusters in each group
//	anytime.Contrast              100 units, and inside the region of the look; conservative
//	sequential                    inside the region of each look
//	causal.CompareDifferences     as CompareMeans for both outcomes
//	bootstrap                     from about 200 units a variant on, where values are skewed
//	rank                          everywhere
//	SampleRatio                   about 100 units, 5 expected in each variant; ExactSampleRatio everywhere, conservative
//
// Skewness is the one thing that [Moments] do not hold: the rule is about the difference, where the skewness of equal variants cancels,
// so whoever read the values gives it to [OutsideSkewness]. Over merchants an analysis asks the events of a share, and against a margin the
// skewness of a mean, of shoppers too, except in a randomisation test of no effect, which is exact.
//
// # Limits
//
// Units must be independent: shoppers of one merchant are not, when merchants are randomised. [PoissonCDF], [BinomialCDF] and
// [BinomialSF] are the tails that a feed or a share is judged by. Levels lie between 0 and 1, both excluded.
package stats

//go:generate go run ./internal/calibration/generate CALIBRATION.md
