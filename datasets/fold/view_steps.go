package fold

import (
	"slices"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// steps are how the values of a quantile come to be, unit by unit of one partition, in the buckets of a sketch.
type steps struct {
	ends []int32 // by unit, where its steps end
	list []step
}

// step is what happens to a unit's values in a slot: a day since the exposure, by which ages are told apart, or the last slot for all that
// comes after the largest age.
type step struct {
	slot, bucket int32
	does         stepKind
}

type stepKind uint8

const (
	addValue stepKind = iota
	setValue          // in place of all before
	noValue           // the unit has a null
	noValues          // the unit is one without values
)

// of are the steps of a unit.
func (s *steps) of(unit int32) []step {
	from := int32(0)
	if unit > 0 {
		from = s.ends[unit-1]
	}
	return s.list[from:s.ends[unit]]
}

// take does a step to the buckets of a unit's values; ok is false while they are null.
func (s step) take(buckets []int32) (after []int32, ok bool) {
	switch s.does {
	case addValue:
		return append(buckets, s.bucket), true
	case setValue:
		return append(buckets[:0], s.bucket), true
	default:
		return buckets[:0], s.does == noValues
	}
}

// stepsOf follows the values of the units of a partition.
func (w *viewBlock) stepsOf(partition int) steps {
	m, value := w.fold.parts[partition], w.block.components[0]
	units := m.Bounds[len(m.Bounds)-1]
	out := steps{ends: make([]int32, 0, units)}
	if w.lineOf == nil || w.lineOf[value].Rows < 0 {
		column, absent := m.Values[value], m.Absent[value]
		out.list = make([]step, 0, units)
		for unit := range units {
			out.list = append(out.list, settled(column[unit], absent == nil || !absent[unit]))
			out.ends = append(out.ends, int32(len(out.list)))
		}
		return out
	}
	f := w.newStepper(partition)
	for unit := range units {
		out.list = f.follow(unit, out.list)
		out.ends = append(out.ends, int32(len(out.list)))
	}
	return out
}

// settled is the only step of a value that is known from the first slot on.
func settled(x float64, ok bool) step {
	if !ok {
		return step{does: noValue}
	}
	return step{bucket: quantile.BucketOf(x), does: setValue}
}

// stepper goes through the units of one partition and their rows.
type stepper struct {
	component component
	rows      bool       // each row is a value
	lines     []Timeline // of the value, and of the rows that spare its units
	at        []int      // next row of each line
	last      int32      // slot
}

func (w *viewBlock) newStepper(partition int) *stepper {
	i := w.block.components[0]
	value, of, lines := &w.query.Values[i], w.lineOf[i], w.fold.parts[partition].Lines
	f := &stepper{component: component{value: value}, rows: value.Take == datasets.Rows, last: int32(w.schedule.ages)}
	f.lines = []Timeline{lines[of.Rows]}
	if of.Spares >= 0 {
		f.lines = append(f.lines, lines[of.Spares])
	}
	f.at = make([]int, len(f.lines))
	return f
}

// follow appends the steps of a unit.
func (f *stepper) follow(unit int32, to []step) []step {
	first := len(to)
	f.component.reset()
	if f.rows {
		to = append(to, step{does: noValues})
	} else {
		to = append(to, settled(f.component.number(unit)))
	}
	for {
		slot := f.next(unit)
		if slot < 0 {
			return to
		}
		added := f.takeSlot(unit, slot)
		if f.rows {
			if f.component.spared {
				return f.skip(unit, append(to, step{slot: slot, does: noValues}))
			}
			for _, bucket := range added {
				to = append(to, step{slot, bucket, addValue})
			}
			continue
		}
		now := settled(f.component.number(unit))
		now.slot = slot
		if last := to[len(to)-1]; len(to) > first && last.slot == slot {
			to = to[:len(to)-1]
		}
		to = append(to, now)
	}
}

// next is the slot of the unit's next row; -1 without one.
func (f *stepper) next(unit int32) int32 {
	slot := int32(-1)
	for i := range f.lines {
		l := &f.lines[i]
		if at := f.at[i]; at < len(l.Units) && l.Units[at] == unit {
			if own := f.slotOf(l.At[at]); slot < 0 || own < slot {
				slot = own
			}
		}
	}
	return slot
}

func (f *stepper) slotOf(m When) int32 { return min(int32(m.age()), f.last) }

// takeSlot takes the rows of a slot in. Of rows that are values it gives the buckets.
func (f *stepper) takeSlot(unit, slot int32) (buckets []int32) {
	for i := range f.lines {
		l, at := &f.lines[i], f.at[i]
		for ; at < len(l.Units) && l.Units[at] == unit && f.slotOf(l.At[at]) == slot; at++ {
			x := 0.0
			if l.Numbers != nil {
				x = l.Numbers[at]
			}
			switch {
			case i > 0:
				f.component.spared = true
			case f.rows:
				buckets = append(buckets, quantile.BucketOf(x))
			default:
				f.component.take(x)
			}
		}
		f.at[i] = at
	}
	return buckets
}

// skip passes over the other rows of a unit.
func (f *stepper) skip(unit int32, to []step) []step {
	for i := range f.lines {
		l := &f.lines[i]
		for f.at[i] < len(l.Units) && l.Units[f.at[i]] == unit {
			f.at[i]++
		}
	}
	return to
}

// slotsOf yields runs of steps of one slot.
func slotsOf(all []step) func(yield func(slot int32, own []step) bool) {
	return func(yield func(int32, []step) bool) {
		for len(all) > 0 {
			n := slices.IndexFunc(all, func(s step) bool { return s.slot != all[0].slot })
			if n < 0 {
				n = len(all)
			}
			if !yield(all[0].slot, all[:n]) {
				return
			}
			all = all[n:]
		}
	}
}
