package columnar_test

import (
	"sync/atomic"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/sourcetest"
)

func TestUnitsConform(t *testing.T) {
	if testing.Short() {
		t.Skip("the answer beside the units is held to the rules elsewhere")
	}
	var seed atomic.Uint64
	sourcetest.RunUnits(t, func(tb testing.TB, d sourcetest.Data) datasets.Source {
		s := seed.Add(1)
		for _, table := range d.Tables {
			newShape(s, "parquet", table).write(tb, table)
		}
		return columnar.New(columnar.Options{Workers: int(1 + s%3)})
	})
}
