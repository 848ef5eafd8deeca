// Package columnar is the native engine: it makes evidence of batches of columns, in one pass over each table. [Source] implements
// datasets.Source.
//
// Where what is found, in the order in which a query is answered:
//
//	source.go observe.go event_log.go unit_table.go    a query is answered by passes over its tables
//	scan.go apply.go packet.go cells.go keys.go        a pass: parts, filters, packets of rows that count, partitions
//	enrol*.go arrivals.go units.go pairs.go labels.go  who is analysed
//	plan.go events.go kernel.go enter.go enrolled.go   what rows of events add to whom
//	table_*.go                                         a unit table, whose rows are the units
//	record*.go rows.go history.go segments.go          what each unit has at the end, for package fold
//	memory.go event_log_files.go packet_file*.go       what does not fit into memory
//	state*.go                                          what is kept for the next query
//
// Tables fall into parts that workers read side by side (package tabular). Of each batch of rows only the columns that the query uses are
// looked at, conditions first; what survives is hashed, bucketed into partitions by the unit's 128-bit hash and applied to the partitions
// strictly in the order of files and rows. When all is read, the units of each partition are laid out column by column, by variant and in
// the order of their hashes, and handed over to be folded (package fold). Nothing in this depends on the number of workers or on where files,
// row groups and batches end, so neither does the evidence, to the last bit.
//
// Where clusters are randomised, a unit is a pair of a cluster and a unit in it. Its hash starts with the bits of its cluster's, so
// that a cluster lies in one partition, where it has a record beside those of its units; the units of a variant are laid out cluster by
// cluster, and what belongs to a cluster is a stretch of the columns. Once rows are decoded and hashed, a cluster is the work of one
// worker, whatever its size.
//
// Each exposed row of an event log becomes a record; put in the order of their hashes, now and then and once all are read, those of a unit
// become one (arrivals). Then the analysed units' records lie in that order, where events find them by a small directory. A unit table
// needs none, as its rows are the units. They are folded in the order of rows: workers pack runs of 16,384 rows of the table (four times as
// many where clusters are randomised), wherever files and row groups end, into sheets, column by column and without zeros, and units that
// are zero in all of a metric's values count as one row with a weight. A row that is no unit ends the pass, and the table is read again row
// by row to name it; so it is where two keys have one hash.
//
// Views, where a query asks for them, come from the same pass. Every row that enters a value of moments from the exposure on is kept beside
// (history), with its unit and time; when all is read, the rows of each unit are put in the order of time, which tells what it had when
// (fold.Timeline). A row kept takes 12 bytes, 8 more where its number and 16 more where its text counts, and as much again while it is
// put in order.
//
// With a state (package datasets/state) the rows of each part are kept as packets, with hashes for keys, as a filter without the limits of
// as_of and of the exposures leaves them; what this query asks for is found among them. The next query takes packets of parts that are kept
// in place of decoding, in the same order, so that nothing behind the filter can tell the difference.
//
// Memory grows with units and not with events, except for views and for quantiles over rows: each row that is a value is kept in 12 bytes,
// once for all metrics of the same rows, and takes 16 bytes more while a metric is computed.
//
// What that comes to is held against Options.Memory. Where an event log takes more, the pass is given up, and goes through temporary files:
// each table is decoded once into packets of rows that count, bucketed by partition (packet_file.go); then as many partitions at a time as
// fit are read from them, first to find out who is analysed, then with their events. What units have at the end lies in a depot, which is
// memory as long as that lasts and then a mapped file (package depot); a unit table goes straight there. A fold looks at one partition after
// the other, and the system is told when it is done with each. Partitions, packets and rows keep their order, so nothing but speed depends on memory.
// Slices lie in files on Linux only; elsewhere rows do, and what units have at the end is memory.
package columnar
