package columnar_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
)

// TestFlippedBytes damages one byte after another: whatever comes back, it comes soon, without a panic, and costs little memory.
func TestFlippedBytes(t *testing.T) {
	flips := 60
	if os.Getenv("LIFTGATE_SLOW") != "" {
		flips = 2000
	} else if testing.Short() {
		flips = 20
	}
	r := rand.New(rand.NewPCG(11, 12))
	for _, format := range []string{"parquet", "parquet", "parquet", "file", "stream"} {
		d := shop(r.Uint64(), 20, 60)
		for _, table := range d.Tables {
			newShape(r.Uint64(), format, table).write(t, table)
		}
		names, err := filepath.Glob(filepath.Join(d.Tables[1].Spec.Dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		q := shopQuery(t, d)
		for range flips {
			name := names[r.IntN(len(names))]
			whole, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			damaged := append([]byte(nil), whole...)
			damaged[r.IntN(len(damaged))] ^= 1 << r.IntN(8)
			if err := os.WriteFile(name, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			observeBounded(t, q)
			if err := os.WriteFile(name, whole, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// observeBounded answers a query on files that may be damaged.
func observeBounded(t *testing.T, q *datasets.Query) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ev, err := columnar.New(columnar.Options{Workers: 2}).Observe(ctx, q)
	runtime.ReadMemStats(&after)
	if (ev == nil) == (err == nil) {
		t.Errorf("evidence %v and error %v", ev, err)
	}
	if ctx.Err() != nil {
		t.Errorf("took more than 20 s")
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 512<<20 {
		t.Errorf("allocated %d MB (%v)", used>>20, err)
	}
}
