package columnar

import (
	"slices"

	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/tabular"
)

// takeColumns does what takeRows does, column after column, where rows have no cluster and nobody needs their texts. At a piece that may
// hold an error it gives up, with nothing added and nothing counted: which one comes first shows row by row.
func (f *enrolFilter) takeColumns(cols [4]*tabular.Column, from, to int, out *packet) bool {
	unit, variant, times := cols[0], cols[1], cols[2]
	if times == nil || cols[3] != nil || f.needText || !full(times, from, to) || !full(variant, from, to) {
		return false
	}
	f.rows = reuse.Slice(f.rows, to-from)
	for i := range f.rows {
		f.rows[i] = int32(from + i)
	}
	var err error
	if f.keys, _, err = f.units.hash(unit, f.rows, f.keys); err != nil {
		return false
	}
	variants, err := codesOf(&f.variant, variant, f.rows, out.variant)
	if err != nil {
		return false
	}
	at := len(out.keys)
	out.keys = append(out.keys, f.keys...)
	out.times = append(out.times, times.Ints[from:to]...)
	out.variant = variants
	f.drop(out, at)
	return true
}

// full reports whether a column has a cell in every row of a piece.
func full(c *tabular.Column, from, to int) bool {
	return c.Kind != tabular.Untyped && (c.Valid == nil || !slices.Contains(c.Valid[from:to], false))
}

// drop leaves in a packet, from a row on, the rows that count, and counts each of the others by the first reason against it.
func (f *enrolFilter) drop(p *packet, from int) {
	first, end := f.schedule()
	keys := p.keys[from:]
	rows, variants, times := f.rows[:len(keys)], p.variant[from:][:len(keys)], p.times[from:][:len(keys)]
	n := 0
	for i, k := range keys {
		v, at := variants[i], times[i]
		switch {
		case k == (key{}):
			f.dropped.NullUnit++
		case v == ignored:
			f.dropped.IgnoredVariants++
		case at < first || at >= end:
			f.dropped.OutsideSchedule++
		default:
			rows[n], keys[n], variants[n], times[n] = rows[i], k, v, at
			n++
		}
	}
	f.rows, p.keys, p.variant, p.times = rows[:n], p.keys[:from+n], p.variant[:from+n], p.times[:from+n]
}
