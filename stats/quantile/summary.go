package quantile

import "liftgate/stats"

// Summary is what a comparison of quantiles needs to know about a variant: the quantile, how the values below it spread over
// independent units, and the order statistics around it.
type Summary struct {
	Q     float64 // which quantile, between 0 and 1
	Rows  int64   // values
	Value float64 // the quantile: the smallest value x with float64(#(values <= x)) / float64(Rows) >= Q; not defined without rows
	// Shares are moments over randomisation units, those without values too, of (the unit's number of values <= Value, its number
	// of values).
	Shares stats.Moments
	// Ranks are 1-based, ascending; Values are the order statistics at them. See [RanksAround].
	Ranks  []int64
	Values []float64
	// Sketched is what a sketch knows in their place; nil of values that were put in order.
	Sketched *Sketched
}

// exactRanks is how far around the quantile every order statistic is kept.
const exactRanks = 512

// RanksAround lists the ranks of the order statistics that a [Summary] of a number of rows holds: the quantile's own,
// r = the smallest rank with float64(r) / float64(rows) >= q, all ranks within 512 of it, then on each side every 2nd of the next 512
// entries, every 4th of the next 512, and so on to the first and the last rank, which are always there. So any order statistic
// can be bounded by neighbours that are closer than 1/512 of its distance from the quantile.
func RanksAround(q float64, rows int64) []int64 {
	if rows < 1 {
		return nil
	}
	at := rank(q, rows)
	var below, above []int64
	for offset := range offsets(at - 1) {
		below = append(below, at-offset)
	}
	for offset := range offsets(rows - at) {
		above = append(above, at+offset)
	}
	out := make([]int64, 0, len(below)+1+len(above))
	for i := len(below) - 1; i >= 0; i-- {
		out = append(out, below[i])
	}
	return append(append(out, at), above...)
}

// offsets yields the distances from the quantile that are kept, up to the last one, which is.
func offsets(last int64) func(yield func(int64) bool) {
	return func(yield func(int64) bool) {
		step, offset := int64(1), int64(0)
		for n := 1; offset < last; n++ {
			offset = min(offset+step, last)
			if !yield(offset) {
				return
			}
			if n%exactRanks == 0 {
				step *= 2
			}
		}
	}
}

// rank is the 1-based rank of the q quantile among rows: the smallest r with float64(r) / float64(rows) >= q.
func rank(q float64, rows int64) int64 {
	n := float64(rows)
	r := min(max(int64(q*n), 1), rows)
	for r > 1 && float64(r-1)/n >= q {
		r--
	}
	for r < rows && float64(r)/n < q {
		r++
	}
	return r
}
