package columnar_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/memory"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
)

// TestNothingIsLeft: however an analysis ends, by itself, cancelled at any moment or at a damaged byte, no file, goroutine or buffer of Arrow is left.
func TestNothingIsLeft(t *testing.T) {
	plain := memory.DefaultAllocator
	defer func() { memory.DefaultAllocator = plain }()
	d := shop(9, 50, 200)
	spilled := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "shape"), 6))
		for _, table := range d.Tables {
			writeAnyShape(t, r, table, anyFormat)
		}
		for range 3 {
			spec := &d.Tables[r.IntN(2)].Spec
			undo, damaged := func() {}, r.IntN(3) == 0
			if damaged {
				undo = damageOne(t, r, spec.Dir)
			}
			o := columnar.Options{Workers: 1 + r.IntN(4)}
			if r.IntN(2) == 0 {
				o.Memory = columnar.Memory{Limit: 1, Spill: spilled}
			}
			files, running := descriptors(t), goleak.IgnoreCurrent()
			checked := memory.NewCheckedAllocator(plain)
			memory.DefaultAllocator = checked
			end := observeUntil(r, shopQuery(t, d), o)
			memory.DefaultAllocator = plain
			undo()
			if now := descriptors(t); now != files {
				rt.Errorf("%d files were open, and %d are after %v", files, now, end)
			}
			if n := checked.CurrentAlloc(); n > 0 && !damaged { // the library forgets what it had read of a damaged dictionary
				rt.Errorf("%d bytes of Arrow's are left after %v", n, end)
			}
			if err := goleak.Find(running); err != nil {
				rt.Errorf("after %v: %v", end, err)
			}
			empty(t, spilled)
		}
	})
}

// observeUntil answers a query, in half of the cases until it is cancelled after a random number of reports, and tells how that ended.
func observeUntil(r *rand.Rand, q *datasets.Query, o columnar.Options) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	left := r.IntN(40)
	o.Progress = func(int64, int64, string) {
		if left--; left == 0 {
			cancel()
		}
	}
	ev, err := columnar.New(o).Observe(ctx, q)
	if (ev == nil) == (err == nil) {
		return errors.New("neither evidence nor an error, or both")
	}
	return err
}

// damageOne changes a byte of a file, or cuts it short, until undo is called.
func damageOne(t *testing.T, r *rand.Rand, dir string) (undo func()) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	name := names[r.IntN(len(names))]
	whole, err := os.ReadFile(name)
	if err != nil || len(whole) == 0 {
		t.Fatal(err)
	}
	damaged := append([]byte(nil), whole...)
	if damaged[r.IntN(len(damaged))] ^= 1 << r.IntN(8); r.IntN(4) == 0 {
		damaged = damaged[:r.IntN(len(damaged))]
	}
	if err := os.WriteFile(name, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.WriteFile(name, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// descriptors counts the files that are open, where the system tells.
func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("open files cannot be counted: ", err)
	}
	return len(open)
}
