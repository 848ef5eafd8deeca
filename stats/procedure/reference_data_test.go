package procedure

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// dataTable is a data file: its columns as text, and which of its rows are kept.
type dataTable struct {
	columns map[string][]string
	rows    []int
}

var dataTables = map[string]dataTable{} // by path: several cases read one file

func openTable(t *testing.T, path string) dataTable {
	t.Helper()
	if d, ok := dataTables[path]; ok {
		return d
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read := readCSV
	if filepath.Ext(path) == ".parquet" {
		read = readParquet
	}
	columns, n, err := read(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	d := dataTable{columns: columns, rows: make([]int, n)}
	for i := range d.rows {
		d.rows[i] = i
	}
	dataTables[path] = d
	return d
}

func readCSV(f *os.File) (map[string][]string, int, error) {
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, 0, err
	}
	columns := map[string][]string{}
	for i, name := range records[0] {
		for _, record := range records[1:] {
			columns[name] = append(columns[name], record[i])
		}
	}
	return columns, len(records) - 1, nil
}

func readParquet(f *os.File) (map[string][]string, int, error) {
	parquet, err := file.NewParquetReader(f)
	if err != nil {
		return nil, 0, err
	}
	reader, err := pqarrow.NewFileReader(parquet, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return nil, 0, err
	}
	table, err := reader.ReadTable(context.Background())
	if err != nil {
		return nil, 0, err
	}
	defer table.Release()
	columns := map[string][]string{}
	for i := range int(table.NumCols()) {
		name := table.Schema().Field(i).Name
		for _, chunk := range table.Column(i).Data().Chunks() {
			columns[name] = append(columns[name], cells(chunk)...)
		}
	}
	return columns, int(table.NumRows()), nil
}

func cells(a arrow.Array) []string {
	out := make([]string, a.Len())
	for i := range out {
		switch a := a.(type) {
		case *array.Float64:
			out[i] = strconv.FormatFloat(a.Value(i), 'g', -1, 64)
		default:
			out[i] = a.ValueStr(i)
		}
		if a.IsNull(i) {
			out[i] = ""
		}
	}
	return out
}

// where keeps the rows whose cells satisfy the condition.
func (d dataTable) where(t *testing.T, column string, keep func(cell string) bool) dataTable {
	cells := d.column(t, column)
	d.rows = slices.Clone(d.rows)
	kept := d.rows[:0]
	for i, row := range d.rows {
		if keep(cells[i]) {
			kept = append(kept, row)
		}
	}
	d.rows = kept
	return d
}

// given keeps the rows that have a value in all columns.
func (d dataTable) given(t *testing.T, columns ...string) dataTable {
	for _, c := range columns {
		d = d.where(t, c, func(cell string) bool { return !missing(cell) })
	}
	return d
}

func missing(cell string) bool {
	return slices.Contains([]string{"", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "<NA>"}, cell)
}

// column gives the cells of the rows that are kept.
func (d dataTable) column(t *testing.T, name string) []string {
	t.Helper()
	all, ok := d.columns[name]
	if !ok {
		t.Fatalf("the file has no column %s", name)
	}
	out := make([]string, len(d.rows))
	for i, row := range d.rows {
		out[i] = all[row]
	}
	return out
}

// numbers gives a column as numbers: NaN where it is missing, 1 and 0 for True and False.
func (d dataTable) numbers(t *testing.T, name string) []float64 {
	t.Helper()
	out := make([]float64, len(d.rows))
	for i, cell := range d.column(t, name) {
		out[i] = number(t, cell)
	}
	return out
}

func number(t *testing.T, cell string) float64 {
	t.Helper()
	switch {
	case missing(cell):
		return math.NaN()
	case cell == "True" || cell == "TRUE":
		return 1
	case cell == "False" || cell == "FALSE":
		return 0
	}
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// labels numbers the cells of a column in order of appearance, for clusters and blocks; numbers stay what they are.
func (d dataTable) labels(t *testing.T, name string) []float64 {
	t.Helper()
	seen := map[string]float64{}
	out := make([]float64, len(d.rows))
	numeric := true
	column := d.column(t, name)
	for i, cell := range column {
		x, err := strconv.ParseFloat(cell, 64)
		numeric = numeric && err == nil
		out[i] = x
		if _, ok := seen[cell]; !ok {
			seen[cell] = float64(len(seen))
		}
	}
	if !numeric {
		for i, cell := range column {
			out[i] = seen[cell]
		}
	}
	return out
}

// is says row by row, as 1 or 0, whether a column has a value of a recipe: text, a number or a boolean.
func (d dataTable) is(t *testing.T, name string, value any) []float64 {
	t.Helper()
	out := make([]float64, len(d.rows))
	for i, cell := range d.column(t, name) {
		if equals(cell, value) {
			out[i] = 1
		}
	}
	return out
}

func equals(cell string, value any) bool {
	switch value := value.(type) {
	case string:
		return cell == value
	case float64:
		x, err := strconv.ParseFloat(cell, 64)
		return err == nil && x == value
	case bool:
		x, err := strconv.ParseBool(cell)
		return err == nil && x == value
	}
	return false
}
