// Package bulk assigns whole files of units, and checks whole logs of exposures against what should have been assigned.
//
// A file passes through as a stream of record batches: one goroutine decodes, some assign, one encodes, in the order of the rows,
// so that the bytes that come out are the same for any number of workers. All columns of the input are kept; variant, reason and
// point are added. What the eligibility condition reads is bound to the types of the file's columns, as an analysis binds it, and
// not guessed from each cell: a column that the condition needs and the file lacks is a mistake, not a null.
//
// Memory: two batches more than there are workers, and one row group that is being written, whatever the file; see package
// arrowfile for what a batch is. A list for a design is held whole, up to [MaxList] rows. Verify holds counts only, at most
// [maxValues] values of an attribute.
package bulk
