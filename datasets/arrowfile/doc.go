// Package arrowfile passes the rows of files on as streams of Arrow record batches, and writes such streams into files.
//
// Parquet, Arrow IPC (file and stream) and CSV are read and written by their names' extensions, with all of their columns and
// types; only CSV has none and gives texts, an empty cell is null there. A batch has at most [MaxRows] rows and is meant to take
// no more than 32 MiB, so that a file of any size passes through in bounded memory: beside batches, a reader of Parquet keeps a
// page and a dictionary of each column, a writer of Parquet one row group of at most 131,072 rows or about 64 MiB. Of an Arrow
// file, each record batch is held whole.
//
// A file that is cut short or damaged is a *datasets.DataError that names the row group, the record batch or the line; see package
// untrusted for what is checked. A file that is written appears under its name when it is complete, never before.
//
// Limits: dictionaries of Parquet columns are read as the values that they stand for, and only those of texts are written as such;
// Parquet pages compressed with LZ4_RAW or encoded as BYTE_STREAM_SPLIT cannot be read; Arrow files cannot hold dictionaries that
// change from batch to batch, Arrow streams (.arrows) can; CSV holds no nested values and no bytes; unions, run-end encoded and
// view columns cannot go into Parquet.
package arrowfile
