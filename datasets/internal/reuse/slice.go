package reuse

// Slice is a slice of length n that shares the memory of s where that is enough; what it holds is left over.
func Slice[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
