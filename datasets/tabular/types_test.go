package tabular_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/tabular"
)

// plainCells is what testdata/make.py writes to a column, besides a null.
var plainCells = map[string][]string{
	"i8": {"-128", "127"}, "i16": {"-32768", "32767"}, "i32": {"-2147483648", "2147483647"},
	"i64": {"-9223372036854775808", "9223372036854775807"},
	"u8":  {"0", "255"}, "u16": {"0", "65535"}, "u32": {"0", "4294967295"},
	"u64": {"7", "9.223372036854778e+18"},
	"f16": {"-1.5", "65504"}, "f32": {"-0.5", "1.2676506002282294e+30"}, "f64": {"-1e+300", "0.1"},
	"boolean": {"false", "true"},
	"text":    {"b", "é"}, "large_text": {"b", "é"}, "text_view": {"longer than twelve bytes", "é"},
	"bytes": {"x", "y"}, "large_bytes": {"x", "y"}, "bytes_view": {"x", "y"},
	"d128": {"-1.2345678901234567e+19", "0.75"}, "d128_whole": {"-42", "42"}, "d256": {"-1e-06", "1e+30"},
	"date32":      {"1969-12-30T23:00:00Z", "2026-09-30T22:00:00Z"},
	"date64":      {"1969-12-30T23:00:00Z", "2026-09-30T22:00:00Z"},
	"local_s":     {"1969-12-31T22:59:59Z", "2026-10-01T10:34:56Z"},
	"local_ms":    {"1969-12-31T22:59:59Z", "2026-10-01T10:34:56.789Z"},
	"local_us":    {"1969-12-31T22:59:59.999999Z", "2026-10-01T10:34:56.789012Z"},
	"local_ns":    {"1969-12-31T22:59:59.999999Z", "2026-10-01T10:34:56.789012Z"},
	"utc_s":       {"1969-12-31T23:59:59Z", "2026-10-01T12:34:56Z"},
	"utc_ms":      {"1969-12-31T23:59:59Z", "2026-10-01T12:34:56.789Z"},
	"utc_us":      {"1969-12-31T23:59:59.999999Z", "2026-10-01T12:34:56.789012Z"},
	"new_york_ns": {"1969-12-31T23:59:59.999999Z", "2026-10-01T12:34:56.789012Z"},
	"coded_i8":    {"DE", "ÜS"}, "coded_i16": {"DE", "ÜS"}, "coded_i32": {"DE", "ÜS"}, "coded_i64": {"DE", "ÜS"},
	"coded_numbers": {"5", "7"},
	"nothing":       {},
	"d32":           {"-1.25", "9.99999999e+06"}, "d64": {"-1.25", "1e+14"}, // the nearest floats
	"uuid": {"00000000-0000-0000-0000-000000000001", "12345678-9abc-def0-1234-56789abcdef0"},
}

func checkCells(t *testing.T, file string, columns []string) {
	t.Helper()
	got := cells(t, "testdata", file, columns)
	for _, c := range columns {
		want := append(slices.Clone(plainCells[c]), datasets.NoValue)
		slices.Sort(want)
		if diff := cmp.Diff(want, got[c]); diff != "" {
			t.Errorf("%s, column %q (-want +got):\n%s", file, c, diff)
		}
	}
}

func plainColumns(without ...string) []string {
	var out []string
	for c := range plainCells {
		if !slices.Contains(without, c) {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}

// TestTypes reads every type that files of other programs have.
func TestTypes(t *testing.T) {
	for _, file := range []string{"types.parquet", "types-v2.parquet"} {
		checkCells(t, file, plainColumns())
	}
	for _, file := range []string{"types.arrow", "types-lz4.arrow", "types-zstd.arrow"} {
		checkCells(t, file, plainColumns("uuid", "d32", "d64"))
	}
	checkCells(t, "decimals.parquet", []string{"d32", "d64", "d128", "d128_whole", "d256"})
}

// TestInt96 reads the times of old programs, which are always in UTC.
func TestInt96(t *testing.T) {
	got := cells(t, "testdata", "int96.parquet", []string{"local_us", "local_ns", "utc_us"})
	for c, values := range got {
		if diff := cmp.Diff(append([]string{datasets.NoValue}, plainCells["utc_us"]...), values); diff != "" {
			t.Errorf("column %q (-want +got):\n%s", c, diff)
		}
	}
}

// TestRefusedTypes: what cannot be read does not disturb while it is not used, and says so when it is.
func TestRefusedTypes(t *testing.T) {
	for _, c := range []struct{ file, column, want string }{
		{"types.parquet", "fixed", "bytes of fixed length are not supported"},
		{"types.parquet", "time32", "columns of type Time(isAdjustedToUTC=false, timeUnit=milliseconds) are not supported"},
		{"types.parquet", "list", "nested columns are not supported"},
		{"types.parquet", "struct", "nested columns are not supported"},
		{"types.parquet", "map", "nested columns are not supported"},
		{"types.arrow", "fixed", "columns of type fixed_size_binary[4] are not supported"},
		{"types.arrow", "time32", "columns of type time32[s] are not supported"},
		{"types.arrow", "list", "columns of type list<item: int32, nullable> are not supported"},
		{"types.arrow", "struct", "columns of type struct<x: int32> are not supported"},
		{"types.arrow", "map", "columns of type map<utf8, int32, items_nullable> are not supported"},
		{"uuid.arrow", "uuid", "columns of type fixed_size_binary[16] are not supported"},
		{"decimal64.arrow", "d32", "decimal64.arrow: arrow/ipc: could not decode schema"},
	} {
		t.Run(c.file+" "+c.column, func(t *testing.T) {
			table := wallClocks(t, "testdata", c.file)
			for _, as := range []tabular.Use{tabular.AsLabel, tabular.AsKey} {
				err := read(table, []tabular.Want{{Name: c.column, As: as}}, func(*tabular.Batch) error { return nil })
				var data *datasets.DataError
				if !errors.As(err, &data) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want a *datasets.DataError with %q", err, c.want)
				}
			}
		})
	}
}

// TestPages reads what compresses, encodes and cuts pages in every way.
func TestPages(t *testing.T) {
	few := []string{"i64", "u64", "f64", "text", "boolean", "utc_us", "coded_i32"}
	files := []string{"encodings.parquet"}
	for _, codec := range []string{"none", "snappy", "gzip", "brotli", "zstd", "lz4"} {
		files = append(files, codec+"-v1.parquet", codec+"-v2.parquet")
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) { checkCells(t, file, few) })
	}
}
