package depot_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"liftgate/datasets/internal/depot"
)

// TestMemoryThenFile: slices are memory up to the limit, then lie in a file, and are zero and their owner's alone wherever they lie.
func TestMemoryThenFile(t *testing.T) {
	dir, files := t.TempDir(), 0
	d := depot.New(1<<12, dir, func() { files++ })
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	a := d.Arena()
	var all [][]uint32
	for i := range 200 {
		s := depot.Slice[uint32](a, 100+i)
		if slices.ContainsFunc(s, func(x uint32) bool { return x != 0 }) {
			t.Fatalf("slice %d is not zero", i)
		}
		for j := range s {
			s[j] = uint32(i + 1)
		}
		all = append(all, s)
		a.Release()
	}
	for i, s := range all {
		if s[0] != uint32(i+1) || s[len(s)-1] != uint32(i+1) {
			t.Errorf("slice %d holds %d and %d", i, s[0], s[len(s)-1])
		}
	}
	memory, file := d.Held()
	if memory > 1<<12 {
		t.Errorf("%d bytes in memory, more than the limit", memory)
	}
	if runtime.GOOS == "linux" && (file == 0 || files != 1) {
		t.Errorf("%d bytes in a file, which was announced %d times", file, files)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("files with names: %v, %v", left, err)
	}
}

// TestReset: what is handed out after a reset is zero, whoever had it before, in a file and in memory.
func TestReset(t *testing.T) {
	for _, limit := range []int64{0, 1 << 12, 1 << 30} {
		d := depot.New(limit, t.TempDir(), nil)
		defer func() { _ = d.Close() }()
		a := d.Arena()
		kept := depot.Clone(a, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9})
		for range 3 {
			m := a.Mark()
			takeAll(t, a)
			a.Reset(m)
		}
		if !slices.Equal(kept, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}) {
			t.Errorf("what was handed out before the mark: %v", kept)
		}
	}
}

// takeAll checks that slices are zero, and leaves other numbers in them.
func takeAll(t *testing.T, a *depot.Arena) {
	t.Helper()
	for _, n := range []int{10, 1000, 100_000} {
		s := depot.Slice[float64](a, n)
		for i := range s {
			if s[i] != 0 {
				t.Fatalf("cell %d of %d holds %v of somebody else", i, n, s[i])
			}
			s[i] = 7
		}
	}
}

// TestMove: only where memory has a limit does a slice have to be copied.
func TestMove(t *testing.T) {
	limited := depot.New(0, t.TempDir(), nil)
	defer func() { _ = limited.Close() }()
	for _, c := range []struct {
		depot  *depot.Depot
		copies bool
	}{{nil, false}, {depot.InMemory(), false}, {limited, true}} {
		from := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}
		to := depot.Move(c.depot.Arena(), from)
		if copied := &to[0] != &from[0]; copied != c.copies || !slices.Equal(to, from) {
			t.Errorf("%v, copied: %v, want %v", to, copied, c.copies)
		}
	}
}

// TestGiveBack: memory that an arena gives back serves others, as if it were new.
func TestGiveBack(t *testing.T) {
	const limit = 1 << 21
	d := depot.New(limit, t.TempDir(), func() { t.Error("memory that was given back was not taken") })
	defer func() { _ = d.Close() }()
	kept := depot.Clone(d.Arena(), []int64{1, 2, 3, 4, 5, 6, 7, 8, 9})
	for range 5 {
		a := d.Arena()
		takeAll(t, a)
		a.GiveBack()
		takeAll(t, a)
		a.GiveBack()
	}
	if !slices.Equal(kept, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("what another arena handed out: %v", kept)
	}
	if memory, file := d.Held(); memory > 1<<10 || file != 0 {
		t.Errorf("%d bytes of memory and %d of a file are still held", memory, file)
	}
}

// TestWithoutDepot: nil is memory.
func TestWithoutDepot(t *testing.T) {
	var d *depot.Depot
	a := d.Arena()
	a.Release()
	a.Reset(a.Mark())
	a.GiveBack()
	if s := depot.Slice[int64](a, 1000); len(s) != 1000 {
		t.Errorf("%d cells", len(s))
	}
	if s := depot.Concat(a, [][]uint8{{1}, nil, {2, 3}}); !slices.Equal(s, []uint8{1, 2, 3}) {
		t.Errorf("put together: %v", s)
	}
	if c := depot.Columns[bool](a, 2, 3); len(c) != 2 || len(c[1]) != 3 {
		t.Errorf("columns %v", c)
	}
	if memory, file := d.Held(); memory != 0 || file != 0 || d.Failed() != nil {
		t.Errorf("no depot holds %d and %d bytes, or failed with %v", memory, file, d.Failed())
	}
}

// TestNoFolder: slices go on being handed out, and the error names the folder.
func TestNoFolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("slices are memory")
	}
	dir := filepath.Join(t.TempDir(), "none")
	d := depot.New(0, dir, nil)
	defer func() { _ = d.Close() }()
	if s := depot.Slice[int32](d.Arena(), 1000); len(s) != 1000 {
		t.Errorf("%d cells", len(s))
	}
	if err := d.Failed(); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v does not name %s", err, dir)
	}
	if f, err := depot.TempFile(dir); err == nil {
		t.Errorf("a file %s in no folder", f.Name())
	}
}
