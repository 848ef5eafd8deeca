package columnar

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSortByHash(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 7, 8, 9, 100, 5000} {
		for _, distinct := range []uint64{math.MaxUint64, 3} {
			units := make([]placed, n)
			for i := range units {
				units[i] = placed{key{r.Uint64N(distinct) >> partitionBits, r.Uint64N(distinct)}, int32(i), int32(r.IntN(3))}
			}
			want := slices.SortedFunc(slices.Values(units), placed.compare)
			if got := sortByHash(units); !slices.Equal(got, want) {
				t.Errorf("%d units of %d keys are not in order", n, distinct)
			}
		}
	}
}
