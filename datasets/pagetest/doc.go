// Package pagetest writes Parquet files page by page, in shapes that the format allows and few writers choose.
//
// A writer of one's own, because libraries write what they were made to write: here the compression, the encoding, the size and the version
// of every page, the cut of row groups, the runs of levels and codes, dictionaries that hold unused entries and the same one twice, and
// what is said about it all in the footer are drawn at random. [Write] draws them from one source, so a seed gives the same file again.
// What it writes is valid: another implementation must read the same cells.
//
// Limits: flat columns; no encryption, bloom filters or deprecated LZ4 and LZO. It is slow and meant for tests.
//
// References: Apache Parquet format 2.10 (parquet.thrift, Encodings.md); Thrift compact protocol.
package pagetest
