package fold

import (
	"liftgate/datasets/internal/depot"
	"liftgate/datasets/internal/parallel"
	"liftgate/stats/quantile"
)

// measureQuantiles takes the order statistics of the block's values.
func (b *block) measureQuantiles() (err error) {
	if b.out.Quantiles, err = b.summaries(b.all); err == nil && b.crossover {
		b.out.QuantilesWithoutCrossover, err = b.summaries(b.uncrossed)
	}
	return err
}

// summaries puts the values of the units that are picked in order, by variant, and then goes over them once more for the units' shares.
func (b *block) summaries(pick picker) ([]quantile.Summary, error) {
	before := b.mark()
	parts := make([]sample, Partitions)
	b.each(func(i int) { parts[i] = b.sampleOf(i, pick) })
	sorted := b.order(parts)
	out := make([]quantile.Summary, len(sorted))
	values := make([]float64, len(sorted))
	for v, bits := range sorted {
		if n := len(bits); n > 0 && !(Finite(fromOrdered(bits[0])) && Finite(fromOrdered(bits[n-1]))) {
			return nil, errTooLarge
		}
		out[v] = summaryOf(b.spec.Quantile.Q, bits)
		values[v] = out[v].Value
	}
	b.each(func(i int) { parts[i].share(values) })
	shares := b.fold.moments(func(i, v int) tally { return parts[i].tally(b.parts[i].Clusters, v, values[v]) })
	for v := range out {
		out[v].Shares = shares[v]
	}
	return out, b.reset(before)
}

// summaryOf is all of a summary but its shares.
func summaryOf(q float64, sorted []uint64) quantile.Summary {
	n := len(sorted)
	s := quantile.Summary{Q: q, Rows: int64(n), Ranks: quantile.RanksAround(q, int64(n))}
	if n > 0 {
		s.Value = fromOrdered(sorted[rankOf(n, q)-1])
	}
	for _, r := range s.Ranks {
		s.Values = append(s.Values, fromOrdered(sorted[r-1]))
	}
	return s
}

// order gives the values of each variant in order, as ordered bits.
func (b *block) order(parts []sample) [][]uint64 {
	sorted, spare := make([][]uint64, len(b.query.Variants)), make([][]uint64, len(b.query.Variants))
	for v := range sorted {
		n := 0
		for i := range parts {
			parts[i].from = append(parts[i].from, n)
			n += parts[i].values[v]
		}
		sorted[v], spare[v] = depot.Slice[uint64](b.scratch, n), depot.Slice[uint64](b.scratch, n)
	}
	b.each(func(i int) {
		next := parts[i].from
		parts[i].each(func(v int, _ int32, x float64) {
			sorted[v][next[v]] = ordered(x)
			next[v]++
		})
		for v := range sorted {
			for range parts[i].part.othersOf(v) {
				sorted[v][next[v]] = ordered(parts[i].part.Row[0])
				next[v]++
			}
		}
	})
	parallel.Each(b.workers, len(sorted), func(v int) { sortBits(sorted[v], spare[v]) })
	return sorted
}

// sample is the values of one partition that enter a summary.
type sample struct {
	units  [][]Run   // by variant
	rows   *Rows     // that are the values; nil when units are
	column []float64 // of units that are the values
	side   []int16   // by unit, when rows are the values: its variant, -1 when it is not picked
	values []int     // how many, by variant
	part   *blockPart
	room   *depot.Arena // for what is needed once
	from   []int        // by variant, where they go among those of all partitions

	count, below []float64 // values of each unit, and those that are not above the quantile
}

func (b *block) sampleOf(i int, pick picker) sample {
	m, value := b.fold.parts[i], b.components[0]
	s := sample{room: m.Scratch, column: b.parts[i].Columns[0], part: &b.parts[i], values: make([]int, len(b.query.Variants))}
	for v := range b.query.Variants {
		_, units := pick(i, v)
		s.units = append(s.units, units)
	}
	if n := int(m.Bounds[len(m.Bounds)-1]); s.column == nil {
		s.rows, s.side = &m.Rows[value], sides(m.Scratch, n, s.units)
	}
	s.each(func(v int, _ int32, _ float64) { s.values[v]++ })
	for v := range s.values {
		s.values[v] += int(s.part.othersOf(v))
	}
	return s
}

// sides tells the variant of each of n units, -1 for those that are not among the runs.
func sides(room *depot.Arena, n int, units [][]Run) []int16 {
	out := depot.Slice[int16](room, n)
	for i := range out {
		out[i] = -1
	}
	for v, runs := range units {
		for _, r := range runs {
			for unit := r.From; unit < r.To; unit++ {
				out[unit] = int16(v)
			}
		}
	}
	return out
}

// each goes over the values.
func (s *sample) each(do func(variant int, unit int32, x float64)) {
	if s.rows != nil {
		for j, unit := range s.rows.Units {
			if v := s.side[unit]; v >= 0 {
				do(int(v), unit, s.rows.Values[j])
			}
		}
		return
	}
	for v, runs := range s.units {
		for _, r := range runs {
			for unit := r.From; unit < r.To; unit++ {
				do(v, unit, s.column[unit])
			}
		}
	}
}

// share counts each unit's values, and those that are not above the variant's quantile.
func (s *sample) share(quantiles []float64) {
	n := len(s.column)
	if s.rows != nil {
		n = len(s.side)
	}
	s.count, s.below = depot.Slice[float64](s.room, n), depot.Slice[float64](s.room, n)
	s.each(func(v int, unit int32, x float64) {
		s.count[unit]++
		if x <= quantiles[v] {
			s.below[unit]++
		}
	})
}

// tally is that of the shares of a variant's units, or clusters, given its quantile.
func (s *sample) tally(c *Clusters, variant int, quantile float64) tally {
	columns, units := [][]float64{s.below, s.count}, s.units[variant]
	var row []float64
	others := s.part.othersOf(variant)
	if others > 0 {
		if row = []float64{0, 1}; s.part.Row[0] <= quantile {
			row[0] = 1
		}
	}
	if c == nil {
		return tallyOf(columns, units, row, others)
	}
	columns, units = c.sums(columns, variant, units, row, s.part.Others)
	return tallyOf(columns, units, nil, 0)
}
