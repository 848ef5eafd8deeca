// Package bucket holds the assignment points of an experiment as plain data, so that whoever reads data can recompute who
// should have got which variant.
//
// A [Plan] is what a definition says of units' keys. A [Rule] is a plan made ready: it decides in one to four hashes and without
// allocating, takes none whose answer is known, and can list the [Step]s by which it came to an answer.
//
// With SHA-256 a point is u(key, unit): the first 8 bytes of SHA-256(key + "\x00" + unit), big-endian, unsigned. Shares and
// weights are integers in millionths and every comparison is that of 128-bit integers, so any language gets the same answer.
//
// # GrowthBook
//
// The hashes [GrowthBookV1] and [GrowthBookV2] give what that SDK's evaluation of an experiment gives, for moving a running
// experiment over: its hash, getBucketRanges, chooseVariation and inNamespace, in its own float arithmetic. The salt is its seed
// (or the experiment's key), the traffic its coverage, the layer's slots a to b its namespace [name, a/1000, (b+1)/1000], and
// the variants' parts of all weights its weights; weights that add up to 0.99 to 1.01 are taken as they are written, as it does.
// The point is the bucket's number, 0 to 999 or 0 to 9999. A unit in no variant's range is outside the [Traffic]; there is no
// gate of its own for it. Raising the traffic never moves a unit. A [Holdout] is drawn by SHA-256 whatever
// the hash, so that experiments with different ones share it.
//
// For new experiments it is the wrong choice. Version 1 is not uniform on ids that are numbers in a row, and experiments that
// use it depend on each other on every kind of id: who is treated in one says something about the other. The tests measure
// both, and neither for version 2, which still knows 10,000 points only, so that shares finer than 0.01 % do not exist.
//
// # Keys
//
// A unit is hashed as the bytes that it is logged as, of any length, including zero bytes and bytes that are no UTF-8: nothing
// is normalised, and two spellings of one text are two units. GrowthBook's SDKs for JavaScript and (as of 0.7.0) Go hash UTF-16
// code units instead of bytes, so their answers differ from these on ids that are not ASCII. An empty key is no unit.
// With SHA-256 salts and names of layers and holdouts must hold no zero byte, so that they cannot run into the unit; package
// experiment refuses them.
//
// Bucketing by hash is described in R. Kohavi, D. Tang and Y. Xu, Trustworthy Online Controlled Experiments (2020), chapter 4,
// and layers in D. Tang et al., Overlapping Experiment Infrastructure (KDD 2010).
package bucket
