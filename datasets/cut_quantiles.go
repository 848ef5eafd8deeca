package datasets

import (
	"fmt"
	"slices"
	"strings"
)

// quantiles fills in order statistics, which do not merge: they are held for all units and for each value of one segment, at the last day.
// All other parts have sketches.
func (b *cutBlock) quantiles(units []int64) {
	unheld := b.unheld()
	if unheld != "" && b.held.Sketches == nil {
		b.fail("an older version wrote the evidence, which holds quantiles as of the end, with whole windows, for all units and for each value of one segment: %s, or analyse again", unheld)
		return
	}
	if unheld != "" {
		b.sketches(units)
		return
	}
	if b.everywhere() {
		b.Incomplete, b.Null = b.of.Incomplete, b.of.Null
		b.Quantiles, b.QuantilesWithoutCrossover = b.of.Quantiles, b.of.QuantilesWithoutCrossover
		return
	}
	view := b.quantileView()
	switch {
	case view == nil:
		b.fail("the evidence has no quantiles of this segment")
		return
	case view.Incomplete != nil:
		b.Incomplete, b.Null = view.Incomplete, view.Null
	case slices.ContainsFunc(slices.Concat(b.of.Incomplete, b.of.Null), func(n int64) bool { return n > 0 }):
		b.fail("an older version wrote the evidence, which does not say how many units of this segment have open windows or no value; analyse again to see its quantile")
		return
	default:
		b.Incomplete, b.Null = make([]int64, len(units)), make([]int64, len(units))
	}
	b.Quantiles = view.Quantiles
	if b.crossed() {
		b.QuantilesWithoutCrossover = view.WithoutCrossover
	}
}

// unheld says what to leave out of a cut for there to be exact quantiles; empty when there are.
func (b *cutBlock) unheld() string {
	var without []string
	if !b.last() {
		without = append(without, "the day")
	}
	if b.cut.Age > 0 && (b.held.Sketches == nil || b.sketchAge() > 0) {
		without = append(without, "the age")
	}
	if n := len(b.cut.Segments); n > 1 {
		without = append(without, fmt.Sprintf("all but one of the %d segments", n))
	}
	if len(without) == 0 {
		return ""
	}
	return "leave out " + strings.Join(without, " and ")
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
