package datasets

// quantiles fills in order statistics, which do not merge: they are held for all units and for each value of one segment, at the last day.
func (b *cutBlock) quantiles(units []int64) {
	switch {
	case !b.last():
		b.fail("order statistics are not held by day")
		return
	case b.cut.Age > 0:
		b.fail("order statistics are not held by age")
		return
	case b.everywhere():
		b.Incomplete, b.Null = b.of.Incomplete, b.of.Null
		b.Quantiles, b.QuantilesWithoutCrossover = b.of.Quantiles, b.of.QuantilesWithoutCrossover
		return
	case len(b.cut.Segments) > 1:
		b.fail("order statistics are held by the values of one segment, not of several together")
		return
	}
	view := b.quantileView()
	if view == nil {
		b.fail("the evidence has no order statistics of this segment")
		return
	}
	for v := range units {
		if b.of.Incomplete[v] > 0 || b.of.Null[v] > 0 {
			b.fail("order statistics of a segment do not say how many of its units are complete, and %d of all are not", b.of.Incomplete[v]+b.of.Null[v])
			return
		}
	}
	b.Incomplete, b.Null = make([]int64, len(units)), make([]int64, len(units))
	b.Quantiles = view.Quantiles
	if b.crossed() {
		b.QuantilesWithoutCrossover = view.WithoutCrossover
	}
}

// quantileView is that of the one value that was chosen.
func (b *cutBlock) quantileView() *QuantileView {
	for i := range b.held.Quantiles {
		if q := &b.held.Quantiles[i]; b.chosen[q.Segment] == q.Value {
			return q
		}
	}
	return nil
}
