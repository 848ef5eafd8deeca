package untrusted

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow/memory"
)

// Memory is an allocator that refuses, by panic, a buffer of more than Limit bytes: what no intact file would need.
type Memory struct {
	Limit int
	Base  memory.Allocator // nil: the garbage collector's
}

// BufferLimit is the most that one buffer of a file of the given size may take, in bytes. Buffers may be compressed.
func BufferLimit(fileSize int64) int {
	const least, most = 64 << 20, 1 << 30
	return int(min(max(least, 64*fileSize), most))
}

func (a *Memory) check(size int) {
	if size < 0 || size > a.Limit {
		panic(fmt.Errorf("a buffer of %d bytes", size))
	}
}

func (a *Memory) base() memory.Allocator {
	if a.Base == nil {
		return memory.DefaultAllocator
	}
	return a.Base
}

// Allocate gives a buffer of size bytes.
func (a *Memory) Allocate(size int) []byte {
	a.check(size)
	return a.base().Allocate(size)
}

// Reallocate changes the size of a buffer.
func (a *Memory) Reallocate(size int, b []byte) []byte {
	a.check(size)
	return a.base().Reallocate(size, b)
}

// Free gives a buffer back.
func (a *Memory) Free(b []byte) { a.base().Free(b) }
