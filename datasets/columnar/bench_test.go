package columnar_test

import (
	"context"
	"testing"

	"liftgate/datasets/columnar"
	"liftgate/datasets/sourcetest"
)

// BenchmarkObserve answers five metrics on 20,000 units and 200,000 events in Parquet.
func BenchmarkObserve(b *testing.B) { benchmark(b, shop(1, 20_000, 200_000), shopQuery) }

// BenchmarkObserveClusters answers them by 60 shops, the largest of which has a quarter of the units.
func BenchmarkObserveClusters(b *testing.B) {
	benchmark(b, inShops(shop(1, 20_000, 200_000)), clustered(shopQuery))
}

// BenchmarkObserveRoster also compares the shops with a list and tries a condition on every exposure.
func BenchmarkObserveRoster(b *testing.B) {
	benchmark(b, inShops(shop(1, 20_000, 200_000)), onRoster(clustered(shopQuery)))
}

// BenchmarkObserveQuantiles asks for five quantiles more, four of them over rows.
func BenchmarkObserveQuantiles(b *testing.B) {
	benchmark(b, shop(1, 20_000, 200_000), withQuantiles(shopQuery))
}

func benchmark(b *testing.B, d sourcetest.Data, query makeQuery) {
	b.Helper()
	for _, table := range d.Tables {
		newShape(3, "parquet", table).write(b, table)
	}
	q := query(b, d)
	s := columnar.New(columnar.Options{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Observe(context.Background(), q); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*200_000/b.Elapsed().Seconds(), "events/s")
}
