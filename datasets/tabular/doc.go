// Package tabular reads Parquet, Arrow IPC and CSV files as batches of typed columns, in parts that workers read side by side.
//
// A table is opened by its patterns ([Open]) and makes sure that all of its files have what is wanted of them, of one kind ([Table.Check]).
// It falls into parts: row groups of Parquet files, other files whole. Statistics tell of some that nothing in them matters ([Pruning]).
// The reader of a part gives batches whose columns are decoded when they are first asked for, and never copied out of where a page leaves
// them: what a batch holds is gone with the next one.
//
// What files write in many ways is read as one of few kinds. Integers are exact, and those without a sign beyond int64 the nearest floats;
// decimals are numbers; times are microseconds since 1970 in UTC, rounded down, and wall clocks those of the table's zone. CSV has no
// types: a column is read as it is wanted, and every wanted cell is parsed, so that a mistake shows wherever the row goes. Two passes give
// the same columns, but where batches end is up to the files.
//
// Sizes that a file states are checked against the file before anything is allocated, and whatever the Arrow library panics about in a
// corrupt file comes back as an error, which [Part.Locate] places.
//
// Limits: nested columns are not supported (an error only when wanted), encrypted Parquet neither. A file is taken as it is: a damaged byte
// that still makes a valid file goes unnoticed, unless the pages carry checksums, which are verified. Columns of Parquet are decoded here and
// not by the Arrow library, which is several times slower and believes what damaged pages say; of its code, footers, page headers and some
// codecs are used.
//
// References: Apache Parquet format 2.10 (Encodings.md, parquet.thrift); Apache Arrow columnar format 1.4.
package tabular
