package fold

import (
	"liftgate/datasets"
	"liftgate/stats"
	"liftgate/stats/skewed"
)

// In a unit table, where nothing changes with time, the only parts of the units are their variants when there are no segments, or their
// clusters. The moments of those are what the block has anyway, but for third powers.

// stacked reports whether it is so.
func (v *views) stacked() bool {
	return v != nil && v.fold.parts[0].Packed != nil && (v.query.Clustered || len(v.out.Segments) == 0)
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
	out := make([][]slab, Partitions)
	for i, m := range v.fold.parts {
		for variant := range v.query.Variants {
			for c := m.Clusters.Variants[variant]; c < m.Clusters.Variants[variant+1]; c++ {
				units := int64(m.Clusters.Bounds[c+1] - m.Clusters.Bounds[c])
				out[i] = append(out[i], slab{variant: int32(variant), cell: c, units: units})
			}
		}
	}
	return out
}

// stack gives the views of a block whose units are stacked.
func (v *views) stack(b *block) (out datasets.BlockViews) {
	for _, sample := range b.samples() {
		t, views := v.stackTable(b, sample), datasets.SampleViews{Sample: sample}
		switch {
		case !v.query.Clustered:
			views.Units = t
		case sample == datasets.WithoutTop:
			views.ByDay = t
		default:
			views.ByDay, views.ByAge = t, newMomentTable(b.powers(), 0)
		}
		out.Samples = append(out.Samples, views)
	}
	return out
}

func (v *views) stackTable(b *block, sample datasets.Sample) *datasets.MomentTable {
	moments, third := b.momentsOf(sample), b.third[sample]
	var rows []int
	for i := range moments {
		if moments[i].N > 0 {
			rows = append(rows, i)
		}
	}
	t := newMomentTable(b.powers(), len(rows))
	for at, i := range rows {
		place := viewRowPlace{variant: int32(i)}
		if v.query.Clustered {
			place = viewRowPlace{cell: int32(i), variant: int32(v.exposure.Clusters[i].Variant)}
		}
		m := &moments[i]
		setRow(t, at, place, 0, &skewed.Moments{N: m.N, Means: m.Means, Cross: m.Cross, Third: third[i][:]})
	}
	return t
}

// momentsOf are those of a sample by variant, in a clustered query by cluster.
func (b *block) momentsOf(sample datasets.Sample) []stats.Moments {
	all := b.out.Clusters
	if all == nil {
		all = &datasets.ClusterMoments{Total: b.out.Total, Uncapped: b.out.Uncapped, WithoutTop: b.out.WithoutTop}
	}
	switch sample {
	case datasets.Uncapped:
		return all.Uncapped
	case datasets.WithoutTop:
		return all.WithoutTop
	default:
		return all.Total
	}
}
