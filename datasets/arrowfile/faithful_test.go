package arrowfile_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets/arrowfile"
)

// first reads the first batch of a file. The caller releases it.
func first(t *testing.T, path string) *arrowfile.Batch {
	t.Helper()
	r, err := arrowfile.Open(path, arrowfile.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := r.Read(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestLineEndsInCells: a cell of CSV keeps its line ends, whichever end the lines have, also where the file is read in pieces.
func TestLineEndsInCells(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		cells := []string{"a\r\nb", "a\nb", "\r\n", "a\"\r\n\"", "a\rb"}
		text := "id,x" + end
		for _, c := range cells {
			text += `1,"` + strings.ReplaceAll(c, `"`, `""`) + `"` + end
		}
		long := strings.Repeat("\r\n", 1<<17) // more than a piece
		text += `1,"` + long + `"` + end
		path := filepath.Join(t.TempDir(), "x.csv")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		b := first(t, path)
		defer b.Release()
		got := b.Column(1).(*array.String)
		if got.Len() != len(cells)+1 {
			t.Fatalf("%q: %d rows", end, got.Len())
		}
		for i, want := range append(cells, long) {
			if got.Value(i) != want {
				t.Errorf("%q: row %d is %.20q, want %.20q", end, i, got.Value(i), want)
			}
		}
	}
}

// TestDecimalsKeepTheirPlaces in CSV, zeros too.
func TestDecimalsKeepTheirPlaces(t *testing.T) {
	for _, c := range []struct {
		scale int32
		want  string
	}{{0, "1500"}, {2, "15.00"}, {4, "0.1500"}, {6, "0.001500"}, {-2, "150000"}} {
		kind := &arrow.Decimal128Type{Precision: 10, Scale: c.scale}
		b := array.NewDecimal128Builder(memory.DefaultAllocator, kind)
		b.AppendValues([]decimal128.Num{decimal128.FromI64(1500), decimal128.FromI64(-1500)}, nil)
		column := b.NewArray()
		schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: kind}}, nil)
		path := filepath.Join(t.TempDir(), "x.csv")
		save(t, path, array.NewRecord(schema, []arrow.Array{column}, 2))
		text, err := os.ReadFile(path)
		if want := "x\n" + c.want + "\n-" + c.want + "\n"; err != nil || string(text) != want {
			t.Errorf("scale %d: %q, want %q (%v)", c.scale, text, want, err)
		}
	}
}

// TestDictionariesOfNumbers are values in Parquet, where the library would take their codes for values.
func TestDictionariesOfNumbers(t *testing.T) {
	kind := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.PrimitiveTypes.Float64}
	b := array.NewDictionaryBuilder(memory.DefaultAllocator, kind).(*array.Float64DictionaryBuilder)
	for _, x := range []float64{2.5, 0.5, 2.5} {
		if err := b.Append(x); err != nil {
			t.Fatal(err)
		}
	}
	b.AppendNull()
	column := b.NewArray()
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: kind, Nullable: true}}, nil)
	path := filepath.Join(t.TempDir(), "x.parquet")
	save(t, path, array.NewRecord(schema, []arrow.Array{column}, 4))
	got := first(t, path)
	defer got.Release()
	x := got.Column(0).(*array.Float64)
	if !slices.Equal(x.Float64Values()[:3], []float64{2.5, 0.5, 2.5}) || !x.IsNull(3) {
		t.Errorf("got %v", x)
	}
}
