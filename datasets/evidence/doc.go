// Package evidence writes a datasets.Evidence as Arrow IPC files that any Arrow reader understands, and reads it back to the bit.
//
// There is one file a table; table.go and table_views.go describe the columns of each, and so does the metadata of the files' fields. Schema
// metadata name the format ([Format]) and the table. Nothing in a file depends on the time, the machine or the run, so equal
// evidence has equal bytes, and [Fingerprint] names it.
//
// Evidence of parts is large, hundreds of thousands of rows: view_moments.arrow holds a record batch for each age of each sample, and
// view_parts.arrow says where each lies and what its SHA-256 is, so that [ReadCut] reads, and trusts, a few of them only; so it is with sketches.
package evidence
