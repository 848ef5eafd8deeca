package fold

import "liftgate/datasets"

// quantiles are those of the units with each value of each segment.
func (v *views) quantiles(b *block) ([]datasets.QuantileView, error) {
	var out []datasets.QuantileView
	for s := range v.out.Segments {
		incomplete, null := v.leftOut(b, s)
		for value := range v.out.Segments[s].Values {
			view := datasets.QuantileView{Segment: s, Value: value, Incomplete: incomplete[value], Null: null[value]}
			var err error
			if view.Quantiles, err = b.summaries(v.with(b.all, s, value)); err != nil {
				return nil, err
			}
			if b.out.QuantilesWithoutCrossover != nil {
				if view.WithoutCrossover, err = b.summaries(v.with(b.uncrossed, s, value)); err != nil {
					return nil, err
				}
			}
			out = append(out, view)
		}
	}
	return out, nil
}

// with picks only units with a value of a segment.
func (v *views) with(pick picker, segment, value int) picker {
	return func(i, variant int) ([][]float64, []Run) {
		columns, units := pick(i, variant)
		values := v.segmented[i][segment]
		if c := v.fold.parts[i].Clusters; c != nil {
			return columns, c.those(variant, units, func(cluster int32) bool { return int(values[cluster]) == value })
		}
		return columns, those(units, func(unit int32) bool { return int(values[unit]) == value })
	}
}

// those cuts runs down to the units of the clusters that keep lets pass.
func (c *Clusters) those(variant int, units []Run, keep func(cluster int32) bool) []Run {
	var out []Run
	for cluster, own := range c.each(variant, units) {
		if keep(cluster) {
			out = append(out, own...)
		}
	}
	return out
}
