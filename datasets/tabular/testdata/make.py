"""Writes the files beside it with pyarrow, another implementation of the formats: python make.py

Every file is a table of four units: two rows, one of nothing but nulls, one of the first row's values again.
"""

import datetime as dt
import decimal
import os
import uuid

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

os.chdir(os.path.dirname(os.path.abspath(__file__)))

A = dt.datetime(2026, 10, 1, 12, 34, 56, 789012)
B = dt.datetime(1969, 12, 31, 23, 59, 59, 999999)
SECOND = dt.datetime(2026, 10, 1, 12, 34, 56)
BEFORE = dt.datetime(1969, 12, 31, 23, 59, 59)
MILLI = dt.datetime(2026, 10, 1, 12, 34, 56, 789000)


def four(first, second, kind):
    return pa.array([first, second, None, first], kind)


def nanos(zone=None):
    return pa.array([1790858096789012345, -1, None, 1790858096789012345], pa.int64()).cast(pa.timestamp("ns", zone))


def coded(index):
    return pa.DictionaryArray.from_arrays(pa.array([1, 0, None, 1], index), pa.array(["DE", "ÜS"]))


D = decimal.Decimal

units = {
    "unit": pa.array(["a", "b", "c", "d"]),
    "variant": pa.array(["control", "treatment", "control", "treatment"]),
}
plain = {
    "i8": four(-128, 127, pa.int8()),
    "i16": four(-(2**15), 2**15 - 1, pa.int16()),
    "i32": four(-(2**31), 2**31 - 1, pa.int32()),
    "i64": four(-(2**63), 2**63 - 1, pa.int64()),
    "u8": four(0, 255, pa.uint8()),
    "u16": four(0, 2**16 - 1, pa.uint16()),
    "u32": four(0, 2**32 - 1, pa.uint32()),
    "u64": four(7, 2**63 + 2**11, pa.uint64()),
    "f16": pa.array([np.float16(-1.5), np.float16(65504), None, np.float16(-1.5)], pa.float16()),
    "f32": four(-0.5, 2.0**100, pa.float32()),
    "f64": four(0.1, -1e300, pa.float64()),
    "boolean": four(True, False, pa.bool_()),
    "text": four("é", "b", pa.string()),
    "large_text": four("é", "b", pa.large_string()),
    "text_view": four("é", "longer than twelve bytes", pa.string_view()),
    "bytes": four(b"x", b"y", pa.binary()),
    "large_bytes": four(b"x", b"y", pa.large_binary()),
    "bytes_view": four(b"x", b"y", pa.binary_view()),
    "d128": four(D("-12345678901234567890.25"), D("0.75"), pa.decimal128(38, 2)),
    "d128_whole": four(D("-42"), D("42"), pa.decimal128(38, 0)),
    "d256": four(D("-0.000001"), D("1e30"), pa.decimal256(76, 6)),
    "date32": four(dt.date(2026, 10, 1), dt.date(1969, 12, 31), pa.date32()),
    "date64": four(dt.date(2026, 10, 1), dt.date(1969, 12, 31), pa.date64()),
    "local_s": four(SECOND, BEFORE, pa.timestamp("s")),
    "local_ms": four(MILLI, BEFORE, pa.timestamp("ms")),
    "local_us": four(A, B, pa.timestamp("us")),
    "local_ns": nanos(),
    "utc_s": four(SECOND, BEFORE, pa.timestamp("s", "UTC")),
    "utc_ms": four(MILLI, BEFORE, pa.timestamp("ms", "UTC")),
    "utc_us": four(A, B, pa.timestamp("us", "UTC")),
    "new_york_ns": nanos("America/New_York"),
    "coded_i8": coded(pa.int8()),
    "coded_i16": coded(pa.int16()),
    "coded_i32": coded(pa.int32()),
    "coded_i64": coded(pa.int64()),
    "coded_numbers": pa.DictionaryArray.from_arrays(pa.array([1, 0, None, 1], pa.int8()), pa.array([5, 7], pa.int64())),
    "nothing": pa.nulls(4),
}
short = {
    "d32": four(D("-1.25"), D("9999999.99"), pa.decimal32(9, 2)),
    "d64": four(D("-1.2500"), D("99999999999999.9999"), pa.decimal64(18, 4)),
}
refused = {
    "fixed": four(b"abcd", b"efgh", pa.binary(4)),
    "time32": four(dt.time(1, 2, 3), dt.time(4, 5, 6), pa.time32("s")),
    "list": four([1, 2], [], pa.list_(pa.int32())),
    "struct": four({"x": 1}, {"x": 2}, pa.struct([("x", pa.int32())])),
    "map": four([("k", 1)], [], pa.map_(pa.string(), pa.int32())),
}
ids = [uuid.UUID(int=0x123456789ABCDEF0123456789ABCDEF0), uuid.UUID(int=1)]
uuids = {"uuid": pa.ExtensionArray.from_storage(pa.uuid(), four(ids[0].bytes, ids[1].bytes, pa.binary(16)))}


def parquet(name, *columns, **options):
    options = {"compression": "zstd", "store_schema": False} | options
    pq.write_table(pa.table({k: v for c in (units, *columns) for k, v in c.items()}), name, **options)


def arrow(name, *columns, compression=None):
    table = pa.table({k: v for c in (units, *columns) for k, v in c.items()})
    with pa.ipc.new_file(name, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as f:
        f.write_table(table)


parquet("types.parquet", plain, short, uuids, refused)
parquet("types-v2.parquet", plain, short, uuids, refused, data_page_version="2.0", store_schema=True, use_dictionary=False)
parquet("decimals.parquet", {k: plain[k] for k in ("d128", "d128_whole", "d256")}, short, store_decimal_as_integer=True)
parquet("int96.parquet", {k: plain[k] for k in ("local_us", "local_ns", "utc_us")}, use_deprecated_int96_timestamps=True)
arrow("types.arrow", plain, refused)
arrow("types-lz4.arrow", plain, refused, compression="lz4")
arrow("types-zstd.arrow", plain, refused, compression="zstd")
arrow("uuid.arrow", uuids)
arrow("decimal64.arrow", short)

few = {k: plain[k] for k in ("i64", "u64", "f64", "text", "boolean", "utc_us", "coded_i32")}
for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
    for version in ("1.0", "2.0"):
        parquet(f"{codec}-v{version[0]}.parquet", few, compression=codec, data_page_version=version)
encodings = {
    "i64": "DELTA_BINARY_PACKED", "f64": "BYTE_STREAM_SPLIT", "text": "DELTA_BYTE_ARRAY", "boolean": "RLE", "utc_us": "DELTA_BINARY_PACKED",
    "variant": "DELTA_LENGTH_BYTE_ARRAY",
}
parquet("encodings.parquet", few, use_dictionary=False, column_encoding=encodings, data_page_version="2.0", write_page_checksum=True)

with pq.ParquetWriter("empty-groups.parquet", pa.table(units).schema) as writer:
    for part in (pa.table(units).slice(0, 0), pa.table(units).slice(0, 3), pa.table(units).slice(0, 0), pa.table(units).slice(3)):
        writer.write_table(part)
pq.write_table(pa.table(units).slice(0, 0), "no-rows.parquet")
