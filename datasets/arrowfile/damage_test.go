package arrowfile_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets"
	"liftgate/datasets/arrowfile"
)

// everything is a record with a column of every kind that both Arrow and Parquet hold.
func everything(t testing.TB, rows int) arrow.Record {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: arrow.BinaryTypes.String},
		{Name: "word", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}, Nullable: true},
		{Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "x", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "b", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
		{Name: "t", Type: arrow.FixedWidthTypes.Timestamp_us, Nullable: true},
		{Name: "list", Type: arrow.ListOf(arrow.PrimitiveTypes.Int32), Nullable: true},
		{Name: "struct", Type: arrow.StructOf(arrow.Field{Name: "s", Type: arrow.BinaryTypes.String, Nullable: true}), Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	words := []string{`"red"`, `"green"`, "null"}
	for i := range rows {
		n := string(rune('0' + i%10))
		line := `{"id":"s-` + strings.Repeat(n, 1+i%13) + `","word":` + words[i%3] + `,"n":` + n + `,"x":0.5,"b":true,"t":"2026-10-0` + string(rune('1'+i%9)) +
			`T00:00:00Z","list":[1,2,` + n + `],"struct":{"s":"x` + n + `"}}`
		if i%7 == 3 {
			line = `{"id":"","word":null,"n":null,"x":null,"b":null,"t":null,"list":null,"struct":null}`
		}
		if err := b.UnmarshalJSON([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	return b.NewRecord()
}

func save(t testing.TB, path string, record arrow.Record) {
	t.Helper()
	f, err := arrowfile.Create(path, record.Schema(), arrowfile.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Write(record), f.Commit(true)); err != nil {
		t.Fatal(err)
	}
}

// drain reads a whole file and counts its rows.
func drain(path string) (rows int64, err error) {
	r, err := arrowfile.Open(path, arrowfile.ReadOptions{})
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for {
		b, err := r.Read(context.Background())
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows += b.NumRows()
		b.Release()
	}
}

// TestDamagedFiles: a file with bytes flipped or cut off is an error that names it, or is read as some other file; it never ends
// the process, and never takes memory that its size does not explain.
func TestDamagedFiles(t *testing.T) {
	rounds := 600
	if testing.Short() {
		rounds = 60
	}
	for _, ext := range []string{".parquet", ".arrow", ".arrows"} {
		t.Run(ext, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			good := filepath.Join(dir, "good"+ext)
			record := everything(t, 300)
			defer record.Release()
			save(t, good, record)
			content, err := os.ReadFile(good)
			if err != nil {
				t.Fatal(err)
			}
			bad := filepath.Join(dir, "bad"+ext)
			rng := rand.New(rand.NewPCG(7, uint64(len(ext))))
			refused := 0
			for range rounds {
				damaged := damage(rng, content)
				if err := os.WriteFile(bad, damaged, 0o666); err != nil {
					t.Fatal(err)
				}
				_, err := drain(bad)
				var data *datasets.DataError
				switch {
				case errors.As(err, &data):
					refused++
				case err != nil:
					t.Fatalf("not a data error: %v", err)
				}
			}
			if refused < rounds/4 {
				t.Errorf("only %d of %d damaged files were refused", refused, rounds)
			}
		})
	}
}

// damage flips some bytes, most of them where the metadata are, or cuts the end off.
func damage(rng *rand.Rand, content []byte) []byte {
	out := append([]byte(nil), content...)
	if rng.IntN(4) == 0 {
		return out[:rng.IntN(len(out))]
	}
	for range 1 + rng.IntN(4) {
		at := rng.IntN(len(out))
		switch rng.IntN(3) {
		case 0:
			at = rng.IntN(min(len(out), 600))
		case 1:
			at = len(out) - 1 - rng.IntN(min(len(out), 2500))
		}
		out[at] ^= byte(1 + rng.IntN(255))
	}
	return out
}
