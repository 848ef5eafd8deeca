package depot

import (
	"slices"
	"unsafe"
)

// Memory comes from the system in pieces that double from the first size to the last. What is not touched of a piece takes none.
const (
	firstPiece = 1 << 12
	lastPiece  = 1 << 25
	spareShare = 8 // an arena takes this share of what it has beyond what it needs at the moment
)

// fromMemory takes at least size bytes, a multiple of 8, for an arena that has taken so many already, if they are left.
func (d *Depot) fromMemory(size, taken int) (e extent, ok bool) {
	left := d.limit - d.memory.Load()
	if int64(size) > left {
		return extent{}, false
	}
	size = int(min(int64(max(size, taken/spareShare)), left)) &^ 7
	at := slices.IndexFunc(d.stock, func(e extent) bool { return len(e.bytes) >= size })
	if at < 0 {
		at = len(d.stock)
		d.stock = append(d.stock, d.piece(max(size, min(max(d.made, firstPiece), lastPiece))))
	}
	e = d.stock[at]
	if d.stock[at].bytes = e.bytes[size:]; len(e.bytes) == size {
		d.stock = slices.Delete(d.stock, at, at+1)
	}
	e.bytes = e.bytes[:size:size]
	d.memory.Add(int64(size))
	return e, true
}

// piece makes memory of a size that is a multiple of 8.
func (d *Depot) piece(size int) extent {
	words := make([]uint64, size/8) // for slices of words to start where words do
	d.made += size
	return extent{bytes: unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), size)}
}

// takeBack takes memory back into stock.
func (d *Depot) takeBack(e extent) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.memory.Add(-int64(len(e.bytes)))
	e.dirty = true
	d.stock = append(d.stock, e)
}
