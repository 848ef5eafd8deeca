// Package columnar is the native engine: it reads Parquet, Arrow IPC and CSV files and gives back evidence, in one pass over
// each table. [Source] implements datasets.Source.
//
// Files are cut into parts (a row group of a Parquet file, any other file whole) that workers decode side by side. Of each batch
// of rows only the columns that the query uses are looked at, conditions first; what survives is hashed, bucketed into
// partitions by the unit's 128-bit hash and applied to the partitions strictly in the order of files and rows. When all is read,
// the units of each partition are laid out column by column, by variant and in the order of their hashes, and folded in that
// order, and the partitions merged in order. Nothing in this depends on the number of workers or on where files, row groups and
// batches end, so neither does the evidence, to the last bit.
//
// A unit of an event log is a record in a hash table; a unit table needs none, as its rows are the units. Memory grows with units
// and not with events. Sizes that a file states are checked against the file before anything is
// allocated, and whatever the Arrow library panics about in a corrupt file comes back as a *datasets.DataError.
//
// Limits: nested columns are not supported (an error only when used), encrypted Parquet neither. A file is taken as it is: a
// damaged byte that still makes a valid file goes unnoticed, unless the pages carry checksums, which are verified.
//
// References: Apache Parquet format 2.10 (Encodings.md, parquet.thrift); Apache Arrow columnar format 1.4.
package columnar
