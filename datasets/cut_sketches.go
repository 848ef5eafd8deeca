package datasets

import (
	"slices"

	"liftgate/stats/quantile"
)

// sketches fills in quantiles from sketches.
func (b *cutBlock) sketches(units []int64) {
	k := len(b.whole.Variants)
	total, without := make([]quantile.Sketch, k), make([]quantile.Sketch, k)
	b.Incomplete, b.Null = slices.Clone(units), make([]int64, k)
	t := b.held.Sketches
	from, to := t.span(b.sketchAge(), b.day)
	for r := from; r < to; r++ {
		cell, v := t.Cell[r], t.Variant[r]
		if cell < 0 && !b.everywhere() {
			b.fail("too many cells, days and ages: the evidence holds this sketch of all units together only")
			return
		}
		if cell >= 0 && !b.cells[cell] {
			continue
		}
		own := t.Sketch(r)
		if len(own.Buckets) == 0 && own.Rows > 0 {
			b.fail("too many cells, days and ages: the evidence holds no sketches of this metric by day or by age")
			return
		}
		b.Incomplete[v] -= t.N[r] + t.Null[r]
		b.Null[v] += t.Null[r]
		total[v].Merge(&own)
		if !t.Crossover[r] {
			without[v].Merge(&own)
		}
	}
	for v := range total {
		if !total[v].Finite() {
			b.fail("its numbers are too large: one is not finite")
			return
		}
	}
	b.Quantiles = summaries(b.of.Quantiles, total)
	if b.crossed() {
		b.QuantilesWithoutCrossover = summaries(b.of.Quantiles, without)
	}
}

// summaries are those of sketches, of the quantiles that the whole was asked for.
func summaries(whole []quantile.Summary, sketches []quantile.Sketch) []quantile.Summary {
	out := make([]quantile.Summary, len(sketches))
	for v := range sketches {
		out[v] = sketches[v].Summary(whole[v].Q)
	}
	return out
}

// sketchAge is the age of the block's rows: 0 where the windows are not longer than the age of the cut.
func (b *cutBlock) sketchAge() int {
	if t := b.held.Sketches; t != nil && b.cut.Age > 0 && t.holdsAge(b.cut.Age) {
		return b.cut.Age
	}
	return 0
}
