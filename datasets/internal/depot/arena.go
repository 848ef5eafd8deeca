package depot

import (
	"math"
	"unsafe"
)

// extent is a stretch of a depot from which an arena hands out slices.
type extent struct {
	bytes  []byte
	mapped bool // into the file; else it is memory
	dirty  bool // it held something before, and may not be zero
}

// Arena hands out slices of a depot. It is used by one goroutine at a time. Nil hands out memory.
type Arena struct {
	depot   *Depot
	extents []extent
	taken   int // bytes of all of them
	open    int // of extents: where the next slice comes from
	used    int // of the open one
}

// Arena makes one; nil without a depot.
func (d *Depot) Arena() *Arena {
	if d == nil {
		return nil
	}
	return &Arena{depot: d}
}

// smallSlice is how many bytes are not worth a thought.
const smallSlice = 1 << 6

// Flat is what has no pointers.
type Flat interface {
	~bool | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64 | ~float64
}

// Slice is room for n cells, all zero.
func Slice[T Flat](a *Arena, n int) []T {
	size := n * int(unsafe.Sizeof(*new(T)))
	if a == nil || size <= smallSlice {
		return make([]T, n)
	}
	b := a.bytes(size)
	if b == nil {
		return make([]T, n)
	}
	// An extent starts at a multiple of 8 bytes, and so does each slice in it.
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// Clone is a copy.
func Clone[T Flat](a *Arena, s []T) []T {
	out := Slice[T](a, len(s))
	copy(out, s)
	return out
}

// Move is for what lies in memory and may stay there where there is no limit: then it is no copy.
func Move[T Flat](a *Arena, s []T) []T {
	if a == nil || a.depot.limit == math.MaxInt64 {
		return s
	}
	return Clone(a, s)
}

// Concat is a copy of some, one after the other.
func Concat[T Flat](a *Arena, some [][]T) []T {
	n := 0
	for _, s := range some {
		n += len(s)
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

// bytes gives so many, all zero; nil when the depot has failed.
func (a *Arena) bytes(size int) []byte {
	size = (size + 7) &^ 7
	for a.open < len(a.extents) && len(a.extents[a.open].bytes)-a.used < size {
		a.open, a.used = a.open+1, 0
	}
	if a.open == len(a.extents) {
		e, ok := a.depot.extent(size, a.taken)
		if !ok {
			return nil
		}
		a.extents, a.taken = append(a.extents, e), a.taken+len(e.bytes)
	}
	e := &a.extents[a.open]
	b := e.bytes[a.used:][:size:size]
	if a.used += size; e.dirty {
		clear(b)
	}
	return b
}

// Mark is how far an arena was used, for Reset.
type Mark struct{ open, used int }

// Mark is for Reset.
func (a *Arena) Mark() (m Mark) {
	if a != nil {
		m = Mark{a.open, a.used}
	}
	return m
}

// Reset takes back what was handed out since the mark: nobody may look at it any more.
func (a *Arena) Reset(m Mark) {
	if a == nil {
		return
	}
	for i := m.open; i < len(a.extents); i++ {
		a.extents[i].dirty = true
	}
	a.open, a.used = m.open, m.used
}

// GiveBack hands all memory of the arena to others of the depot: nobody may look any more at what was handed out.
func (a *Arena) GiveBack() {
	if a == nil {
		return
	}
	for _, e := range a.extents {
		if !e.mapped {
			a.depot.takeBack(e)
		}
	}
	*a = Arena{depot: a.depot}
}

// Release tells the system that what is mapped will not be needed for a while, so that it does not count as memory of the process.
func (a *Arena) Release() {
	if a == nil {
		return
	}
	for _, e := range a.extents {
		if e.mapped {
			unload(e.bytes)
		}
	}
}
