package columnar

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSorter also sorts in memory that held something else before.
func TestSorter(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var s sorter
	for _, n := range []int{0, 1, 2, 7, 8, 9, 5000, 100} {
		for _, distinct := range []uint64{math.MaxUint64, 3} {
			s.units = make([]placed, n)
			for i := range s.units {
				s.units[i] = placed{key{r.Uint64N(distinct) >> partitionBits, r.Uint64N(distinct)}, int32(i), int32(r.IntN(3))}
			}
			want := slices.SortedFunc(slices.Values(s.units), placed.compare)
			if got := s.byHash(); !slices.Equal(got, want) {
				t.Errorf("%d units of %d keys are not in order", n, distinct)
			}
		}
	}
}
