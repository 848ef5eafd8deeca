package columnar_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// folder writes files of text and names their folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sales is a query over exposures.csv and events*.csv: the sum of value where event is "order".
func sales(t testing.TB, dir string) *datasets.Query {
	t.Helper()
	d := shop(1, 1, 1)
	q := shopQuery(t, d)
	q.Exposures = &datasets.Table{Name: "exposures", Dir: dir, Files: []string{"exposures.*"}, Unit: "unit", Variant: "variant", Time: "ts"}
	q.Events = []*datasets.Table{{Name: "events", Dir: dir, Files: []string{"events*"}, Unit: "unit", Time: "ts"}}
	return q
}

const (
	goodExposures = "unit,variant,ts\na,control,2026-10-01\nb,treatment,2026-10-02\n"
	goodEvents    = "unit,ts,event,value\na,2026-10-02,order,5\nb,2026-10-03,order,7\n"
)

func TestDataErrors(t *testing.T) {
	for _, c := range []struct {
		name, exposures, events, want string
	}{
		{"ragged row", goodExposures, goodEvents + "a,2026-10-02\n", "events.csv, line 4: the row has another number of fields"},
		{"bare quote", goodExposures, goodEvents + "a,2026-10-02,or\"der,5\n", "events.csv, line 4:"},
		{"not a number", goodExposures, goodEvents + "a,2026-10-02,view,five\n", `events.csv, line 4, column "value": "five" is not a number`},
		{"not a time", goodExposures, goodEvents + "a,yesterday,order,5\n", `events.csv, line 4, column "ts": "yesterday" is not a time`},
		{"not a number", goodExposures, goodEvents + "a,2026-10-02,order,NaN\n", `events.csv, line 4, column "value": a value that is not a finite number`},
		{"infinite", goodExposures, goodEvents + "a,2026-10-02,order,1e999\n", `events.csv, line 4, column "value": a value that is not a finite number`},
		{"bad text", goodExposures, goodEvents + "a,2026-10-02,\xff,5\n", `events.csv, line 4, column "event": the text is not UTF-8`},
		{"empty file", goodExposures, "", "events.csv, line 1: the file is empty"},
		{"column twice", goodExposures, "unit,unit\n", `events.csv, line 1: two columns are called "unit"`},
		{"column missing", goodExposures, "unit,ts,value\n", `events.csv, column "event": the file has no such column`},
		{"undeclared variant", goodExposures + "c,other,2026-10-01\n", goodEvents, `exposures.csv, line 4, column "variant": variant "other" is neither declared nor ignored`},
		{"null variant", goodExposures + "c,,2026-10-01\n", goodEvents, `exposures.csv, line 4, column "variant": a row without a variant`},
		{"null time", goodExposures + "c,control,\n", goodEvents, `exposures.csv, line 4, column "ts": an exposure without a time`},
		{"the first row at fault", goodExposures + "c,control,\nd,other,2026-10-01\n", goodEvents, `exposures.csv, line 4, column "ts": an exposure without a time`},
		{"two faults of a row", goodExposures + "c,other,\n", goodEvents, `exposures.csv, line 4, column "variant": variant "other" is neither declared nor ignored`},
		{"faults of rows dropped", goodExposures + ",other,\nc,,2026-10-01\n", goodEvents, `exposures.csv, line 5, column "variant": a row without a variant`},
		{"too long", goodExposures + "c,control,1026-10-01\n", goodEvents, `exposures, column "ts": first exposures from 1026`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := folder(t, map[string]string{"exposures.csv": c.exposures, "events.csv": c.events})
			expectError(t, sales(t, dir), c.want)
		})
	}
}

func TestUnitTableErrors(t *testing.T) {
	const good = "unit,variant,before,value\na,control,1,1\nb,treatment,1,2\ntester,control,1,3\n"
	for _, c := range []struct{ name, rows, want string }{
		{"twice", "c,control,1,1\nb,control,1,1\na,control,1,1\nb,control,1,1\n", `units.csv, line 6, column "unit": unit "b" is listed twice`},
		{"forced twice", "c,control,1,1\ntester,control,1,1\na,control,1,1\n", `units.csv, line 6, column "unit": unit "tester" is listed twice`},
		{"null value", "c,control,1,\n", `units.csv, line 5, column "value": a unit without a value`},
		{"infinite", "c,control,1,1e999\n", `units.csv, line 5, column "value": a value that is not a finite number`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := shopUnits(1, 1)
			q := shopUnitsQuery(t, d)
			q.Units = &datasets.Table{Name: "units", Dir: folder(t, map[string]string{"units.csv": good + c.rows}), Files: []string{"*"}, Unit: "unit", Variant: "variant"}
			q.Forced = []string{"tester"}
			expectError(t, q, c.want)
		})
	}
}

func expectError(t *testing.T, q *datasets.Query, want string) {
	t.Helper()
	for _, workers := range []int{1, 3} {
		ev, err := columnar.New(columnar.Options{Workers: workers}).Observe(context.Background(), q)
		var data *datasets.DataError
		if ev != nil || !errors.As(err, &data) || !strings.Contains(err.Error(), want) {
			t.Errorf("%d workers: error %v, want a *datasets.DataError with %q", workers, err, want)
		}
	}
}

