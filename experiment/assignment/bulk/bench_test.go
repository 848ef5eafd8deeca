package bulk_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets/arrowfile"
	"liftgate/experiment"
	"liftgate/experiment/assignment/bulk"
)

const head = `liftgate: 1
name: express
unit: shopper
variants: [{name: control, weight: 50}, {name: amazon_pay, weight: 50}]
control: control
data: {exposures: {files: e.parquet, unit: id, variant: variant, time: ts}, events: {files: e.parquet, unit: id, time: ts}}
metrics: [{name: m, role: success, better: higher, type: proportion, value: {from: events, take: any, window: [0d, 1d]}}]
`

func define(t testing.TB, dir, more string) *experiment.Definition {
	t.Helper()
	d, err := experiment.Parse(filepath.Join(dir, "experiment.yaml"), []byte(head+more))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shoppers writes a file of n unique ids of 14 bytes.
func shoppers(b *testing.B, path string, n int) {
	b.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String}}, nil)
	f, err := arrowfile.Create(path, schema, arrowfile.WriteOptions{Unique: []string{"id"}})
	if err != nil {
		b.Fatal(err)
	}
	for at := 0; at < n; at += arrowfile.MaxRows {
		ids := array.NewStringBuilder(memory.DefaultAllocator)
		for i := at; i < min(at+arrowfile.MaxRows, n); i++ {
			ids.Append(fmt.Sprintf("s-%012d", uint64(i)*2654435761%1e12))
		}
		column := ids.NewArray()
		if err := f.Write(array.NewRecord(schema, []arrow.Array{column}, int64(column.Len()))); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Commit(true); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkParquetToParquet is the whole way from file to file: unique ids of 14 bytes, SHA-256, full traffic.
func BenchmarkParquetToParquet(b *testing.B) {
	const rows = 2_000_000
	before := debug.SetGCPercent(400) // as liftgate assign does
	defer debug.SetGCPercent(before)
	for _, c := range []struct{ name, assignment string }{
		{"full", ""},
		{"three_hashes", "assignment: {traffic: 50%, layer: {name: checkout, slots: [0, 499]}}\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			dir := b.TempDir()
			d := define(b, dir, c.assignment)
			in, out := filepath.Join(dir, "in.parquet"), filepath.Join(dir, "out.parquet")
			shoppers(b, in, rows)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if _, err := bulk.Assign(context.Background(), d, bulk.Options{In: in, Out: out, Replace: true}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "units/s")
		})
	}
}
