package simulate

import (
	"context"
	"testing"
)

func BenchmarkTruth(b *testing.B) {
	for b.Loop() {
		if _, err := Truth(context.Background(), express(b), Options{TruthShoppers: 200_000, Workers: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	var events int64
	for b.Loop() {
		r, err := Run(context.Background(), express(b), Options{Dir: b.TempDir(), Shoppers: 60_000, Workers: 1})
		if err != nil {
			b.Fatal(err)
		}
		events += r.Events + r.Exposures
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "rows/s")
}
