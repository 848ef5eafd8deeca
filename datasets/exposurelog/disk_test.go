package exposurelog

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// disk stands between a log and its files. The zero value does nothing.
type disk struct {
	mu     sync.Mutex
	stall  chan struct{}         // when not nil, operations wait until it is closed
	fail   func(op string) error // of "write" and "sync"; half of a write that fails reaches the file
	images map[string]*image     // when not nil, by path
}

// image is what a power cut may leave of a file: what was synced, and of the writes since then any sectors.
type image struct {
	synced []byte
	writes []pendingWrite
}

type pendingWrite struct {
	bytes []byte
	at    int64
}

func (d *disk) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

func (d *disk) ask(op string) error {
	d.mu.Lock()
	stall, fail := d.stall, d.fail
	d.mu.Unlock()
	if stall != nil {
		<-stall
	}
	if fail == nil {
		return nil
	}
	return fail(op)
}

func (d *disk) open(path string) (file, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	d.set(func() {
		if d.images != nil {
			d.images[path] = &image{synced: content}
		}
	})
	return &diskFile{f, d}, err
}

type diskFile struct {
	*os.File
	disk *disk
}

func (f *diskFile) WriteAt(b []byte, at int64) (int, error) {
	err := f.disk.ask("write")
	if err != nil {
		b = b[:len(b)/2]
	}
	f.disk.set(func() {
		if i := f.disk.images[f.Name()]; i != nil {
			i.writes = append(i.writes, pendingWrite{slices.Clone(b), at})
		}
	})
	n, errWrite := f.File.WriteAt(b, at)
	if err == nil {
		err = errWrite
	}
	return n, err
}

func (f *diskFile) Truncate(size int64) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	f.disk.set(func() {
		if i := f.disk.images[f.Name()]; i != nil && size > info.Size() {
			i.writes = append(i.writes, pendingWrite{make([]byte, size-info.Size()), info.Size()})
		}
	})
	return f.File.Truncate(size)
}

func (f *diskFile) Sync() error {
	if err := f.disk.ask("sync"); err != nil {
		return err
	}
	f.disk.set(func() {
		if i := f.disk.images[f.Name()]; i != nil {
			i.synced, i.writes = i.after(func() bool { return true }), nil
		}
	})
	return nil
}

// after is the file with those sectors of the writes that are chosen.
func (i *image) after(chosen func() bool) []byte {
	const sector = 512
	content := slices.Clone(i.synced)
	for _, w := range i.writes {
		for b, at := w.bytes, w.at; len(b) > 0; {
			n := min(int64(len(b)), sector-at%sector)
			if chosen() {
				content = append(content, make([]byte, max(0, at+n-int64(len(content))))...)
				copy(content[at:], b[:n])
			}
			b, at = b[n:], at+n
		}
	}
	return content
}

// powerCut gives what is left of a file.
func (i *image) powerCut(r *rand.Rand) []byte {
	share := r.Float64()
	return i.after(func() bool { return r.Float64() < share })
}

func testOptions(dir string) Options {
	return Options{Dir: dir, Columns: Columns{Unit: "unit", Variant: "variant", Time: "ts"}, Sync: time.Millisecond}
}

func unit(i int) *Exposure {
	return &Exposure{Unit: fmt.Sprintf("unit-%05d", i), Variant: "control", At: 1_790_553_600_000_000}
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

func must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func mustOpen(t tester, o Options, d *disk) *Log {
	t.Helper()
	l, err := open(o, d.open)
	must(t, err)
	return l
}

func mustAdd(t *testing.T, l *Log, i int) {
	t.Helper()
	if added, err := l.Add(t.Context(), unit(i)); !added || err != nil {
		t.Fatalf("unit %d: %v, %v", i, added, err)
	}
}

// unitsIn reads the units of a log's files, in the order in which they were logged.
func unitsIn(t tester, dir string, columns Columns) (units []string) {
	t.Helper()
	e, err := newEncoder(columns.schema())
	must(t, err)
	files, err := list(dir)
	must(t, err)
	for _, f := range files {
		c, err := read(f.path, e.head, func(r arrow.Record) {
			for i := range int(r.NumRows()) {
				units = append(units, strings.Clone(r.Column(unitColumn).(*array.String).Value(i)))
			}
		})
		must(t, err)
		if !c.ours {
			t.Fatalf("%s: %+v", f.path, c)
		}
	}
	return units
}

// expectUnits wants the first n units, each once and in order.
func expectUnits(t tester, o Options, n int) {
	t.Helper()
	got := unitsIn(t, o.Dir, o.Columns)
	if len(got) != n {
		t.Fatalf("%d units, want %d", len(got), n)
	}
	for i, u := range got {
		if u != unit(i).Unit {
			t.Fatalf("unit %d is %s", i, u)
		}
	}
}
