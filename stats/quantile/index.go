package quantile

import "slices"

// index numbers the units in their order, 0 to n-1.
func index(units []int) (of []int32, n int) {
	of = make([]int32, len(units))
	low, high := slices.Min(units), slices.Max(units)
	if uint(high)-uint(low) < uint(8*len(units)+1024) { // dense identities need no map
		seen := make([]int32, high-low+1)
		for _, u := range units {
			seen[u-low] = 1
		}
		next := int32(0)
		for i, s := range seen {
			seen[i] = next
			next += s
		}
		for i, u := range units {
			of[i] = seen[u-low]
		}
		return of, int(next)
	}
	sorted := slices.Clone(units)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	for i, u := range units {
		at, _ := slices.BinarySearch(sorted, u)
		of[i] = int32(at)
	}
	return of, len(sorted)
}
