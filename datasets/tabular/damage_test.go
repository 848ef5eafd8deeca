package tabular

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/pagetest"
)

// FuzzCSV reads whatever claims to be CSV.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("unit,ts,event,value\na,2026-10-02,order,5\nb,2026-10-03,order,7\n"))
	f.Add([]byte("\xef\xbb\xbfunit,ts,event,value\r\n\"a\",2026-10-02 01:02:03.5+02:00,\"or\"\"der\",-1e3\r\n"))
	f.Add([]byte("unit,ts,event,value\n,,,\n\xff,\xff,\xff,\xff\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for as := asAny; as <= asBoolean; as++ {
			readBounded(t, saved(t, "events.csv", content), as)
		}
	})
}

// FuzzParquet reads whatever claims to be Parquet.
func FuzzParquet(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("testdata", "*.parquet"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		whole, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(whole)
	}
	for seed := range uint64(40) {
		f.Add(oddFile(f, seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) { readBounded(t, saved(t, "events.parquet", content), AsLabel) })
}

// oddFile is a small Parquet file that no library would write.
func oddFile(f *testing.F, seed uint64) []byte {
	f.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	columns := []pagetest.Column{
		{Name: "n", Physical: pagetest.Int64, Optional: true},
		{Name: "flag", Physical: pagetest.Boolean},
		{Name: "at", Physical: pagetest.Int96},
		{Name: "text", Physical: pagetest.ByteArray, Optional: seed%2 == 0, Meaning: pagetest.Meaning{Kind: pagetest.Text}},
		{Name: "money", Physical: pagetest.FixedBytes, Length: 12, Meaning: pagetest.Meaning{Kind: pagetest.Decimal, Precision: 20, Scale: 2}},
	}
	for range r.IntN(20) {
		for i := range columns {
			c := &columns[i]
			c.Cells = append(c.Cells, pagetest.Cell{
				Null: c.Optional && r.IntN(3) == 0, Int: r.Int64N(2), Bytes: strings.Repeat(string(rune('a'+r.IntN(3))), 12),
			})
		}
	}
	var out bytes.Buffer
	if err := pagetest.Write(&out, r, columns); err != nil {
		f.Fatal(err)
	}
	return out.Bytes()
}

// readBounded reads all columns of a file that may be damaged: whatever comes back, it comes soon, without a panic, and costs little memory.
func readBounded(t *testing.T, path string, as Use) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err := readAll(ctx, &datasets.Table{Name: "events", Files: []string{path}}, as)
	runtime.ReadMemStats(&after)
	if ctx.Err() != nil {
		t.Errorf("took more than 20 s")
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 512<<20 {
		t.Errorf("allocated %d MB (%v)", used>>20, err)
	}
}

func readAll(ctx context.Context, spec *datasets.Table, as Use) (err error) {
	table, err := Open(ctx, spec)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	var w Wanted
	for _, c := range table.Columns() {
		if at := w.Add(c.Name, as); table.Check(w.List[at:]) != nil {
			w.List = w.List[:at]
		}
	}
	for _, p := range table.Parts() {
		for _, coded := range []bool{false, true} {
			if err := readCells(ctx, p, w.List, coded); err != nil {
				return p.Locate(err)
			}
		}
	}
	return nil
}

// readCells looks at columns, or at the codes of those that have some.
func readCells(ctx context.Context, p *Part, wants []Want, coded bool) error {
	r, err := p.Open(ctx, wants)
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for want := range wants {
			if coded {
				_, _, err = b.Codes(want)
			} else {
				err = lookAt(b, want)
			}
			if err != nil {
				return err
			}
		}
	}
}

func lookAt(b *Batch, want int) error {
	c, err := b.Column(want)
	if err != nil {
		return err
	}
	for row := range min(b.Rows, 100) {
		c.Value(row)
	}
	return nil
}
