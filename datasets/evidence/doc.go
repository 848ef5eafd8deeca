// Package evidence writes a datasets.Evidence as Arrow IPC files that any Arrow reader understands, and reads it back to the bit.
//
// There is one file a table; table.go describes the columns of each, and so does the metadata of the files' fields. Schema
// metadata name the format ([Format]) and the table. Nothing in a file depends on the time, the machine or the run, so equal
// evidence has equal bytes, and [Fingerprint] names it.
package evidence
