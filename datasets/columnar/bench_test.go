package columnar_test

import (
	"context"
	"testing"

	"liftgate/datasets/columnar"
)

// BenchmarkObserve answers five metrics on 20,000 units and 200,000 events in Parquet.
func BenchmarkObserve(b *testing.B) {
	d := shop(1, 20_000, 200_000)
	for _, table := range d.Tables {
		newShape(3, "parquet", table).write(b, table)
	}
	q := shopQuery(b, d)
	s := columnar.New(columnar.Options{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Observe(context.Background(), q); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*200_000/b.Elapsed().Seconds(), "events/s")
}