func TestFilesThatDisagree(t *testing.T) {
	numbers := sourcetest.Parse(t, datasets.Table{}, "unit:text ts:time event:text value:float\na 1d order 5.5")
	texts := sourcetest.Parse(t, datasets.Table{}, "unit:text ts:time event:text value:text\na 1d order x")
	dir := folder(t, map[string]string{"exposures.csv": goodExposures})
	writeAs(t, filepath.Join(dir, "events-1.parquet"), "parquet", numbers)
	writeAs(t, filepath.Join(dir, "events-2.arrow"), "file", texts)
	expectError(t, sales(t, dir), `events-2.arrow, column "value": the column holds texts where a number is needed`)

	integers := sourcetest.Parse(t, datasets.Table{}, "unit:text ts:time event:text value:integer\na 1d order 5")
	writeAs(t, filepath.Join(dir, "events-2.arrow"), "file", integers)
	expectError(t, sales(t, dir), `events-2.arrow, column "value": the column holds integers here and numbers in `+filepath.Join(dir, "events-1.parquet"))
}

func writeAs(t *testing.T, name, format string, table *sourcetest.Table) {
	t.Helper()
	s := newShape(1, format, table)
	if err := s.writeFile(name, s.schema(table), table, table.Rows); err != nil {
		t.Fatal(err)
	}
}

func TestTruncatedFiles(t *testing.T) {
	d := shop(8, 50, 500)
	for _, format := range []string{"parquet", "file", "stream"} {
		for _, table := range d.Tables {
			newShape(9, format, table).write(t, table)
		}
		names, err := filepath.Glob(filepath.Join(d.Tables[1].Spec.Dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, keep := range []int{0, 3, 11, len(whole) / 2, len(whole) - 9, len(whole) - 1} {
			if err := os.WriteFile(names[0], whole[:keep], 0o600); err != nil {
				t.Fatal(err)
			}
			expectError(t, shopQuery(t, d), names[0])
		}
	}
}

func TestUnknownFileType(t *testing.T) {
	dir := folder(t, map[string]string{"exposures.csv": goodExposures, "events.json": "{}"})
	expectError(t, sales(t, dir), `unknown file type ".json"`)
}

func TestClusters(t *testing.T) {
	query := func(exposures string) *datasets.Query {
		q := sales(t, folder(t, map[string]string{"exposures.csv": exposures, "events.csv": goodEvents}))
		q.Exposures.Cluster = "shop"
		return q
	}
	expectError(t, query("unit,variant,ts,shop\na,control,2026-10-01,x\na,control,2026-10-02,y\n"), "line 3, column \"shop\": a unit is seen in two clusters")
	expectError(t, query("unit,variant,ts,shop\na,control,2026-10-01,\n"), "line 2, column \"shop\": a row without a cluster")
	if _, err := columnar.New(columnar.Options{}).Observe(context.Background(), query("unit,variant,ts,shop\na,control,2026-10-01,x\na,control,2026-10-02,x\n")); err != nil {
		t.Error(err)
	}
}

func TestRandomisedClusters(t *testing.T) {
	query := func(exposures, events string) *datasets.Query {
		q := sales(t, folder(t, map[string]string{"exposures.csv": exposures, "events.csv": events}))
		q.Clustered, q.Exposures.Cluster, q.Events[0].Cluster = true, "shop", "shop"
		return q
	}
	const exposures = "unit,variant,ts,shop\na,control,2026-10-01,x\n"
	expectError(t, query("unit,variant,ts,shop\na,control,2026-10-01,\n", goodEvents), "line 2, column \"shop\": a row without a cluster")
	expectError(t, query(exposures, "unit,ts,event,value,shop\na,2026-10-02,order,1,x\na,2026-10-02,order,1,\n"),
		"line 3, column \"shop\": a row without a cluster")
	units := func(rows string) *datasets.Query {
		q := attributes(t, folder(t, map[string]string{"units.csv": "unit,variant,shop\n" + rows}), "units.csv", nil)
		q.Clustered, q.Units.Cluster = true, "shop"
		return q
	}
	expectError(t, units("a,control,x\nb,treatment,y\nc,treatment,x\n"), "line 4, column \"variant\": a cluster is listed with two variants")
	expectError(t, units("a,control,x\na,treatment,y\na,treatment,y\n"), "line 4, column \"unit\": a unit of cluster \"y\" is listed twice")
}

func TestSchema(t *testing.T) {
	table := sourcetest.Parse(t, datasets.Table{Name: "events"}, "unit:integer ts:time event:text value:float paid:boolean\n1 1d order 5.5 true")
	for format, typed := range map[string]bool{"parquet": true, "file": true, "stream": true, "csv": false} {
		newShape(3, format, table).write(t, table)
		got, err := columnar.New(columnar.Options{}).Schema(context.Background(), &table.Spec)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range table.Columns {
			want := c
			if !typed {
				want.Type = expr.Untyped
			}
			if i >= len(got) || got[i] != want {
				t.Errorf("%s: column %d of %v, want %v", format, i, got, want)
			}
		}
	}
}

// TestZoneLess reads wall clocks in the zone of their table.
func TestZoneLess(t *testing.T) {
	dir := folder(t, map[string]string{
		"exposures.csv": "unit,variant,ts\na,control,2026-10-01 12:00:00\nb,treatment,2026-10-01T12:00:00Z\n", "events.csv": goodEvents,
	})
	q := sales(t, dir)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	q.Exposures.Location = berlin
	ev, err := columnar.New(columnar.Options{}).Observe(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if first := ev.Exposure.First.String(); first != "2026-10-01T10:00:00Z" {
		t.Errorf("first exposure %s, want 2026-10-01T10:00:00Z", first)
	}
}
