// Package power says how many units a comparison needs, what a given number of units can show, and with what chance.
//
// A [Metric] is what is known before the experiment: the control's level and how one unit varies. A [Hypothesis] is the effect that is
// there and the margin that is to be shown. A [Design] is the test: its level, sides, power and allocation. Of the three
// follow the size ([Design.Size]), the power at a size ([Design.PowerAt]), and the smallest effect or margin at a size
// ([Design.DetectableEffect], [Design.ProvableMargin]).
//
//	metric                    constructor     one unit's variance
//	mean                      Mean            sd²
//	proportion                Proportion      p (1-p), at both levels; the score test's under the null
//	ratio of two sums         Ratio           that of the linearised ratio (Deng, Knoblich, Lu 2018, section 3)
//	quantile                  Quantile        q (1-q) / density²
//	any of them, in clusters  Clustered       times the design effect of unequal clusters
//
// Its opinion:
//   - Sizes are not rounded: who adds, rounds once, at the end and upwards ([Size.Total]).
//   - The power of a test is the chance of the right conclusion, so the far tail does not count; only Student's two-sided test counts
//     both, as every table of it does.
//   - A relative margin is tested as a ratio, so the control's noise is in it.
//   - An experiment with guardrails needs the power of all of them together ([Errors], [Design.Together]).
//
// What no metric, hypothesis or design can be is [stats.ErrInvalid], as is an effect for which no size is enough; too few units for the
// power asked for, no requirements and one variant are [stats.ErrTooFew]; a control that does not vary [stats.ErrNoVariance]; a
// relative effect on a control of zero [stats.ErrZeroDenominator].
//
// # Limits
//
// Everything but Design.Student rests on the normal approximation: about ten expected events a variant, or means of enough units to be
// about normal. Sizes inherit the errors of the levels and variances that they are given.
//
// References: S.-C. Chow, J. Shao, H. Wang, Y. Lokhnygina, "Sample Size Calculations in Clinical Research" (2018); C. P.
// Farrington and G. Manning, Statistics in Medicine 9 (1990) 1447-1454; S. M. Eldridge, D. Ashby, S. Kerry, International Journal of
// Epidemiology 35 (2006) 1292-1300; M. Schultzberg, S. Ankargren, M. Frånberg, "Risk-aware product decisions in A/B tests with
// multiple metrics" (2024).
package power
