package depot

import (
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Depot is where the big slices of a query that goes through files lie: in memory while there are few, then in a file that is mapped. The
// file has no name any more, so nothing of it is left behind, whatever ends the process.
//
// A depot that failed, because the disk is full, hands out memory and keeps the error: whoever works with it asks for that from time to
// time.
type Depot struct {
	limit int64 // bytes in memory
	dir   string
	first func()

	memory atomic.Int64 // bytes that are in memory
	mapped atomic.Int64 // and those of the file

	mu   sync.Mutex
	file *os.File
	maps [][]byte
	err  error
}

// New makes one that takes so many bytes of memory, and for the rest a file in a folder, before which it calls first; nil: nobody wants
// to know.
func New(limit int64, dir string, first func()) *Depot {
	return &Depot{limit: limit, dir: dir, first: first}
}

// Held is how many bytes are in memory and in the file; none without a depot.
func (d *Depot) Held() (memory, file int64) {
	if d == nil {
		return 0, 0
	}
	return d.memory.Load(), d.mapped.Load()
}

// Close gives everything back. Nothing may look at the slices afterwards.
func (d *Depot) Close() error {
	var err error
	for _, m := range d.maps {
		err = errors.Join(err, unmap(m))
	}
	if d.file != nil {
		err = errors.Join(err, d.file.Close())
	}
	d.maps, d.file = nil, nil
	return err
}

// Failed is the error after which slices were memory; nil without a depot.
func (d *Depot) Failed() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

// extent takes more of the file; nil where that fails.
func (d *Depot) extent(size int) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil || !canMap {
		return nil
	}
	var m []byte
	var err error
	if d.file == nil {
		if d.first != nil {
			d.first()
		}
		d.file, err = TempFile(d.dir)
	}
	if err == nil {
		m, err = mapNext(d.file, d.mapped.Load(), size)
	}
	if err != nil {
		d.err = InFolder(d.dir, err)
		return nil
	}
	d.mapped.Add(int64(size))
	d.maps = append(d.maps, m)
	return m
}

// Release tells the system that nothing of the file will be needed for a while.
func (d *Depot) Release() {
	if d == nil || d.mapped.Load() == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.maps {
		unload(m)
	}
}

// Arena hands out slices of a depot. It is used by one goroutine at a time. Nil hands out memory.
type Arena struct {
	depot   *Depot
	memory  int64
	extents [][]byte
	open    int // of extents: where the next slice comes from
	used    int // of the open one
	dirty   int // extents that held something before, and may not be zero
}

// Arena makes one; nil without a depot.
func (d *Depot) Arena() *Arena {
	if d == nil {
		return nil
	}
	return &Arena{depot: d}
}

// Extents double from the first size to the last; both are whole pages on every system.
const (
	firstExtent = 1 << 16
	lastExtent  = 1 << 26
	smallSlice  = 1 << 6 // bytes that are not worth a thought
)

// Flat is what has no pointers.
type Flat interface {
	~bool | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64 | ~float64
}

// Slice is room for n cells, all zero.
func Slice[T Flat](a *Arena, n int) []T {
	size := sizeOf[T](n)
	if a == nil || size <= smallSlice || a.inMemory(size) {
		return make([]T, n)
	}
	b := a.bytes(int(size))
	if b == nil {
		return make([]T, n)
	}
	// What is mapped starts at a page, and each slice at a multiple of 8 bytes behind that.
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

func sizeOf[T Flat](n int) int64 { return int64(n) * int64(unsafe.Sizeof(*new(T))) }

// Clone is a copy.
func Clone[T Flat](a *Arena, s []T) []T {
	if a == nil || a.inMemory(sizeOf[T](len(s))) {
		return slices.Clone(s)
	}
	out := Slice[T](a, len(s))
	copy(out, s)
	return out
}

// Concat is a copy of some, one after the other.
func Concat[T Flat](a *Arena, some [][]T) []T {
	n := 0
	for _, s := range some {
		n += len(s)
	}
	if a == nil || a.inMemory(sizeOf[T](n)) {
		return slices.Concat(some...)
	}
	out := Slice[T](a, n)[:0]
	for _, s := range some {
		out = append(out, s...)
	}
	return out
}

// Columns makes room for so many columns of n cells.
func Columns[T Flat](a *Arena, columns, n int) [][]T {
	out := make([][]T, columns)
	for i := range out {
		out[i] = Slice[T](a, n)
	}
	return out
}

// inMemory takes so many bytes of memory, if they are left.
func (a *Arena) inMemory(size int64) bool {
	if a.depot.memory.Add(size) > a.depot.limit {
		a.depot.memory.Add(-size)
		return false
	}
	a.memory += size
	return true
}

func (a *Arena) bytes(size int) []byte {
	size = (size + 7) &^ 7
	for a.open < len(a.extents) && len(a.extents[a.open])-a.used < size {
		a.open, a.used = a.open+1, 0
	}
	if a.open == len(a.extents) {
		next := firstExtent
		for _, e := range a.extents {
			next = min(next+len(e), lastExtent)
		}
		e := a.depot.extent((max(next, size) + firstExtent - 1) &^ (firstExtent - 1))
		if e == nil {
			return nil
		}
		a.extents = append(a.extents, e)
	}
	b := a.extents[a.open][a.used:][:size:size]
	if a.used += size; a.open < a.dirty {
		clear(b)
	}
	return b
}

// Mark is how far an arena was used, for Reset.
type Mark struct {
	memory     int64
	open, used int
}

// Mark is for Reset.
func (a *Arena) Mark() (m Mark) {
	if a != nil {
		m = Mark{a.memory, a.open, a.used}
	}
	return m
}

// Reset takes back what was handed out since the mark: nobody may look at it any more.
func (a *Arena) Reset(m Mark) {
	if a == nil {
		return
	}
	a.depot.memory.Add(m.memory - a.memory)
	a.memory, a.open, a.used, a.dirty = m.memory, m.open, m.used, len(a.extents)
}

// Release tells the system that what is mapped will not be needed for a while, so that it does not count as memory of the process.
func (a *Arena) Release() {
	if a == nil {
		return
	}
	for _, e := range a.extents {
		unload(e)
	}
}
