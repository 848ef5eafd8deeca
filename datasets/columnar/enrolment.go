package columnar

import (
	"fmt"
	"math"
	"slices"

	"liftgate/datasets"
)

// enrolment is the pass over exposures: it finds the analysed units. A unitTable builds on it.
type enrolment struct {
	query    *datasets.Query
	table    *datasets.Table
	asOf     *datasets.Instant // nil in a unit table
	layout   layout
	forced   map[key]bool
	needText bool // packets carry the keys' texts
	labels   []*labels
	parts    [partitions]*partition
	cells    cellPlan // of a unit table: the values
}

// partition holds the units whose hashes start with the same bits.
type partition struct {
	units    *units
	repeated int64
	tables   []tableCounts // by table of events
	distinct keySet
}

func newEnrolment(q *datasets.Query, asOf *datasets.Instant) *enrolment {
	e := &enrolment{query: q, table: q.Exposures, asOf: asOf, forced: map[key]bool{}, needText: q.Plan != nil}
	if q.Units != nil {
		e.table = q.Units
	}
	for _, name := range q.Forced {
		e.forced[hashText(name)] = true
	}
	for range e.table.Attributes {
		e.labels = append(e.labels, newLabels())
	}
	return e
}

// start makes room for the units.
func (e *enrolment) start(l layout) {
	e.layout = l
	for i := range e.parts {
		e.parts[i] = &partition{units: newUnits(l.stride), tables: make([]tableCounts, len(e.query.Events))}
	}
}

