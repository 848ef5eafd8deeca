package datasets

import "liftgate/stats/quantile"

// sketches fills in quantiles from sketches.
func (b *cutBlock) sketches(units []int64) {
	k := len(b.whole.Variants)
	s := cutSketches{total: make([]quantile.Sketch, k), without: make([]quantile.Sketch, k), n: make([]int64, k), null: make([]int64, k)}
	b.eachSketch(func(row int) { s.add(b.held.Sketches, row, b) })
	if b.Failed != "" {
		return
	}
	b.Incomplete, b.Null = make([]int64, k), s.null
	for v := range units {
		b.Incomplete[v] = units[v] - s.n[v] - s.null[v]
		switch {
		case !s.total[v].Whole() || !s.without[v].Whole():
			b.fail("too many cells, days and ages: the evidence holds no sketches of this metric by day or by age")
		case !s.total[v].Finite():
			b.fail("its numbers are too large: one is not finite")
		}
	}
	if b.Failed != "" {
		return
	}
	b.Quantiles = summaries(b.of.Quantiles, s.total)
	if b.crossed() {
		b.QuantilesWithoutCrossover = summaries(b.of.Quantiles, s.without)
	}
}

// eachSketch goes over the rows that a cut is made of: those of its age by its day, which stand upon those of the ages before it.
func (b *cutBlock) eachSketch(do func(row int)) {
	t, age := b.held.Sketches, b.sketchAge()
	for a := age; a >= min(age, 1); a-- {
		day := b.day
		if !b.clustered() {
			day -= age - a
		}
		for from, to := t.span(a, day); from < to; from++ {
			do(from)
		}
	}
}

// cutSketches are the sketches of a cut by variant, and how many units they have.
type cutSketches struct {
	total, without []quantile.Sketch
	n, null        []int64
}

// add merges a row, if it is one of the cut.
func (s *cutSketches) add(t *SketchTable, row int, b *cutBlock) {
	cell, v := t.Cell[row], t.Variant[row]
	switch {
	case cell < 0 && !b.everywhere():
		b.fail("too many cells, days and ages: the evidence holds this sketch of all units together only")
		return
	case cell >= 0 && !b.cells[cell]:
		return
	}
	own := t.Sketch(row)
	s.n[v] += t.N[row]
	s.null[v] += t.Null[row]
	s.total[v].Merge(&own)
	if !t.Crossover[row] {
		s.without[v].Merge(&own)
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
	if t := b.held.Sketches; t != nil && b.cut.Age <= t.Ages {
		return b.cut.Age
	}
	return 0
}
