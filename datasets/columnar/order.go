package columnar

import (
	"cmp"
	"math/bits"
	"slices"
)

// placed is a unit, where it is found, and the group that it belongs to: its variant, or its cluster's place.
type placed struct {
	key       key
	at, group int32
}

func (p placed) compare(o placed) int {
	if c := cmp.Compare(p.key.hi, o.key.hi); c != 0 {
		return c
	}
	if c := cmp.Compare(p.key.lo, o.key.lo); c != 0 {
		return c
	}
	return cmp.Compare(p.at, o.at)
}

// stackUnits is how many units share a stack on average; see sortByHash.
const stackUnits = 8

// sortByHash gives the units of one partition in the order of their hashes, equal ones in the order of their places. Hashes are spread
// evenly: dealt by their leading bits onto small stacks, the units are nearly in order at once.
func sortByHash(units []placed) []placed {
	stacks := bits.Len(uint(len(units) / stackUnits))
	shift := 64 - stacks
	next := make([]int32, 1<<stacks+1)
	for i := range units {
		next[units[i].key.hi<<partitionBits>>shift+1]++
	}
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	sorted := make([]placed, len(units))
	for i := range units {
		at := &next[units[i].key.hi<<partitionBits>>shift]
		sorted[*at] = units[i]
		*at++
	}
	from := int32(0)
	for _, to := range next[:len(next)-1] {
		if to-from > 1 {
			slices.SortFunc(sorted[from:to], placed.compare)
		}
		from = to
	}
	return sorted
}

// boundsOf tells where the units of each group start when those of a group lie together, and where the last one's end.
func boundsOf(units []placed, groups int) []int32 {
	bounds := make([]int32, groups+1)
	for i := range units {
		bounds[units[i].group+1]++
	}
	for g := range groups {
		bounds[g+1] += bounds[g]
	}
	return bounds
}
