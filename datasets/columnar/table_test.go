package columnar_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// tableRows is more than one of the runs of rows that a unit table is folded by.
const tableRows = 20_000

// cut writes the rows of a table into so many files, in one of the formats each.
func cut(t *testing.T, table *sourcetest.Table, seed uint64, files int, formats ...string) {
	t.Helper()
	table.Spec.Dir, table.Spec.Files = t.TempDir(), []string{"*"}
	r := rand.New(rand.NewPCG(seed, 11))
	at := 0
	for i := range files {
		end := len(table.Rows)
		if i < files-1 {
			end = min(end, at+r.IntN(2*len(table.Rows)/files+1))
		}
		format := formats[i%len(formats)]
		s := newShape(seed+uint64(i), format, table)
		name := fmt.Sprintf("part-%03d%s", i, map[string]string{"parquet": ".parquet", "file": ".arrow", "stream": ".arrows", "csv": ".csv"}[format])
		if err := s.writeFile(filepath.Join(table.Spec.Dir, name), s.schema(table), table, table.Rows[at:end]); err != nil {
			t.Fatal(err)
		}
		at = end
	}
}

// withGaps leaves some rows of a unit table without a unit, or in a variant that is ignored, and most units without a value.
func withGaps(d sourcetest.Data) sourcetest.Data {
	for i, cells := range d.Tables[0].Rows {
		switch {
		case i%97 == 0:
			cells[0] = expr.Value{}
		case i%89 == 0:
			cells[1] = expr.TextValue("holdout")
		}
		if i%3 > 0 {
			cells[3] = expr.FloatValue(0)
		}
		if i%5 > 0 {
			cells[4] = expr.FloatValue(0)
		}
	}
	return d
}

func gapsQuery(query makeQuery) makeQuery {
	return func(t testing.TB, d sourcetest.Data) *datasets.Query {
		q := query(t, d)
		q.IgnoreVariants = []string{"holdout"}
		return q
	}
}

func withViews(query makeQuery) makeQuery {
	return func(t testing.TB, d sourcetest.Data) *datasets.Query {
		q := query(t, d)
		q.Views = &datasets.Views{Segments: []int{0}}
		return q
	}
}

// TestSameUnits: the same rows of a unit table make the same bytes in 1, 7 and 200 files of any format, with any row groups.
func TestSameUnits(t *testing.T) {
	if testing.Short() {
		t.Skip("many files")
	}
	plain := gapsQuery(withQuantiles(shopUnitsQuery))
	for name, c := range map[string]struct {
		data  sourcetest.Data
		query makeQuery
	}{
		"units":          {withGaps(shopUnits(6, tableRows)), plain},
		"clusters":       {inShops(shopUnits(7, tableRows)), withQuantiles(onRoster(clustered(shopUnitsQuery)))},
		"units by cell":  {withGaps(shopUnits(8, tableRows)), withViews(plain)},
		"shops by cells": {inShops(shopUnits(9, tableRows/4)), withViews(clustered(shopUnitsQuery))},
	} {
		t.Run(name, func(t *testing.T) {
			table, want := c.data.Tables[0], ""
			for i, files := range []int{1, 7, 200, 5} {
				formats, workers := []string{"parquet"}, []int{2}
				switch files {
				case 7:
					workers = []int{1, 2, 3, 8}
				case 5:
					formats = []string{"parquet", "csv", "file", "stream"}
				}
				cut(t, table, uint64(i), files, formats...)
				for _, workers := range workers {
					ev, err := columnar.New(columnar.Options{Workers: workers}).Observe(context.Background(), c.query(t, c.data))
					if err != nil {
						t.Fatal(err)
					}
					got, err := json.Marshal(ev)
					if err != nil {
						t.Fatal(err)
					}
					if want == "" {
						want = string(got)
					}
					if string(got) != want {
						t.Fatalf("%d files, %d workers: the evidence differs", files, workers)
					}
				}
			}
		})
	}
}

