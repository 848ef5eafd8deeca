// Package assignment says which unit gets which variant of an experiment, and why.
//
// A unit passes through gates in a fixed order: forced units, the eligibility condition, the holdout, the layer, the traffic
// share ([Gate]), and at last the choice of a variant ([Assigner]). The choice is a hash of the unit's key, or stands in the
// [Record] of a design over a list of merchants; it is never a random draw at the time of asking. The same definition and key
// give the same variant in every process and language, and raising the traffic never moves a unit. Everything between
// eligibility and a design's list depends on the key alone and is plain data ([Plan]), so that an analysis can recompute who
// should have had what. [Assigner.Explain] gives the reason of any outcome, with its numbers.
//
// # Attributes
//
// A definition does not declare its attributes; they have the types that its condition reads them as ([Gate.Attributes]). One
// that is missing is null, and so is one that cannot be read as that type: a comparison with it does not hold. A text is read
// as a number, boolean or time where the condition asks for one, because many callers have texts only. Whoever can ask back
// should say so instead of deciding on a null, see [Readable].
//
// # Hashes
//
// sha256 is the one to use. growthbook-v1 and growthbook-v2 are there to take over experiments that GrowthBook runs; what they
// do differently, and why they are no choice for new ones, says package bucket.
//
// # Designs
//
// With a design the gates are the same, and after them the list decides: a merchant that is not on it is [NotListed], and one
// that was left out when the design was drawn keeps that reason, also when the traffic has been raised since. Package design
// draws lists; [Load] finds the record that a definition names.
package assignment
