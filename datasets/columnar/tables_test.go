package columnar_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// TestEmptyParts reads row groups and files without rows.
func TestEmptyParts(t *testing.T) {
	for _, c := range []struct {
		files string
		units []int64
	}{
		{"empty-groups.parquet", []int64{2, 2}},
		{"no-rows.parquet", []int64{0, 0}},
		{"[en][mo]*[ps].parquet", []int64{2, 2}}, // both
	} {
		ev, err := columnar.New(columnar.Options{}).Observe(context.Background(), attributes(t, written, c.files, nil))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.units, ev.Exposure.Units); diff != "" {
			t.Errorf("%s: units (-want +got):\n%s", c.files, diff)
		}
	}
	for format, name := range map[string]string{"file": "none.arrow", "stream": "none.arrows", "csv": "none.csv"} {
		dir := t.TempDir()
		writeAs(t, filepath.Join(dir, name), format, sourcetest.Parse(t, datasets.Table{}, "unit:text variant:text"))
		if got := cells(t, dir, name, []string{"variant"})["variant"]; len(got) != 0 {
			t.Errorf("%s: cells %q", name, got)
		}
	}
}

// TestFilesThatDiffer: the files of a table agree about what is used of them, and about nothing else.
func TestFilesThatDiffer(t *testing.T) {
	dir := folder(t, map[string]string{
		"exposures.csv": goodExposures, "events-3.csv": "value,also unused,event,ts,unit\n3,x,order,2026-10-03,a\n",
	})
	writeAs(t, filepath.Join(dir, "events-1.parquet"), "parquet", sourcetest.Parse(t, datasets.Table{},
		"unused:integer unit:text ts:time event:text value:float\n1 a 1d order 1\n1 a 1d view 100"))
	writeAs(t, filepath.Join(dir, "events-2.arrow"), "file", sourcetest.Parse(t, datasets.Table{},
		"value:float event:text ts:time unit:text unused:text\n2 order 2d b x"))
	ev, err := observe(sales(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	checkRevenue(t, ev, 4, 2)
}

// observe answers a query long after all windows have closed.
func observe(q *datasets.Query) (*datasets.Evidence, error) {
	asOf := datasets.InstantOf(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	q.AsOf = &asOf
	return columnar.New(columnar.Options{}).Observe(context.Background(), q)
}

// checkRevenue compares the sums of revenue.
func checkRevenue(t *testing.T, ev *datasets.Evidence, control, treatment float64) {
	t.Helper()
	for v, want := range []float64{control, treatment} {
		if b := ev.Blocks[1]; b.Metric != "revenue" || b.Total[v].Sum(0) != want {
			t.Errorf("variant %d: %s is %v, want %v", v, b.Metric, b.Total[v].Sum(0), want)
		}
	}
}

// TestKeysAcrossFiles: 7 as a number, as a text and as a code is one unit; files of one table must agree.
func TestKeysAcrossFiles(t *testing.T) {
	dir := folder(t, map[string]string{"exposures.csv": "unit,variant,ts\n7,control,2026-10-01\n18446744073709551615,treatment,2026-10-01\n"})
	writeAs(t, filepath.Join(dir, "events.parquet"), "parquet",
		sourcetest.Parse(t, datasets.Table{}, "unit:integer ts:time event:text value:float\n7 1d order 5"))
	ev, err := observe(sales(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	checkRevenue(t, ev, 5, 0)
	writeAs(t, filepath.Join(dir, "events-2.arrow"), "file",
		sourcetest.Parse(t, datasets.Table{}, "unit:text ts:time event:text value:float\n7 1d order 5"))
	expectError(t, sales(t, dir), `column "unit": the column holds integers here and texts in `+filepath.Join(dir, "events-2.arrow"))
}

// TestBooleanValues: a boolean column counts as 0 and 1 where the query knows that it is one.
func TestBooleanValues(t *testing.T) {
	table := sourcetest.Parse(t, datasets.Table{}, "unit:text ts:time event:text value:boolean\na 1d order true\na 1d order false\nb 1d order -")
	dir := folder(t, map[string]string{"exposures.csv": goodExposures})
	for _, format := range []string{"parquet", "file"} {
		name := filepath.Join(dir, map[string]string{"parquet": "events.parquet", "file": "events.arrow"}[format])
		writeAs(t, name, format, table)
		expectError(t, sales(t, dir), `column "value": the column holds booleans where a number is needed`)
		q := sales(t, dir)
		q.Values[1].Column = bound(t, table, &expr.Node{Op: expr.Column, Name: "value"}, expr.Number)
		q.Values, q.Blocks = q.Values[:2], q.Blocks[:2]
		q.Blocks[1].Covariates = nil
		ev, err := observe(q)
		if err != nil {
			t.Fatal(err)
		}
		checkRevenue(t, ev, 1, 0)
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	writeAs(t, filepath.Join(dir, "events.csv"), "csv", table)
	ev, err := observe(sales(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	checkRevenue(t, ev, 1, 0)
}

// TestCSV reads what spreadsheets and databases write.
func TestCSV(t *testing.T) {
	const lines = "a,2026-10-02,order,5\nb,2026-10-03,order,7\n"
	for name, events := range map[string]string{
		"plain":             "unit,ts,event,value\n" + lines,
		"mark":              "\ufeffunit,ts,event,value\n" + lines,
		"quoted mark":       "\ufeff\"unit\",ts,event,value\n" + lines,
		"CRLF":              strings.ReplaceAll("unit,ts,event,value\n"+lines, "\n", "\r\n"),
		"no last line end":  "unit,ts,event,value\n" + strings.TrimSuffix(lines, "\n"),
		"blank lines":       "unit,ts,event,value\n\n" + lines + "\n\n",
		"quotes":            "\"unit\",\"ts\",\"event\",\"value\"\n\"a\",\"2026-10-02\",\"order\",\"5\"\n\"b\",2026-10-03,\"order\",\"7\"\n",
		"text with all":     "unit,note,ts,event,value\na,\"a \"\"quoted\"\", and\r\nbroken\nline\",2026-10-02,order,5\nb,,2026-10-03,order,7\n",
		"offsets":           "unit,ts,event,value\na,2026-10-01T00:30:00+01:00,order,99\na,2026-10-02T02:00:00+0200,order,5\nb,2026-10-03 01:00:00 -05,order,7\n",
		"fractions":         "unit,ts,event,value\na,2026-09-30T23:59:59.999999999Z,order,99\na,2026-10-01T00:00:00.000000Z,order,5\nb,2026-10-03 00:00:00.5 UTC,order,7\n",
		"basic and minutes": "unit,ts,event,value\na,20261002T010203Z,order,5\nb,2026-10-03T01:02,order,7\n",
		"numbers":           "unit,ts,event,value\na,2026-10-02,order, +5.0 \nb,2026-10-03,order,0.7e1\n",
		"nulls":             "unit,ts,event,value\na,2026-10-02,order,5\n,2026-10-02,order,1\na,2026-10-02,,1\na,2026-10-02,order,\nb,2026-10-03,order,7\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"exposures.csv": goodExposures, "events.csv": events})
			ev, err := observe(sales(t, dir))
			if err != nil {
				t.Fatal(err)
			}
			checkRevenue(t, ev, 5, 7)
		})
	}
}

// TestWallClocksAtTheChange: an hour that a zone skips or repeats is read the same by every format.
func TestWallClocksAtTheChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	for wall, want := range map[string]string{
		"2026-10-25T02:30:00": "2026-10-25T01:30:00Z", // comes twice: the second one
		"2026-03-29T02:30:00": "2026-03-29T01:30:00Z", // does not exist
		"2026-10-25T03:00:00": "2026-10-25T02:00:00Z",
	} {
		at, err := time.Parse("2006-01-02T15:04:05", wall)
		if err != nil {
			t.Fatal(err)
		}
		table := &sourcetest.Table{
			Columns: []datasets.Column{{Name: "unit", Type: expr.Text}, {Name: "variant", Type: expr.Text}, {Name: "ts", Type: expr.Time}},
			Rows:    [][]expr.Value{{expr.TextValue("a"), expr.TextValue("control"), expr.TimeValue(at.UnixMicro())}},
		}
		dir := folder(t, map[string]string{"exposures.csv": "unit,variant,ts\na,control," + wall + "\n", "events.csv": goodEvents})
		for _, name := range []string{"exposures.csv", "exposures.parquet", "exposures.arrow"} {
			if name != "exposures.csv" {
				writeLocal(t, filepath.Join(dir, name), table)
			}
			q := sales(t, dir)
			q.Exposures.Files, q.Exposures.Location = []string{name}, berlin
			ev, err := observe(q)
			if err != nil {
				t.Fatal(err)
			}
			if got := ev.Exposure.First.String(); got != want {
				t.Errorf("%s: %s is %s, want %s", name, wall, got, want)
			}
		}
	}
}

// writeLocal writes times without a zone.
func writeLocal(t *testing.T, name string, table *sourcetest.Table) {
	t.Helper()
	s := newShape(1, map[string]string{".parquet": "parquet", ".arrow": "file"}[filepath.Ext(name)], table)
	for i, c := range table.Columns {
		if c.Type == expr.Time {
			s.types[i] = &arrow.TimestampType{Unit: arrow.Microsecond}
		}
	}
	if err := s.writeFile(name, s.schema(table), table, table.Rows); err != nil {
		t.Fatal(err)
	}
}
