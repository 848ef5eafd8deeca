//go:build !linux

package columnar

// inHugePages does nothing where nobody can be asked for larger pages.
func inHugePages[T uint32 | uint64]([]T) {}
