package pagetest_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v17/parquet/file"

	"liftgate/datasets/pagetest"
)

// TestWrite: a seed gives the same file again, and the library finds the rows that were written. What the cells are is compared where they are
// read, in package columnar.
func TestWrite(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		column := pagetest.Column{Name: "n", Physical: pagetest.Int64, Meaning: pagetest.Meaning{Kind: pagetest.Integer, Bits: 64}}
		for range r.IntN(100) {
			column.Cells = append(column.Cells, pagetest.Cell{Int: r.Int64N(10)})
		}
		var files [2]bytes.Buffer
		for i := range files {
			if err := pagetest.Write(&files[i], rand.New(rand.NewPCG(seed, 2)), []pagetest.Column{column}); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
			t.Fatalf("seed %d gives two files", seed)
		}
		reader, err := file.NewParquetReader(bytes.NewReader(files[0].Bytes()))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got := reader.NumRows(); got != int64(len(column.Cells)) {
			t.Errorf("seed %d: %d rows, want %d", seed, got, len(column.Cells))
		}
	}
}
