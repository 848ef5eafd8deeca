package randomisation

import (
	"math"
	"slices"
)

// inversion is the randomisation distribution of one family, read from both sides: how far each draw stays at least as extreme as what was
// observed.
type inversion struct {
	estimate, se float64
	up, down     []float64 // by draw, in units of se from the estimate, descending
	extra        float64   // 1 when the observed assignment has to be counted beside the draws
}

// invert repeats a family. It reports false when the estimate does not exist or has no variance.
func invert(f family, size, lost []float64, d *draws, observed assignment, n1, n0 int) (*inversion, bool) {
	features := f.features(size, lost)
	s := newScorer(features, n1, n0)
	made := s.score((&draws{list: []assignment{observed}}).sums(features)[0])
	if !made.valid || made.d1 == 0 || math.Abs(made.d1) < 1e-12*math.Abs(made.d0) {
		return nil, false
	}
	v := &inversion{estimate: -made.d0 / made.d1}
	v.se = math.Sqrt(made.at(v.estimate)) / math.Abs(made.d1)
	if !(v.se > 1e-13*math.Abs(v.estimate)) || math.IsInf(v.se, 0) {
		return nil, false
	}
	if !d.exact {
		v.extra = 1
	}
	observedHere := made.moved(v.estimate, v.se)
	observedHere.d0 = 0
	v.up, v.down = make([]float64, len(d.list)), make([]float64, len(d.list))
	sums := d.sums(features)
	d.chunks(chunk, func(at int, part []assignment) {
		for i := range part {
			v.up[at+i], v.down[at+i] = reach(s.score(sums[at+i]).moved(v.estimate, v.se), observedHere)
		}
	})
	for _, list := range [][]float64{v.up, v.down} {
		slices.Sort(list)
		slices.Reverse(list)
	}
	return v, true
}

func (v *inversion) total() float64 { return float64(len(v.up)) + v.extra }

// p is the share of assignments, the one that was made among them, that are at least as extreme under a null.
func (v *inversion) p(null float64) float64 {
	x, list := (null-v.estimate)/v.se, v.up
	if x < 0 {
		x, list = -x, v.down
	}
	count, _ := slices.BinarySearchFunc(list, x, func(have, x float64) int {
		if have >= x {
			return -1
		}
		return 1
	})
	return (float64(count) + v.extra) / v.total()
}

// bounds are the ends of the set of nulls with p >= 1 - level, infinite where it has none.
func (v *inversion) bounds(level float64) (lower, upper float64) {
	needed := int(math.Ceil((1-level)*v.total()-v.extra-1e-9*v.total())) - 1
	if needed < 0 {
		return math.Inf(-1), math.Inf(1)
	}
	return v.estimate - v.se*v.down[needed], v.estimate + v.se*v.up[needed]
}
