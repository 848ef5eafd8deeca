package evidence

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets"
	"liftgate/stats"
)

func small() *datasets.Evidence {
	first := datasets.Instant(1_790_812_800_000_000)
	var m stats.Moments
	m.Add(1, 2)
	activity := []datasets.Activity{{FirstAge: -1, Ages: []int64{1, 0, 2}, Last: &first}, {}}
	return &datasets.Evidence{
		Variants: []string{"control", "treatment"},
		AsOf:     &first,
		Exposure: datasets.Exposure{
			Units: []int64{1, 1}, Crossover: []int64{0, 0}, First: &first, Last: &first, FirstHour: first, Hours: [][]int64{{1}, {1}},
			Attributes: []datasets.Attribute{{Name: "country", Values: []string{"DE", "US"}, Units: [][]int64{{1, 0}, {0, 1}}}},
		},
		Events: []datasets.EventEvidence{{Table: "events", PerUnit: make([]stats.Moments, 2), Activity: activity}},
		Values: []datasets.ValueEvidence{{Name: "orders", Activity: activity}},
		Blocks: []datasets.BlockEvidence{{
			Metric: "orders", Components: []string{"orders", "before"}, Incomplete: []int64{0, 0}, Null: []int64{0, 0},
			Total: []stats.Moments{m, {}},
		}},
	}
}

// replace writes one file anew, with sums that fit it.
func replace[T any](t *testing.T, dir, table string, edit func(rows []T) []T) {
	t.Helper()
	rows, err := readTable[T](dir, table)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeTable(dir, table, edit(rows)); err != nil {
		t.Fatal(err)
	}
	if err := writeSums(dir); err != nil {
		t.Fatal(err)
	}
}

func dropFirst[T any](rows []T) []T { return rows[1:] }

func TestFilesThatDoNotFitEachOtherAreAnError(t *testing.T) {
	edits := map[string]func(t *testing.T, dir string){
		summaryTable: func(t *testing.T, dir string) { replace(t, dir, summaryTable, dropFirst[summaryRow]) },
		exposureTable: func(t *testing.T, dir string) {
			replace(t, dir, exposureTable, func(rows []exposureRow) []exposureRow {
				rows[0].Variant = "other"
				return rows
			})
		},
		attributesTable: func(t *testing.T, dir string) { replace(t, dir, attributesTable, dropFirst[attributeRow]) },
		activityTable:   func(t *testing.T, dir string) { replace(t, dir, activityTable, dropFirst[activityRow]) },
		leftOutTable:    func(t *testing.T, dir string) { replace(t, dir, leftOutTable, dropFirst[leftOutRow]) },
		momentsTable: func(t *testing.T, dir string) {
			replace(t, dir, momentsTable, func(rows []momentsRow) []momentsRow {
				rows[0].Cross = rows[0].Cross[1:]
				return rows
			})
		},
	}
	for table, edit := range edits {
		t.Run(table, func(t *testing.T) {
			dir := t.TempDir()
			if _, err := Write(dir, small()); err != nil {
				t.Fatal(err)
			}
			if _, err := Read(dir); err != nil {
				t.Fatal(err)
			}
			edit(t, dir)
			if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), table+extension) {
				t.Errorf("error %v does not name %s", err, table+extension)
			}
		})
	}
}

func TestAFileOfAnotherTableOrFormatIsAnError(t *testing.T) {
	type other struct {
		Value string `arrow:"value"`
		Cells string `arrow:"null_cells"`
	}
	dir := t.TempDir()
	if err := writeTable(dir, valuesTable, []other{{"orders", "none"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := readTable[valueRow](dir, valuesTable); err == nil || !strings.Contains(err.Error(), "null_cells") {
		t.Errorf("another type: %v", err)
	}
	if _, err := readTable[blockRow](dir, valuesTable); err == nil || !strings.Contains(err.Error(), `"metric"`) {
		t.Errorf("no such column: %v", err)
	}
	if err := os.Rename(filepath.Join(dir, valuesTable+extension), filepath.Join(dir, blocksTable+extension)); err != nil {
		t.Fatal(err)
	}
	if _, err := readTable[other](dir, blocksTable); err == nil || !strings.Contains(err.Error(), `table is "values"`) {
		t.Errorf("another table: %v", err)
	}
}

func TestColumnsThatALaterVersionAddsAreLeftAside(t *testing.T) {
	type later struct {
		New       []float64 `arrow:"new"`
		NullCells int64     `arrow:"null_cells"`
		Name      string    `arrow:"value"`
	}
	dir := t.TempDir()
	if err := writeTable(dir, valuesTable, []later{{[]float64{1}, 7, "orders"}}); err != nil {
		t.Fatal(err)
	}
	rows, err := readTable[valueRow](dir, valuesTable)
	if err != nil || len(rows) != 1 || rows[0] != (valueRow{"orders", 7}) {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestANullWhereNoneBelongsIsAnError(t *testing.T) {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendNull()
	a := b.NewArray()
	defer a.Release()
	schema := arrow.NewSchema([]arrow.Field{{Name: "units", Type: arrow.PrimitiveTypes.Int64}}, nil)
	record := array.NewRecord(schema, []arrow.Array{a}, 1)
	defer record.Release()
	type row struct {
		Units int64 `arrow:"units"`
	}
	if _, err := appendRows([]row(nil), record, []int{0}); err == nil || !strings.Contains(err.Error(), "null") {
		t.Errorf("error %v", err)
	}
}

func TestEveryFileSaysWhatItIs(t *testing.T) {
	dir := t.TempDir()
	names, err := Write(dir, small())
	if err != nil {
		t.Fatal(err)
	}
	want := "activity.arrow attributes.arrow blocks.arrow events.arrow exposure.arrow left_out.arrow moments.arrow summary.arrow values.arrow SHA256SUMS"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("files %s", got)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(names) {
		t.Errorf("%d files in the folder, %v", len(entries), err)
	}
}

func TestWriteAndFingerprintFailWithoutAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(filepath.Join(file, "run"), small()); err == nil {
		t.Error("written below a file")
	}
	for _, dir := range []string{file, t.TempDir(), filepath.Join(t.TempDir(), "absent")} {
		if _, err := Fingerprint(dir); err == nil {
			t.Errorf("%s has a fingerprint", dir)
		}
		if _, err := Read(dir); err == nil {
			t.Errorf("%s was read", dir)
		}
	}
}