// apply takes exposed rows into a partition. What it keeps does not depend on the order of the rows.
func (e *enrolment) apply(i int, p *packet, rows []int32) error {
	var at found
	for some := range slices.Chunk(rows, findAhead) {
		e.parts[i].units.findAll(p.keys, some, &at)
		for j, row := range some {
			if err := e.applyRow(e.parts[i], at[j], p, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// applyRow takes in a row, given its unit's record; -1 when that has none or the record has been made just now.
func (e *enrolment) applyRow(part *partition, at int32, p *packet, row int32) error {
	var record []uint64
	if at >= 0 {
		record = part.units.record(int(at))
	} else {
		var fresh bool
		if record, fresh = part.units.enter(p.keys[row]); fresh {
			e.enter(record, p, row)
			return nil
		}
	}
	if record[wordState]&flagForced == 0 {
		part.repeated++
	}
	if err := e.checkCluster(record, p, row); err != nil {
		return err
	}
	e.expose(record, p, row)
	return nil
}

// enter fills the record of a new unit.
func (e *enrolment) enter(record []uint64, p *packet, row int32) {
	record[wordFirst] = uint64(p.times[row])
	state := uint64(p.variant[row])
	if e.forced[p.keys[row]] {
		state |= flagForced
	}
	if e.query.Plan != nil && state&flagForced == 0 {
		assigned := e.query.Plan.Assign(p.unit[row]).Variant
		state |= flagAssigned | uint64(uint16(assigned))<<assignedShift
	}
	record[wordState] = state
	if len(p.cluster) > 0 {
		record[e.layout.cluster], record[e.layout.cluster+1] = p.cluster[row].hi, p.cluster[row].lo
	}
	for i, codes := range p.labels {
		setHalf(record, e.layout.labels, i, codes[row])
	}
}

func (e *enrolment) checkCluster(record []uint64, p *packet, row int32) error {
	if len(p.cluster) == 0 {
		return nil
	}
	if c := p.cluster[row]; record[e.layout.cluster] != c.hi || record[e.layout.cluster+1] != c.lo {
		return &rowError{row, p.fail(row, e.table.Cluster, "a unit is seen in two clusters")}
	}
	return nil
}

// expose takes in another row of a known unit.
func (e *enrolment) expose(record []uint64, p *packet, row int32) {
	state, variant := record[wordState], uint64(p.variant[row])
	other := state&0xffff != variant
	if other {
		state |= flagCrossover
	}
	first, at := int64(record[wordFirst]), p.times[row]
	switch {
	case at < first:
		record[wordFirst] = uint64(at)
		state = state&^(0xffff|flagTied) | variant
		for i, codes := range p.labels {
			setHalf(record, e.layout.labels, i, codes[row])
		}
	case at == first:
		if other {
			state |= flagTied
		}
		for i, codes := range p.labels {
			have := half(record, e.layout.labels, i)
			setHalf(record, e.layout.labels, i, e.labels[i].smaller(have, codes[row]))
		}
	}
	record[wordState] = state
}

// settle decides who is analysed and describes them.
func (e *enrolment) settle(dropped datasets.Dropped, x *datasets.Exposure) error {
	variants := len(e.query.Variants)
	*x = datasets.Exposure{Units: make([]int64, variants), Crossover: make([]int64, variants), Dropped: dropped}
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	counts := e.labelCounts()
	for _, part := range e.parts {
		x.Dropped.RepeatedExposures += part.repeated
		for i := range part.units.count {
			r := part.units.record(i)
			if !e.admit(r, x) {
				r[wordState] |= flagExcluded
				continue
			}
			v := r[wordState] & 0xffff
			x.Units[v]++
			first, last = min(first, int64(r[wordFirst])), max(last, int64(r[wordFirst]))
			for a := range counts {
				counts[a][v][half(r, e.layout.labels, a)]++
			}
			if state := r[wordState]; state&flagAssigned != 0 && state&flagCrossover == 0 {
				compare(&x.Recomputed, int(int16(state>>assignedShift)), int(v))
			}
		}
	}
	for i, name := range e.table.Attributes {
		x.Attributes = append(x.Attributes, e.labels[i].evidence(name, counts[i]))
	}
	if last < first {
		return nil
	}
	return e.hours(x, datasets.Instant(first), datasets.Instant(last))
}

// labelCounts makes room to count units by attribute, variant and code.
func (e *enrolment) labelCounts() [][][]int64 {
	counts := make([][][]int64, len(e.labels))
	for i, l := range e.labels {
		counts[i] = make([][]int64, len(e.query.Variants))
		for v := range counts[i] {
			counts[i][v] = make([]int64, len(l.texts))
		}
	}
	return counts
}

// admit counts a unit that is left out, or tells that it is analysed.
func (e *enrolment) admit(r []uint64, x *datasets.Exposure) bool {
	state := r[wordState]
	switch {
	case state&flagForced != 0:
		x.Dropped.Forced++
		return false
	case state&flagTied != 0:
		x.Dropped.Tied++
		return false
	case state&flagCrossover != 0:
		x.Crossover[state&0xffff]++
		return e.query.Crossover != datasets.CrossoverDrop
	}
	return true
}

// compare counts a unit whose variant was computed again.
func compare(c *datasets.Recomputed, assigned, logged int) {
	c.Compared++
	switch {
	case assigned < 0:
		c.Excluded++
	case assigned != logged:
		c.Moved++
	}
}

func (e *enrolment) hours(x *datasets.Exposure, first, last datasets.Instant) error {
	if last.Sub(first) > datasets.MaxEnrolment {
		return tooLong(e.table, first, last)
	}
	hour := int64(datasets.Hour)
	start := floorDiv(int64(first), hour)
	x.First, x.Last, x.FirstHour = &first, &last, datasets.Instant(start*hour)
	x.Hours = make([][]int64, len(x.Units))
	for v := range x.Hours {
		x.Hours[v] = make([]int64, floorDiv(int64(last), hour)-start+1)
	}
	for _, part := range e.parts {
		for i := range part.units.count {
			if r := part.units.record(i); r[wordState]&flagExcluded == 0 {
				x.Hours[r[wordState]&0xffff][floorDiv(int64(r[wordFirst]), hour)-start]++
			}
		}
	}
	return nil
}

func tooLong(t *datasets.Table, first, last datasets.Instant) error {
	return &datasets.DataError{File: t.Name, Column: t.Time, Err: fmt.Errorf("first exposures from %v to %v: no experiment runs that long", first, last)}
}
