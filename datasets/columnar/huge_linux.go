package columnar

import (
	"syscall"
	"unsafe"
)

// hugePage is the size of the larger pages of amd64 and arm64.
const hugePage = 1 << 21

// inHugePages asks for larger pages below memory that was never touched. Records of units are read at random, and with pages of 4 KiB the
// processor looks up an address about as often as a word. It is a wish: where it is not granted, nothing but time is lost.
func inHugePages[T uint32 | uint64](list []T) {
	size := len(list) * int(unsafe.Sizeof(*new(T)))
	if size < 2*hugePage {
		return
	}
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(list))), size)
	ahead := -uintptr(unsafe.Pointer(unsafe.SliceData(bytes))) & (hugePage - 1)
	whole := (uintptr(size) - ahead) &^ (hugePage - 1)
	_ = syscall.Madvise(bytes[ahead:ahead+whole], 14) // MADV_HUGEPAGE, which the package has no name for
}
