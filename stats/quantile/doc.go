// Package quantile compares quantiles of values that come in clusters: page loads of shoppers, or shoppers of merchants.
//
// Its opinion: rows of one unit are not independent, so what is estimated over units is the share of rows below the quantile, a
// ratio of totals; order statistics carry that share's error over to the quantile, and no density is estimated. A [Summary]
// holds all that is needed; [Compare] makes a [stats.Contrast] of two.
//
//	raw rows, or a data source  ->  Summary  ->  Estimate (one variant)  ->  Compare (difference and lift)
//	parts of a data source  ->  Sketch, which merges  ->  Summary, with bounds in place of order statistics
//
// A quantile is the smallest value with at least a share q of the rows at or below it. Few independent rows are better served by
// [ExactInterval]. [Rows] reads a quantile off reweighted units, for package bootstrap.
//
// No rows, and fewer than two units, are [stats.ErrTooFew]; a quantile outside (0, 1), values that are not finite and a summary that no
// rows can have [stats.ErrInvalid].
//
// # Limits
//
// Where many rows have the same value a quantile is a poor measure: it does not move until it jumps. Intervals are then widened by a
// step between values. Extreme quantiles need rows beyond them, and units that make those rows.
//
// Reference: A. Deng, U. Knoblich, J. Lu, "Applying the Delta Method in Metric Analytics: A Practical Guide with Novel Ideas",
// KDD 2018, section 4. C. Masson, J. E. Rim, H. K. Lee, "DDSketch", PVLDB 12 (2019) 2195-2205.
package quantile
