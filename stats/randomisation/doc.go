// Package randomisation infers effects from the randomisation alone: it repeats the assignment of the clusters as it was made and asks how
// often chance would have shown as much.
//
//	Compare   difference and lift of a mean or a ratio in clusters, with intervals by inversion: a stats.Contrast
//	Test      a difference in means of single values, unstudentised: Fisher's test of no effect at all
//
// Its opinion:
//   - What is repeated is the design that was used: complete, stratified, paired, or re-randomised until balanced.
//   - The statistic is studentised, so that the test of a constant effect is also right, in large samples, for an average one (J. Wu,
//     P. Ding, "Randomization Tests for Weak Null Hypotheses in Randomized Experiments", JASA 116 (2021) 1898-1913).
//   - Ties count against the effect, and the assignment that was made is one of the draws: p is never too small, for any number of draws.
//   - Interval and p come from the same draws and never contradict each other.
//
// Chance comes from a seed; the answer is the same for any number of processors.
//
// # Limits
//
// The design must be the one that was used. With G clusters there are only so many assignments: with three a variant no p-value is
// below a tenth, and intervals may be unbounded. The exact statement is about an effect that is the same for all.
package randomisation
