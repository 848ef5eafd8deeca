package depot

import (
	"errors"
	"math"
	"os"
	"sync"
	"sync/atomic"
)

// Depot is where the big slices of a query lie: in memory up to a limit, then in a file that is mapped. The file has no name any more, so
// nothing of it is left behind, whatever ends the process.
//
// A depot that failed, because the disk is full, hands out memory and keeps the error: whoever works with it asks for that from time to
// time.
type Depot struct {
	limit int64 // bytes in memory
	dir   string
	first func()

	memory atomic.Int64 // bytes that are in memory
	mapped atomic.Int64 // and those of the file

	mu    sync.Mutex
	stock []extent // memory that nobody has
	made  int      // bytes of all memory that was ever in stock
	file  *os.File
	maps  [][]byte
	err   error
}

// New makes one that takes so many bytes of memory, and for the rest a file in a folder, before which it calls first; nil: nobody wants
// to know.
func New(limit int64, dir string, first func()) *Depot {
	return &Depot{limit: limit, dir: dir, first: first}
}

// InMemory makes one without a limit: what arenas give back serves others, as no garbage does.
func InMemory() *Depot { return New(math.MaxInt64, "", nil) }

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

// Extents of the file double from the first size to the last; both are whole pages on every system.
const (
	firstExtent = 1 << 16
	lastExtent  = 1 << 26
)

// extent takes more, at least size bytes, for an arena that has taken so many already: of memory, while it has room, else of the file. ok is
// false where that fails.
func (d *Depot) extent(size, taken int) (e extent, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if e, ok = d.fromMemory(size, taken); ok || d.err != nil || !canMap {
		return e, ok
	}
	size = max(size, min(max(taken, firstExtent), lastExtent))
	m, err := d.mapMore((size + firstExtent - 1) &^ (firstExtent - 1))
	if err != nil {
		d.err = InFolder(d.dir, err)
		return extent{}, false
	}
	d.mapped.Add(int64(len(m)))
	d.maps = append(d.maps, m)
	return extent{bytes: m, mapped: true}, true
}

func (d *Depot) mapMore(size int) (m []byte, err error) {
	if d.file == nil {
		if d.first != nil {
			d.first()
		}
		if d.file, err = TempFile(d.dir); err != nil {
			return nil, err
		}
	}
	return mapNext(d.file, d.mapped.Load(), size)
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
