package quantile

import (
	"cmp"
	"math"
	"slices"
)

// Rows are rows in order, whose quantile is read off again and again while their units count with other weights: what a
// bootstrap needs. It does not change once made.
type Rows struct {
	q      float64
	values []float64 // ascending
	unit   []int32   // of each value
	sizes  []float64 // rows of each unit
	from   int       // rank below which the quantile hardly ever falls
	before []float64 // rows of each unit before that
}

// NewRows orders rows for [Rows.At]: values with the identity of each one's unit; without units each row is one.
func NewRows(q float64, values []float64, units []int) (*Rows, error) {
	s, err := Summarise(q, values, units)
	if err != nil {
		return nil, err
	}
	if units == nil {
		units = make([]int, len(values))
		for i := range units {
			units[i] = i
		}
	}
	of, n := index(units)
	order := make([]int32, len(values))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return cmp.Compare(values[i], values[j]) })
	r := &Rows{q: q, values: make([]float64, len(values)), unit: make([]int32, len(values)), sizes: make([]float64, n), before: make([]float64, n)}
	const far = 6 // standard errors: a draw beyond costs more time, nothing else
	if _, se := s.share(); !math.IsNaN(se) {
		r.from = clamp((q-far*se)*float64(len(values)), s.Rows) - 1
	}
	for rank, i := range order {
		r.values[rank], r.unit[rank] = values[i], of[i]
		r.sizes[of[i]]++
		if rank < r.from {
			r.before[of[i]]++
		}
	}
	return r, nil
}

// Units is the number of units.
func (r *Rows) Units() int { return len(r.sizes) }

// At is the quantile with unit i (in the order of identities) counted weights[i] times: the smallest value with a share q of
// the weight at or below it. Without any weight it is NaN.
func (r *Rows) At(weights []float64) float64 {
	var total, sum float64
	for i, w := range weights {
		total += w * r.sizes[i]
		sum += w * r.before[i]
	}
	wanted, first := r.q*total*(1-1e-12), r.from // a share such as 0.9 is not a double
	if sum >= wanted {
		sum, first = 0, 0
	}
	for i := first; i < len(r.values) && total > 0; i++ {
		if sum += weights[r.unit[i]]; sum >= wanted && sum > 0 {
			return r.values[i]
		}
	}
	return math.NaN()
}