// TestLargeUnitTable compares a table of two runs of rows with the row-by-row reference.
func TestLargeUnitTable(t *testing.T) {
	if testing.Short() {
		t.Skip("many rows")
	}
	for _, c := range []struct {
		data  sourcetest.Data
		query makeQuery
	}{
		{withGaps(shopUnits(10, tableRows)), gapsQuery(withQuantiles(shopUnitsQuery))},
		{inShops(shopUnits(11, tableRows)), withQuantiles(clustered(shopUnitsQuery))},
	} {
		compareWithReference(t, c.data, c.query(t, c.data))
	}
}

// keyed is a unit table with the given keys.
func keyed(keys []expr.Value, kind expr.Type) (sourcetest.Data, makeQuery) {
	d := shopUnits(12, len(keys))
	table := d.Tables[0]
	table.Columns[0].Type = kind
	for i, k := range keys {
		table.Rows[i][0] = k
	}
	return d, func(t testing.TB, d sourcetest.Data) *datasets.Query {
		q := shopUnitsQuery(t, d)
		q.Forced = nil
		return q
	}
}

// drawKeys gives different keys as a column of a file can hold them.
func drawKeys(r *rand.Rand, kind string, n int) (keys []expr.Value, column expr.Type) {
	for i := range n {
		switch kind {
		case "integers":
			keys = append(keys, expr.IntValue(int64(i-n/2)))
		case "wide integers":
			keys = append(keys, expr.IntValue(int64(i)*0x9e3779b97f4a7c1))
		case "digits":
			keys = append(keys, expr.TextValue(strings.Repeat("0", i%3)+fmt.Sprint(n+i/3)))
		default:
			keys = append(keys, expr.TextValue(strings.Repeat("é", i%12)+fmt.Sprint("-", i)))
		}
	}
	r.Shuffle(n, func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	if keys[0].Type == expr.Text {
		return keys, expr.Text
	}
	return keys, expr.Number
}

// TestRepeatedUnits: a unit that is listed twice is found wherever it is, and named with the first row that lists one again.
func TestRepeatedUnits(t *testing.T) {
	rows := tableRows / 4
	if testing.Short() {
		rows = 200
	}
	r := rand.New(rand.NewPCG(13, 13))
	for i, kind := range []string{"integers", "wide integers", "digits", "texts"} {
		keys, column := drawKeys(r, kind, rows)
		for _, formats := range [][]string{{"parquet"}, {"csv"}, {"parquet", "csv"}} {
			d, query := keyed(keys, column)
			table := d.Tables[0]
			cut(t, table, uint64(i), 4, formats...)
			if _, err := observe(query(t, d)); err != nil {
				t.Fatalf("%s in %v: %v", kind, formats, err)
			}
			first := rows
			for range 3 {
				again := 1 + r.IntN(rows-1)
				table.Rows[again][0] = table.Rows[r.IntN(again)][0]
				first = min(first, again)
			}
			cut(t, table, uint64(i), 4, formats...)
			want := fmt.Sprintf("unit %q is listed twice", table.Rows[first][0].Plain())
			if _, err := observe(query(t, d)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s in %v: error %v, want %s", kind, formats, err, want)
			}
		}
	}
}

// TestRepeatedPairs: a unit may be listed in two clusters, but not twice in one.
func TestRepeatedPairs(t *testing.T) {
	d := inShops(shopUnits(14, 500))
	table := d.Tables[0]
	query := clustered(shopUnitsQuery)
	shops := columnAt(table, "shop")
	table.Rows[100][0] = table.Rows[50][0]
	if table.Rows[100][shops] == table.Rows[50][shops] {
		t.Fatal("the rows lie in one shop")
	}
	cut(t, table, 1, 3, "parquet", "csv")
	if _, err := observe(query(t, d)); err != nil {
		t.Fatal(err)
	}
	for _, column := range []int{0, 1, shops} {
		table.Rows[300][column] = table.Rows[200][column]
	}
	cut(t, table, 1, 3, "parquet", "csv")
	expectError(t, query(t, d), fmt.Sprintf("a unit of cluster %q is listed twice", table.Rows[200][shops].Plain()))
}
