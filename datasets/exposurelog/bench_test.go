package exposurelog_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/exposurelog"
)

// BenchmarkAdd logs units that are new, with two attributes, and waits until they are durable.
func BenchmarkAdd(b *testing.B) {
	l, err := exposurelog.Open(exposurelog.Options{Dir: b.TempDir(), Columns: exposurelog.Columns{
		Unit: "shopper_id", Variant: "variant", Time: "ts", Attributes: shoppers.Attributes,
	}})
	if err != nil {
		b.Fatal(err)
	}
	var workers atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		unit := fmt.Appendf(nil, "w%03d-3f2b8a5e-%019d", workers.Add(1), 0)
		e := exposurelog.Exposure{Variant: "amazon_pay", At: 1_790_000_000_000_000, Attributes: texts("US", "mobile")}
		for pb.Next() {
			increment(unit)
			e.Unit, e.At = string(unit), e.At+datasets.Instant(1)
			if added, err := l.Add(context.Background(), &e); !added || err != nil {
				b.Error(added, err)
			}
		}
	})
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// increment adds one to a decimal number at the end of b.
func increment(b []byte) {
	for i := len(b) - 1; ; i-- {
		if b[i]++; b[i] <= '9' {
			return
		}
		b[i] = '0'
	}
}
