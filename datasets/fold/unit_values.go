package fold

import (
	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
)

// unitValues takes the units out of a fold. Nil keeps nothing.
type unitValues struct {
	out  *datasets.UnitValues
	from [Partitions]int // the first unit of each partition
}

func newUnitValues(out *datasets.UnitValues) *unitValues {
	if out == nil {
		return nil
	}
	return &unitValues{out: out}
}

// begin lists the units, partition by partition in the order of their members.
func (u *unitValues) begin(f *fold) {
	if u == nil {
		return
	}
	n := 0
	for i, m := range f.parts {
		u.from[i] = n
		n += int(m.Bounds[len(m.Bounds)-1])
	}
	u.out.Variants = make([]int32, n)
	f.each(func(i int) {
		for v := range f.query.Variants {
			for _, r := range f.parts[i].variant(v) {
				fill(u.out.Variants[u.from[i]:], r, int32(v))
			}
		}
	})
	if f.query.Clustered {
		u.cluster(f, n)
	}
}

func (u *unitValues) cluster(f *fold, n int) {
	u.out.Clusters = make([]int32, n)
	at := int32(0)
	for v := range f.query.Variants {
		for i, m := range f.parts {
			for _, own := range m.Clusters.each(v, m.variant(v)) {
				for _, r := range own {
					fill(u.out.Clusters[u.from[i]:], r, at)
				}
				at++
			}
		}
	}
}

func fill(to []int32, r Run, x int32) {
	for i := r.From; i < r.To; i++ {
		to[i] = x
	}
}

// add takes in a block that was measured: its columns are capped by now.
func (u *unitValues) add(b *block) {
	if u == nil {
		return
	}
	b.spread()
	var out datasets.BlockUnits
	if b.out.Failed == "" {
		out.Absent = u.absent(b)
		if b.spec.Quantile != nil && b.fold.parts[0].Values[b.components[0]] == nil {
			u.rows(b, &out)
		} else {
			u.columns(b, &out)
		}
	}
	u.out.Blocks = append(u.out.Blocks, out)
}

// absent marks the units that do not count; nil when all do.
func (u *unitValues) absent(b *block) []bool {
	var counted int64
	for i := range b.parts {
		for _, units := range b.parts[i].Units {
			counted += count(units)
		}
	}
	if counted == int64(len(u.out.Variants)) {
		return nil
	}
	out := make([]bool, len(u.out.Variants))
	for i := range out {
		out[i] = true
	}
	for i := range b.parts {
		for _, units := range b.parts[i].Units {
			for _, r := range units {
				clear(out[u.from[i]+int(r.From) : u.from[i]+int(r.To)])
			}
		}
	}
	return out
}

func (u *unitValues) columns(b *block, out *datasets.BlockUnits) {
	out.Columns = depot.Columns[float64](nil, len(b.components), len(u.out.Variants))
	b.each(func(i int) {
		for c, to := range out.Columns {
			to = to[u.from[i]:]
			for _, units := range b.parts[i].Units {
				for _, r := range units {
					copy(to[r.From:r.To], b.parts[i].Columns[c][r.From:r.To])
				}
			}
		}
	})
}

func (u *unitValues) rows(b *block, out *datasets.BlockUnits) {
	for i := range b.parts {
		rows := &b.fold.parts[i].Rows[b.components[0]]
		for j, unit := range rows.Units {
			if at := u.from[i] + int(unit); out.Has(at) {
				out.Rows, out.RowUnits = append(out.Rows, rows.Values[j]), append(out.RowUnits, int32(at))
			}
		}
	}
}
