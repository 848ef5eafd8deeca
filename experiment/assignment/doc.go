// Package assignment says which unit gets which variant of an experiment, and why.
//
// A unit passes through gates in a fixed order: forced units, the eligibility condition, the holdout, the layer, the traffic
// share, and at last the choice of a variant. Everything after eligibility depends on the unit's key alone and is plain data
// ([Plan]), so that an analysis can recompute who should have had what. The choice is a hash, never a random draw: the same
// definition and key give the same variant in every process and language, and raising the traffic never moves a unit.
//
// Of the hashes that a definition can name only sha256 is built, and designs over a list of merchants are not; both give an
// error that wraps [ErrNotSupported].
package assignment
