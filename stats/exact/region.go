package exact

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// MaxUnits is the number of units in both variants up to which the nuisance parameter is searched; there the score test needs no help.
const MaxUnits = 20_000

// region is a set of outcomes: by the treatment's successes, the spans of the control's.
type region struct {
	n1, n0 int
	rows   [][]span
}

type span struct{ low, high int } // both included

func newRegion(treated, control stats.Binomial) (region, error) {
	if err := check(treated, control, 0.5); err != nil {
		return region{}, err
	}
	if treated.N > MaxUnits || control.N > MaxUnits || treated.N+control.N > MaxUnits {
		return region{}, fmt.Errorf("%w: more than %d units: use the score test, which is as good there", stats.ErrInvalid, MaxUnits)
	}
	n1, n0 := int(treated.N), int(control.N)
	return region{n1, n0, make([][]span, n1+1)}, nil
}

// pooled is the common proportion.
func pooled(treated, control stats.Binomial) float64 {
	return float64(treated.Successes+control.Successes) / float64(treated.N+control.N)
}

// addLower adds, for each count of the treatment, the control's counts from 0 to the largest that is in; in must hold on to all lower
// counts and all higher ones of the treatment.
func (r *region) addLower(in func(x1, x0 int) bool) {
	top := -1
	for x1 := range r.rows {
		for top < r.n0 && in(x1, top+1) {
			top++
		}
		if top >= 0 {
			r.rows[x1] = append(r.rows[x1], span{0, top})
		}
	}
}

// addUpper adds the mirror image: the control's counts from the smallest that is in to all of its units.
func (r *region) addUpper(in func(x1, x0 int) bool) {
	bottom := r.n0 + 1
	for x1 := r.n1; x1 >= 0; x1-- {
		for bottom > 0 && in(x1, bottom-1) {
			bottom--
		}
		if bottom <= r.n0 {
			r.rows[x1] = append(r.rows[x1], span{bottom, r.n0})
		}
	}
}

// probability of the region where the treatment succeeds with p1 and the control with p0.
func (r *region) probability(b *binomials, p1, p0 float64) float64 {
	b.set(p1, p0)
	total := 0.0
	for x1 := b.first.low; x1 <= b.first.high; x1++ {
		within := 0.0
		for _, s := range r.rows[x1] {
			within += b.between(s)
		}
		total += b.first.pmf[x1] * within
	}
	return math.Min(total, 1)
}
