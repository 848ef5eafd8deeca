package analysis_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
	"liftgate/experiment/simulate"
)

// TestSimulatedLogsAgreeWithTheReference: on a simulated log the whole result is, to 1e-9, what the row-by-row reference gives.
func TestSimulatedLogsAgreeWithTheReference(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	source, err := os.ReadFile("testdata/coverage.yaml")
	if err != nil {
		t.Fatal(err)
	}
	source = append(source, `  - {name: latency, role: supporting, better: lower, type: quantile, quantile: 0.95, over: rows,
     value: {from: events, where: 'event == "payment_confirmed"', column: latency_ms, window: [0d, 14d]}}
  - {name: largest_order_p90, role: supporting, better: higher, type: quantile, quantile: 0.9, over: units,
     value: {from: events, where: 'event == "order_captured"', take: max, column: value, window: [0d, 14d]}}
  - {name: incrementality, role: supporting, better: higher, type: difference_ratio,
     numerator: {from: events, where: 'event == "order_captured"', take: count, window: [0d, 14d]},
     denominator: {from: events, where: 'event == "amazon_pay_clicked"', take: count, window: [0d, 14d]}}
`...)
	t.Run("shoppers", func(t *testing.T) { agrees(t, source) })
	source = bytes.Replace(source, []byte("unit: shopper\n"), []byte("unit: merchant\n"), 1)
	source = bytes.ReplaceAll(source, []byte("unit: shopper_id"), []byte("unit: shopper_id, cluster: merchant_id"))
	t.Run("merchants", func(t *testing.T) { agrees(t, source) })
}

func agrees(t *testing.T, source []byte) {
	ctx := context.Background()
	dir := t.TempDir()
	d, err := experiment.Parse(filepath.Join(dir, "definition.yaml"), source)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := simulate.Run(ctx, d, simulate.Options{Dir: dir, Shoppers: 6000, Seed: 7}); err != nil {
		t.Fatal(err)
	}
	var memory sourcetest.Data
	for _, name := range []string{"exposures", "events"} {
		table := &sourcetest.Table{Spec: datasets.Table{Name: name}}
		readParquet(t, filepath.Join(dir, name+".parquet"), table)
		memory.Tables = append(memory.Tables, table)
	}
	infer := func(src datasets.Source) any {
		study, err := analysis.Bind(ctx, d, src, analysis.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ev, err := src.Observe(ctx, &study.Query)
		if err != nil {
			t.Fatal(err)
		}
		r, err := study.Infer(ev, analysis.Stamp{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Metrics {
			if m.Status != result.OK && m.Metric != "incrementality" {
				t.Errorf("%s is %s: %s", m.Metric, m.Status, m.Reason)
			}
		}
		return r
	}
	want, got := infer(sourcetest.NewSource(memory)), infer(columnar.New(columnar.Options{}))
	// The margin is for numbers near zero, which are differences of numbers of order one.
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 1e-12)); diff != "" {
		t.Errorf("the native engine differs (-reference +native):\n%s", diff)
	}
}

// readParquet reads a file with the Arrow library's own reader, which the native engine does not use.
func readParquet(t *testing.T, path string, into *sourcetest.Table) {
	t.Helper()
	src, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	reader, err := pqarrow.NewFileReader(src, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := reader.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	into.Rows = make([][]expr.Value, table.NumRows())
	for i := range int(table.NumCols()) {
		row := 0
		column := datasets.Column{Name: table.Column(i).Name()}
		for _, chunk := range table.Column(i).Data().Chunks() {
			for j := range chunk.Len() {
				v := cell(t, chunk, j)
				into.Rows[row] = append(into.Rows[row], v)
				column.Type = max(column.Type, v.Type)
				row++
			}
		}
		if column.Type == expr.Untyped {
			column.Type = expr.Text
		}
		into.Columns = append(into.Columns, column)
	}
	if !slices.ContainsFunc(into.Columns, func(c datasets.Column) bool { return c.Name == "ts" && c.Type == expr.Time }) {
		t.Fatalf("%s has no times: %v", path, into.Columns)
	}
}

func cell(t *testing.T, a arrow.Array, i int) expr.Value {
	t.Helper()
	if a.IsNull(i) {
		return expr.Value{}
	}
	switch a := a.(type) {
	case *array.String:
		return expr.TextValue(a.Value(i))
	case *array.Dictionary:
		return cell(t, a.Dictionary(), a.GetValueIndex(i))
	case *array.Float64:
		return expr.FloatValue(a.Value(i))
	case *array.Int32:
		return expr.IntValue(int64(a.Value(i)))
	case *array.Timestamp:
		return expr.TimeValue(a.Value(i).ToTime(a.DataType().(*arrow.TimestampType).Unit).UnixMicro())
	}
	t.Fatalf("a column of %s", a.DataType())
	return expr.Value{}
}
