package fold

// leftOut counts the units of a block that are not in its numbers, by value of a segment and variant: those with an open window, and those
// with a null value.
func (v *views) leftOut(b *block, segment int) (incomplete, null [][]int64) {
	all := v.tally(segment, func(i, variant int) []Run { return v.fold.parts[i].variant(variant) })
	complete := v.tally(segment, func(i, variant int) []Run { return b.closed(v.fold.parts[i], variant) })
	kept := v.tally(segment, func(i, variant int) []Run { return b.parts[i].Units[variant] })
	return less(all, complete), less(complete, kept)
}

// closed are the units of a variant whose windows have closed.
func (b *block) closed(m *Members, variant int) []Run {
	units := m.variant(variant)
	if b.asOf == nil || b.complete(m.Latest) {
		return units
	}
	return those(units, func(i int32) bool { return b.complete(m.First[i]) })
}

// tally counts units, by value of a segment and variant.
func (v *views) tally(segment int, units func(partition, variant int) []Run) [][]int64 {
	var own [Partitions][][]int64
	v.each(func(i int) {
		own[i] = v.zeros(segment)
		values, c := v.segmented[i][segment], v.fold.parts[i].Clusters
		for variant := range v.query.Variants {
			if c != nil {
				for cluster, of := range c.each(variant, units(i, variant)) {
					own[i][values[cluster]][variant] += count(of)
				}
				continue
			}
			for _, r := range units(i, variant) {
				for _, value := range values[r.From:r.To] {
					own[i][value][variant]++
				}
			}
		}
	})
	out := v.zeros(segment)
	for i := range own {
		for value := range own[i] {
			for variant, n := range own[i][value] {
				out[value][variant] += n
			}
		}
	}
	return out
}

func (v *views) zeros(segment int) [][]int64 {
	out := make([][]int64, len(v.out.Segments[segment].Values))
	for value := range out {
		out[value] = make([]int64, len(v.query.Variants))
	}
	return out
}

// less subtracts counts.
func less(from, counts [][]int64) [][]int64 {
	out := make([][]int64, len(from))
	for value := range from {
		for variant, n := range from[value] {
			out[value] = append(out[value], n-counts[value][variant])
		}
	}
	return out
}
