package columnar

import (
	"cmp"
	"math/bits"
	"slices"

	"liftgate/datasets/internal/reuse"
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

// stackUnits is how many units share a stack on average; see sorter.byHash.
const stackUnits = 2

// sorter puts units in order, one list after the other in the same memory.
type sorter struct {
	units  []placed // to be put in order
	sorted []placed
	next   []int32
}

// byHash gives the units of one partition in the order of their hashes, equal ones in the order of their places. Hashes are spread
// evenly: dealt by their leading bits onto small stacks, the units are nearly in order at once.
func (s *sorter) byHash() []placed {
	stacks := bits.Len(uint(len(s.units) / stackUnits))
	shift := 64 - stacks
	s.next = reuse.Slice(s.next, 1<<stacks+1)
	next := s.next
	clear(next)
	for i := range s.units {
		next[s.units[i].key.hi<<partitionBits>>shift+1]++
	}
	added(next)
	s.sorted = reuse.Slice(s.sorted, len(s.units))
	for i := range s.units {
		at := &next[s.units[i].key.hi<<partitionBits>>shift]
		s.sorted[*at] = s.units[i]
		*at++
	}
	from := int32(0)
	for _, to := range next[:len(next)-1] {
		orderStack(s.sorted[from:to])
		from = to
	}
	return s.sorted
}

// orderStack puts the units of a stack in order.
func orderStack(stack []placed) {
	if len(stack) > 4*stackUnits {
		slices.SortFunc(stack, placed.compare)
		return
	}
	for i := 1; i < len(stack); i++ {
		for j := i; j > 0 && stack[j].before(&stack[j-1]); j-- {
			stack[j], stack[j-1] = stack[j-1], stack[j]
		}
	}
}

func (p *placed) before(o *placed) bool {
	return p.key.hi < o.key.hi || p.key.hi == o.key.hi && (p.key.lo < o.key.lo || p.key.lo == o.key.lo && p.at < o.at)
}

// boundsOf tells where the units of each group start when those of a group lie together, and where the last one's end.
func boundsOf(units []placed, groups int) []int32 {
	bounds := make([]int32, groups+1)
	for i := range units {
		bounds[units[i].group+1]++
	}
	return added(bounds)
}

// added turns counts, each after its place, into bounds.
func added(counts []int32) []int32 {
	for i := 1; i < len(counts); i++ {
		counts[i] += counts[i-1]
	}
	return counts
}
