// Package stats infers effects from sufficient statistics: pure functions, no input or output, no clock, no global randomness.
//
// Data come in as [Moments] or counts, and a comparison of two variants comes out as a [Contrast]: one test on two scales, the
// difference and the lift, from which intervals and p-values at any level and against any null are read off.
package stats
