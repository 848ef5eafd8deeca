package quantile

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
)

// Of is the q quantile of the values by the inverse of their distribution function (type 1 of R. J. Hyndman, Y. Fan, American
// Statistician 50 (1996) 361-365): the smallest value with a share q of the values at or below it. Values are not changed.
func Of(values []float64, q float64) (float64, error) {
	if err := checkValues(values, q); err != nil {
		return 0, err
	}
	a, at := slices.Clone(values), int(rank(q, int64(len(values))))-1
	nth(a, at)
	return a[at], nil
}

// Summarise makes the summary of raw rows: values, and beside each the identity of its unit; without units each row is one. It
// takes time linear in the rows and holds no order statistics outside the interval that [Summary.Estimate] asks for but the
// next different values.
func Summarise(q float64, values []float64, units []int) (Summary, error) {
	if err := checkValues(values, q); err != nil {
		return Summary{}, err
	}
	if units != nil && len(units) != len(values) {
		return Summary{}, fmt.Errorf("%w: %d values with %d units", stats.ErrInvalid, len(values), len(units))
	}
	rows := int64(len(values))
	a, at := slices.Clone(values), int(rank(q, rows))-1
	nth(a, at)
	s := Summary{Q: q, Rows: rows, Value: a[at]}
	if units == nil {
		s.Shares = sharesOfRows(a, at)
	} else {
		s.Shares = sharesOfUnits(values, units, s.Value)
	}
	_, se := s.share()
	if math.IsNaN(se) {
		se = 0
	}
	from, to := outerRanks(q, rows, se)
	low, high := clamp(from, rows)-1, clamp(to, rows)-1
	nth(a[:at+1], low)
	nth(a[at:], high-at) // may move a[at], within low to high
	slices.Sort(a[low : high+1])
	s.hold(a, low, high)
	return s, nil
}

func clamp(rank float64, rows int64) int { return int(min(max(rank, 1), float64(rows))) }

// hold takes the order statistics from low to high (0-based) out of a, as [RanksAround] thins them, both ends in any case.
func (s *Summary) hold(a []float64, low, high int) {
	add := func(i int) {
		s.Ranks = append(s.Ranks, int64(i)+1)
		s.Values = append(s.Values, a[i])
	}
	if r, v, ok := nextBelow(a[:low], a[low]); ok {
		s.Ranks, s.Values = append(s.Ranks, r), append(s.Values, v)
	}
	add(low)
	for _, r := range RanksAround(s.Q, s.Rows) {
		if i := int(r) - 1; i > low && i < high {
			add(i)
		}
	}
	if high > low {
		add(high)
	}
	if r, v, ok := nextAbove(a[high+1:], a[high]); ok {
		s.Ranks, s.Values = append(s.Ranks, s.Rows+1-r), append(s.Values, v)
	}
}

// nextBelow is the largest value below v, and how many there are.
func nextBelow(a []float64, v float64) (count int64, next float64, ok bool) {
	next = math.Inf(-1)
	for _, x := range a {
		if x < v {
			count++
			next = max(next, x)
		}
	}
	return count, next, count > 0
}

// nextAbove is the smallest value above v, and how many there are.
func nextAbove(a []float64, v float64) (count int64, next float64, ok bool) {
	next = math.Inf(1)
	for _, x := range a {
		if x > v {
			count++
			next = min(next, x)
		}
	}
	return count, next, count > 0
}

func checkValues(values []float64, q float64) error {
	switch {
	case !(q > 0 && q < 1):
		return fmt.Errorf("%w: the quantile %v does not lie between 0 and 1", stats.ErrInvalid, q)
	case len(values) == 0:
		return fmt.Errorf("%w: there are no values", stats.ErrTooFew)
	}
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: a value is %v", stats.ErrInvalid, v)
		}
	}
	return nil
}

// sharesOfRows are the shares where each row is a unit; a has been split at rank at.
func sharesOfRows(a []float64, at int) stats.Moments {
	below := at + 1
	for _, v := range a[at+1:] {
		if v <= a[at] {
			below++
		}
	}
	n := float64(len(a))
	p := float64(below) / n
	return stats.Moments{N: int64(len(a)), Means: []float64{p, 1}, Cross: []float64{n * p * (1 - p), 0, 0}}
}

// sharesOfUnits counts rows, and rows <= value, by unit.
func sharesOfUnits(values []float64, units []int, value float64) stats.Moments {
	of, n := index(units)
	below, rows := make([]float64, n), make([]float64, n)
	for i, v := range values {
		rows[of[i]]++
		if v <= value {
			below[of[i]]++
		}
	}
	return momentsOf(below, rows)
}

// momentsOf are the moments of pairs in two passes.
func momentsOf(x, y []float64) stats.Moments {
	var mx, my float64
	for i := range x {
		mx += x[i]
		my += y[i]
	}
	n := float64(len(x))
	mx /= n
	my /= n
	var xx, xy, yy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xx += dx * dx
		xy += dx * dy
		yy += dy * dy
	}
	return stats.Moments{N: int64(len(x)), Means: []float64{mx, my}, Cross: []float64{xx, xy, yy}}
}
