package columnar_test

import (
	"sync/atomic"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

func TestConformance(t *testing.T) {
	for _, format := range []string{"parquet", "file", "stream", "csv"} {
		t.Run(format, func(t *testing.T) {
			if testing.Short() && format != "parquet" {
				t.Skip("one format is enough in a hurry")
			}
			var seed atomic.Uint64
			sourcetest.Run(t, func(tb testing.TB, d sourcetest.Data) datasets.Source {
				s := seed.Add(1)
				for _, table := range d.Tables {
					if format == "csv" && hasEmptyText(table) {
						tb.Skip("CSV cannot tell an empty text from a null")
					}
					newShape(s, format, table).write(tb, table)
				}
				return columnar.New(columnar.Options{Workers: int(1 + s%3)})
			})
		})
	}
}

func hasEmptyText(t *sourcetest.Table) bool {
	for i := range t.Columns {
		if !every(t, i, func(v expr.Value) bool { return v.Type != expr.Text || v.Text != "" }) {
			return true
		}
	}
	return false
}
