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
// Where clusters are randomised, a unit is a pair of a cluster and a unit in it. Its hash starts with the bits of its cluster's, so
// that a cluster lies in one partition, where it has a record beside those of its units; the units of a variant are laid out cluster by
// cluster, and what belongs to a cluster is a stretch of the columns. Once rows are decoded and hashed, a cluster is the work of one
// worker, whatever its size.
//
// A unit of an event log is a record in a hash table; once all exposures are read, the records lie in the order of their hashes, where
// events find them by a small directory. A unit table needs none, as its rows are the units. They are folded in the order of
// rows: workers pack runs of 16,384 rows of the table, wherever files and row groups end, into sheets, column by column and without
// zeros, and units that are zero in all of a metric's values count as one row with a weight. A row that is no unit ends the pass, and the
// table is read again row by row to name it; so it is where two keys have one hash.
//
// Views, where a query asks for them, come from the same pass. Every row that enters a value of moments from the exposure on is kept beside
// (history), with its unit and time; when all is read, the rows of each unit are gone through once in the order of time, and what changes
// in its vector at an age or on a day is entered there. Sums over ages and days then turn changes into what was true. Units are exposed
// and complete on the same days in cohorts, so that only these are looked up in the calendar. Sums of powers have twice the precision of
// a float64, because what changes leaves them again; they are taken in groups of partitions, and groups merged in order. A row
// kept takes 12 bytes, 8 more where its number and 16 more where its text counts, and as much again while it is put in order.
//
// Memory grows with units and not with events, except for views and for quantiles over rows: each row that is a value is kept in 12 bytes, once for all
// metrics of the same rows, and takes 16 bytes more while a metric is computed. Sizes that a file states are checked against the file
// before anything is allocated, and whatever the Arrow library panics about in a corrupt file comes back as a *datasets.DataError.
//
// Limits: nested columns are not supported (an error only when used), encrypted Parquet neither. A file is taken as it is: a
// damaged byte that still makes a valid file goes unnoticed, unless the pages carry checksums, which are verified.
//
// References: Apache Parquet format 2.10 (Encodings.md, parquet.thrift); Apache Arrow columnar format 1.4.
package columnar
