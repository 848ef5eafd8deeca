package simulate

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"liftgate/datasets"
	"liftgate/experiment"
)

// express is the definition of most tests, after edits of its text (old, new, …).
func express(t testing.TB, edits ...string) *experiment.Definition {
	t.Helper()
	source, err := os.ReadFile("testdata/express.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(source)
	for i := 0; i+1 < len(edits); i += 2 {
		if !strings.Contains(text, edits[i]) {
			t.Fatalf("express.yaml does not contain %q", edits[i])
		}
		text = strings.ReplaceAll(text, edits[i], edits[i+1])
	}
	d, err := experiment.Parse("express.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func run(t testing.TB, d *experiment.Definition, o Options) (string, *Report) {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	report, err := Run(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	return o.Dir, report
}

// cells are the cells of one table by column: texts, int64 and float64 numbers, times as int64, nil for null.
type cells map[string][]any

// read reads all files that a pattern matches, in order. It uses nothing of the package.
func read(t testing.TB, dir, pattern string) cells {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s matches nothing in %s (%v)", pattern, dir, err)
	}
	slices.Sort(paths)
	out := cells{}
	for _, path := range paths {
		out.readFile(t, path)
	}
	return out
}

func (c cells) readFile(t testing.TB, path string) {
	t.Helper()
	reader, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	arrowReader, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := arrowReader.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	for i := range int(table.NumCols()) {
		name := table.Column(i).Name()
		for _, chunk := range table.Column(i).Data().Chunks() {
			for j := range chunk.Len() {
				c[name] = append(c[name], cellOf(t, chunk, j))
			}
		}
	}
}

func cellOf(t testing.TB, a arrow.Array, i int) any {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.String:
		return strings.Clone(a.Value(i))
	case *array.Float64:
		return a.Value(i)
	case *array.Int32:
		return int64(a.Value(i))
	case *array.Timestamp:
		return int64(a.Value(i))
	}
	t.Fatalf("a column of type %s", a.DataType())
	return nil
}

// loggedEvent is an event as read back.
type loggedEvent struct {
	at            datasets.Instant
	event, method string
	value         float64
	latency       int64
}

// loggedUnit is an exposed shopper as read back.
type loggedUnit struct {
	variant, merchant string
	exposed           datasets.Instant
	events            []loggedEvent
}

// unitsOf joins exposures and events in the plainest way.
func unitsOf(t testing.TB, dir string) map[string]*loggedUnit {
	t.Helper()
	exposures, events := read(t, dir, "exposures/*.parquet"), read(t, dir, "events/*.parquet")
	units := map[string]*loggedUnit{}
	for i, id := range exposures["shopper_id"] {
		at := datasets.Instant(exposures["ts"][i].(int64))
		u := units[id.(string)]
		if u == nil {
			u = &loggedUnit{variant: exposures["variant"][i].(string), merchant: exposures["merchant_id"][i].(string), exposed: at}
			units[id.(string)] = u
		}
		u.exposed = min(u.exposed, at)
	}
	for i, id := range events["shopper_id"] {
		if u := units[id.(string)]; u != nil {
			e := loggedEvent{at: datasets.Instant(events["ts"][i].(int64)), event: events["event"][i].(string)}
			e.method, _ = events["method"][i].(string)
			e.value, _ = events["value"][i].(float64)
			e.latency, _ = events["latency_ms"][i].(int64)
			u.events = append(u.events, e)
		}
	}
	return units
}
