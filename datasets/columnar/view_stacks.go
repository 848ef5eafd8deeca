package columnar

import "slices"

// In a unit table, where nothing changes with time, units of one slab lie together when there are no segments, or clusters have them: the
// slab follows from the unit's place. Then units all of whose numbers are zero, which are most, need no place.

// stacked reports whether it is so.
func (v *views) stacked() bool {
	return v.fold.parts[0].sheets != nil && (v.query.Clustered || len(v.out.Segments) == 0)
}

// stacks are the slabs of units that are stacked.
func (v *views) stacks() [][]slab {
	if !v.query.Clustered {
		var out []slab
		for variant := range v.query.Variants {
			s := slab{variant: int32(variant)}
			for _, m := range v.fold.parts {
				s.units += m.size(variant)
			}
			if s.units > 0 {
				out = append(out, s)
			}
		}
		return [][]slab{out}
	}
	out := make([][]slab, partitions)
	for i, m := range v.fold.parts {
		for variant := range v.query.Variants {
			for c := m.clusters.variants[variant]; c < m.clusters.variants[variant+1]; c++ {
				units := int64(m.clusters.bounds[c+1] - m.clusters.bounds[c])
				out[i] = append(out[i], slab{variant: int32(variant), cell: c, units: units})
			}
		}
	}
	return out
}

// stacked reports whether the block's views can be taken while it is packed: the others are those that sparse leaves out.
func (w *viewBlock) stacked() bool {
	return w.views.stacked() && w.sparse() && !slices.ContainsFunc(w.block.parts[:], func(p blockPart) bool {
		return !p.packed() || slices.ContainsFunc(p.row, func(x float64) bool { return x != 0 })
	})
}

// planesOf are the planes of a group's k-th partition.
func (w *viewBlock) planesOf(group, k int) [][]int32 {
	g := &w.groups[group]
	if g.planes != nil {
		return g.planes[k]
	}
	p := &w.block.parts[g.partitions[k]]
	plane := make([]int32, len(p.columns[0]))
	if p.clusters != nil {
		for c := range p.clusters.count() {
			fill(plane, run{p.clusters.bounds[c], p.clusters.bounds[c+1]}, int32(c))
		}
		return [][]int32{plane}
	}
	for at, s := range w.slabs[0] {
		for _, r := range p.units[s.variant] {
			fill(plane, r, int32(at))
		}
	}
	return [][]int32{plane}
}
