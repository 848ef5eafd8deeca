package columnar

import "liftgate/datasets"

// gauge measures the partitions against the limit; nil without one.
func (l *eventLog) gauge() *gauge {
	if l.options.Memory.Limit == 0 {
		return nil
	}
	return &gauge{limit: l.options.Memory.forUnits(l.options.Workers)}
}

// slotBytes is what a slot of a hash table takes for a unit where it takes most: 8 bytes, of which three in eight are taken.
const slotBytes = 22

// exposedBytes is what an exposed row takes until it is merged with others of its unit, and what a unit takes then.
func (l *eventLog) exposedBytes() int64 {
	bytes := 4 + 8*int64(l.enrolment.stride())
	switch e := l.enrolment; {
	case l.query.Clustered:
		bytes += slotBytes + 8*int64(e.randomised.stride) // at most one cluster a unit
	case e.table.Cluster != "":
		bytes += slotBytes + 8*wordsFixed
	}
	return bytes
}

// arrangedBytes is what an analysed unit takes while events are read: the first word of its hash, up to two places in the directory, and its
// record.
func (l *eventLog) arrangedBytes() int64 { return 8 + 2*4 + 8*int64(l.enrolment.layout.stride) }

// foldedBytes is what an analysed unit takes when all is read.
func (l *eventLog) foldedBytes() int64 {
	q := l.query
	bytes := int64(8 + 8*len(q.Events) + 8) // first exposure, rows that matched, and where runs of units that count start
	for i := range q.Values {
		if q.Values[i].Take != datasets.Rows {
			bytes += 8
		}
		if n := q.Values[i].Nulls; n == datasets.NullsDrop || n == datasets.NullsError {
			bytes++
		}
	}
	for i := range q.Blocks {
		if q.Blocks[i].Cap != nil {
			bytes += 8 // of the block at hand
			break
		}
	}
	if q.Views != nil {
		bytes += 4 + 4 + int64(len(q.Views.Segments))*5 // cohort and slab, and codes and places of segments
	}
	return bytes
}

// rowBytes is what rows take that are kept.
func (l *eventLog) rowBytes() (bytes int64) {
	for _, part := range l.enrolment.parts {
		bytes += part.rowBytes()
	}
	return bytes
}

// fit fails where the units do not fit, given what their rows take.
func (l *eventLog) fit(rows int64) error {
	limit := l.options.Memory.forUnits(l.options.Workers)
	units := int64(0)
	for _, n := range l.evidence.Exposure.Units {
		units += n
	}
	if units*max(l.arrangedBytes(), l.foldedBytes())+rows > limit {
		return errMemory
	}
	return nil
}

// groupBytes is what a partition takes while its events are read.
func (f *filed) groupBytes(i int) int64 {
	return min(2*f.units[i]+int64(f.enrolment.patience), f.exposures.rows[i])*f.exposedBytes() + f.analysed[i]*(f.arrangedBytes()+f.foldedBytes()) + int64(f.rowShare*float64(f.mostRowBytes(i)))
}

// mostRowBytes is what the rows of events of a partition take that are kept, when each of them is kept for everything.
func (f *filed) mostRowBytes(i int) (bytes int64) {
	for _, t := range f.plan.tables {
		if t == nil || f.events[t.index] == nil {
			continue
		}
		row := int64(0)
		for r := range t.rules {
			rule := &t.rules[r]
			if rule.history >= 0 {
				row += f.plan.histories[rule.history].bytes()
			}
			if rule.list >= 0 {
				row += 12
			}
			for _, a := range rule.into {
				if a.op == opDistinct {
					row += keyBytes * 8 / 3
				}
			}
		}
		bytes += f.events[t.index].rows[i] * row
	}
	return bytes
}
