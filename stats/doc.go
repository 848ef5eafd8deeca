// Package stats infers effects from sufficient statistics: pure functions, no input or output, no clock, no global randomness.
//
// Data come in as [Moments] or counts, and a comparison of two variants comes out as a [Contrast]: one test on two scales, the
// difference and the lift, from which intervals and p-values at any level and against any null are read off.
//
//	metric                   procedure              test                  lift
//	proportion               CompareProportions     score (1985)          score of the ratio
//	mean                     CompareMeans           Welch's t             Fieller
//	ratio of two sums        CompareRatios          delta method, t       Fieller
//	mean or ratio, adjusted  CompareAdjusted        per-variant slopes, t Fieller
//
// Its opinion:
//   - Only one object knows about a comparison, so an interval never contradicts a p-value, nor a lift a difference.
//   - A margin or a relative null is tested on its own scale, with the control's noise in it.
//   - "No answer" is an error that wraps [ErrTooFew], [ErrNoVariance], [ErrZeroDenominator] or [ErrInvalid]; what limits an answer is
//     a warning. A lift that the data do not bound has a [Shape] and a reason in place of limits.
//   - Values that differ by rounding only have no variance.
//
// [SampleRatio] and [Homogeneity] test how units are split; [PoissonCDF], [BinomialCDF] and their SF give the tails that a feed or a
// share is judged by. Levels lie between 0 and 1, both excluded.
//
// # Limits
//
// Units must be independent: shoppers of one merchant are not, when merchants are randomised. Means are taken to be about normal,
// which moments of order two cannot check: skewed values need many units or a cap, and
// [OutsideSkewness] says how many. Each procedure states its region of validity;
// the tests hold it to 5 % errors there, by simulation.
package stats

//go:generate go run ./internal/calibration/generate CALIBRATION.md
