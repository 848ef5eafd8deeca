package blocked

import (
	"errors"
	"math"
	"testing"

	"liftgate/stats"
)

// TestLosses compares with scipy 1.17.1: fisher_exact for one block, binomtest for the pairs of which one is missing, and a sum over all ways
// (itertools) for two strata.
func TestLosses(t *testing.T) {
	pairs := func(treated, control, both int) (out []Loss) {
		for range treated {
			out = append(out, Loss{[2]int64{1, 1}, [2]int64{1, 0}})
		}
		for range control {
			out = append(out, Loss{[2]int64{1, 1}, [2]int64{0, 1}})
		}
		for range both {
			out = append(out, Loss{[2]int64{1, 1}, [2]int64{1, 1}}, Loss{[2]int64{1, 1}, [2]int64{}})
		}
		return out
	}
	for name, c := range map[string]struct {
		blocks []Loss
		want   float64
	}{
		"one block":   {[]Loss{{[2]int64{50, 50}, [2]int64{9, 1}}}, 0.01566048989604553},
		"unequal":     {[]Loss{{[2]int64{30, 70}, [2]int64{6, 5}}}, 0.08172025321531085},
		"pairs":       {pairs(9, 1, 4), 0.021484375},
		"two strata":  {[]Loss{{[2]int64{4, 3}, [2]int64{3, 0}}, {[2]int64{3, 5}, [2]int64{2, 1}}}, 0.046938775510204075},
		"nothing":     {[]Loss{{[2]int64{4, 3}, [2]int64{0, 0}}, {[2]int64{3, 0}, [2]int64{2, 0}}}, 1},
		"no clusters": {nil, 1},
	} {
		got, err := CompareLosses(c.blocks)
		if err != nil || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: got %.16g (%v), want %.16g", name, got, err, c.want)
		}
	}
	exact, err1 := CompareLosses([]Loss{{[2]int64{9000, 9000}, [2]int64{2050, 1940}}})
	normal, err2 := CompareLosses([]Loss{{[2]int64{9000, 9000}, [2]int64{2060, 1950}}})
	if err1 != nil || err2 != nil || math.Abs(exact-normal) > 0.003 {
		t.Errorf("exact %v, normal %v", exact, normal)
	}
	if _, err := CompareLosses([]Loss{{[2]int64{1, 1}, [2]int64{2, 0}}}); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("more missing than listed: %v", err)
	}
}
