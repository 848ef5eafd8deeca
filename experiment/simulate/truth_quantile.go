package simulate

import (
	"errors"
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/stats"
)

// lives are the values that one shopper adds to a quantile, by variant.
type lives [][]float64

// list takes the values of one shopper's lives for quantile metric j. A life that is the same as the first is not measured again.
func (o *observation) list(j int, e *estimand, c *crowd, events [][]row, same []bool) {
	own := make(lives, len(events))
	for v := range events {
		if same[v] {
			own[v] = own[0]
			continue
		}
		c.events = events[v]
		own[v] = e.values(c, c.shoppers[0].exposed)
	}
	o.lives[j] = append(o.lives[j], own)
}

// values are rows, or a number.
func (e *estimand) values(c *crowd, from datasets.Instant) []float64 {
	if e.metric.Over == "rows" {
		return e.parts[0].rows(c, from)
	}
	if x, ok := e.parts[0].of(c, from); ok {
		return []float64{x}
	}
	return nil
}

// rows are the cells of a shopper whose windows start at the given time, one by one.
func (m *measure) rows(c *crowd, from datasets.Instant) []float64 {
	var out []float64
	spared := m.each(c, from, func(r *row) {
		if v := m.column.Eval(m.table.reader(c, r)); !v.Null() {
			out = append(out, v.Number())
		}
	})
	if spared {
		return nil
	}
	return out
}

// quantileArms reads the quantiles off all values. The error of one is that of its share, the values up to it over all values, times how
// fast values grow with their share around it: between the shares two errors off.
func (e *estimand) quantileArms(variants int, all []lives) ([]arm, *stats.Moments, error) {
	sorted, at := make([][]float64, variants), make([]float64, variants)
	for v := range sorted {
		for _, own := range all {
			sorted[v] = append(sorted[v], own[v]...)
		}
		if len(sorted[v]) == 0 {
			return nil, nil, errors.New("no simulated shopper has a value for the quantile")
		}
		slices.Sort(sorted[v])
		at[v] = atShare(sorted[v], e.metric.Quantile)
	}
	m := &stats.Moments{}
	shares := make([]float64, 2*variants)
	for _, own := range all {
		for v, values := range own {
			shares[2*v], shares[2*v+1] = below(values, at[v]), float64(len(values))
		}
		m.Add(shares...)
	}
	arms := make([]arm, variants)
	for v := range arms {
		share := newArm(m, v)
		off := 2 * *trueValue(m, share.value, share.gradient).StdError
		growth := 0.0
		if off > 0 {
			growth = (atShare(sorted[v], e.metric.Quantile+off) - atShare(sorted[v], e.metric.Quantile-off)) / (2 * off)
		}
		arms[v] = arm{value: at[v], gradient: combine(-growth, share.gradient, 0, share.gradient)}
	}
	return arms, m, nil
}

// atShare is the smallest value that a share of the values do not exceed, the first or last one for shares beyond 0 and 1.
func atShare(sorted []float64, share float64) float64 {
	n := len(sorted)
	return sorted[min(max(int(math.Ceil(share*float64(n)))-1, 0), n-1)]
}

// below counts the values up to a limit.
func below(values []float64, limit float64) (n float64) {
	for _, x := range values {
		if x <= limit {
			n++
		}
	}
	return n
}
