package columnar_test

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// TestConformanceOfPages holds the source to the rules on files that no library writes.
func TestConformanceOfPages(t *testing.T) {
	if testing.Short() {
		t.Skip("TestAnyShape reads such files, too")
	}
	open := func(tb testing.TB, d sourcetest.Data) datasets.Source {
		seed := seedOf(d)
		for _, table := range d.Tables {
			writeAnyShape(tb, rand.New(rand.NewPCG(seed, 3)), table, pagesOnly)
		}
		return columnar.New(columnar.Options{Workers: int(1 + seed%3)})
	}
	t.Run("evidence", func(t *testing.T) { sourcetest.Run(t, open) })
	t.Run("views", func(t *testing.T) { sourcetest.RunViews(t, open) })
}

// seedOf gives the same data the same shape, so that a failure can be repeated.
func seedOf(d sourcetest.Data) uint64 {
	h := fnv.New64a()
	for _, table := range d.Tables {
		fmt.Fprint(h, table.Rows)
	}
	return h.Sum64()
}

// mix is which formats the files of a table may have.
type mix int

const (
	pagesOnly mix = iota
	anyFormat
)

// writeAnyShape writes the rows of a table to any number of files, each of a shape and format of its own, and sets its Dir and Files.
func writeAnyShape(tb testing.TB, r *rand.Rand, t *sourcetest.Table, m mix) {
	tb.Helper()
	files := []int{1, 1, 2, 3, 7}[r.IntN(5)]
	if r.IntN(40) == 0 {
		files = 200
	}
	writeFiles(tb, r, t, m, files)
}

func writeFiles(tb testing.TB, r *rand.Rand, t *sourcetest.Table, m mix, files int) {
	tb.Helper()
	dir, err := os.MkdirTemp(tb.TempDir(), "table")
	if err != nil {
		tb.Fatal(err)
	}
	t.Spec.Dir, t.Spec.Files = dir, []string{"part-*"}
	integers := m == anyFormat || r.IntN(2) == 0
	at := 0
	for i := range files {
		end := len(t.Rows)
		if i < files-1 {
			end = at + min(end-at, r.IntN(2*len(t.Rows)/files+2))
		}
		if err := writeOneFile(filepath.Join(dir, fmt.Sprintf("part-%03d", i)), r, t, t.Rows[at:end], m, integers); err != nil {
			tb.Fatal(err)
		}
		at = end
	}
}

func writeOneFile(name string, r *rand.Rand, t *sourcetest.Table, rows [][]expr.Value, m mix, integers bool) error {
	if m == pagesOnly || r.IntN(3) > 0 {
		return writePages(name+".parquet", r, t, rows, integers)
	}
	formats := []struct{ name, extension string }{{"parquet", ".parquet"}, {"file", ".arrow"}, {"stream", ".arrows"}, {"csv", ".csv"}}
	if hasEmptyText(t) { // which CSV cannot tell from a null
		formats = formats[:3]
	}
	f := formats[r.IntN(len(formats))]
	s := newShape(r.Uint64(), f.name, t)
	for i := range s.types { // whose decimals are narrow
		if s.types[i].ID() == arrow.DECIMAL128 && !every(t, i, func(v expr.Value) bool { return math.Abs(v.Float) < 1e12 }) {
			s.types[i] = arrow.PrimitiveTypes.Float64
		}
	}
	return s.writeFile(name+f.extension, s.schema(t), t, rows)
}

// TestAnyShape writes the same rows in several shapes and asks for the same bytes of evidence of all of them, and of the reference the same
// evidence.
func TestAnyShape(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, q := drawNasty(t, rt)
		var want *datasets.Evidence
		for range 3 {
			r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "shape"), 4))
			for _, table := range d.Tables {
				writeAnyShape(t, r, table, anyFormat)
			}
			workers := []int{1, 2, 3, 8}[r.IntN(4)]
			got, err := columnar.New(columnar.Options{Workers: workers}).Observe(context.Background(), q)
			if err != nil {
				rt.Fatalf("%d workers: %v", workers, err)
			}
			if want == nil {
				want = got
				compareWith(rt, d, q, got)
			}
			if diff := differs(t, want, got); diff != "" {
				rt.Fatalf("%d workers (-one shape +another):\n%s", workers, diff)
			}
		}
	})
}

// differs shows what is not the same bytes.
func differs(t *testing.T, want, got *datasets.Evidence) string {
	t.Helper()
	a, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if string(a) == string(b) {
		return ""
	}
	return "bytes differ: " + cmp.Diff(want, got)
}

// TestFilesAndWorkers: how rows are cut into files and row groups, and how many workers there are, changes no byte.
func TestFilesAndWorkers(t *testing.T) {
	if testing.Short() {
		t.Skip("many files")
	}
	for name, c := range map[string]struct {
		data  sourcetest.Data
		query makeQuery
	}{
		"event log":              {shop(1, 300, 1500), viewed(withQuantiles(shopQuery))},
		"unit table":             {shopUnits(1, 1500), viewed(withQuantiles(shopUnitsQuery))},
		"event log of clusters":  {inShops(shop(4, 300, 1500)), viewed(withQuantiles(onRoster(clustered(shopQuery))))},
		"unit table of clusters": {inShops(shopUnits(4, 1500)), viewed(onRoster(clustered(shopUnitsQuery)))},
	} {
		t.Run(name, func(t *testing.T) {
			q := c.query(t, c.data)
			var want *datasets.Evidence
			for i, files := range []int{1, 7, 200} {
				for _, table := range c.data.Tables {
					writeFiles(t, rand.New(rand.NewPCG(uint64(i), 8)), table, anyFormat, files)
				}
				for _, workers := range []int{1, 2, 3, 8} {
					got, err := columnar.New(columnar.Options{Workers: workers}).Observe(context.Background(), q)
					if err != nil {
						t.Fatal(err)
					}
					if want == nil {
						want = got
					}
					if diff := differs(t, want, got); diff != "" {
						t.Fatalf("%d files, %d workers: %s", files, workers, diff)
					}
				}
			}
		})
	}
}

func compareWith(t *rapid.T, d sourcetest.Data, q *datasets.Query, ev *datasets.Evidence) {
	want, err := sourcetest.Reference(q, d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := sourcetest.Diff(want, ev); diff != "" {
		t.Fatal(diff)
	}
}
