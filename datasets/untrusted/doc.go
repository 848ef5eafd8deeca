// Package untrusted reads the frame of data files that nobody vouches for.
//
// The Arrow library believes every length that a file states, and answers some damage with a panic, some with an allocation of
// the stated size. So lengths are checked against the file here, before the library sees them: the messages of Arrow IPC, the
// footer and the page headers of Parquet. What remains, such as a damaged page body, ends in an error of [Guard] or at the limit
// of [Memory]. Who decodes pages without the library gets them from [Pages]; for who leaves them to it there is [CheckPages].
//
// Limits: how far a page expands when it is decompressed is checked by [CheckPages] against its header for Snappy and Zstandard
// frames that state it; Brotli, Gzip and Zstandard streams without a stated size are decompressed as they are.
//
// References: Apache Arrow columnar format 1.4 (Message.fbs, Schema.fbs); Apache Parquet format 2.10 (parquet.thrift).
package untrusted
