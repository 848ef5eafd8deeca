package columnar

import (
	"fmt"
	"math"
	"slices"

	"liftgate/datasets"
)

// enrolment is the pass over exposures: it finds the analysed units. A unitTable builds on it.
type enrolment struct {
	query  *datasets.Query
	table  *datasets.Table
	asOf   *datasets.Instant // nil in a unit table
	layout layout            // of units' records while events come
	// randomised is the layout of the records of what was randomised and is enrolled: units, in a clustered query clusters.
	randomised layout
	forced     map[key]bool
	assigned   assigned
	needText   bool // packets carry the keys' texts
	labels     []*labels
	parts      [partitions]*partition
	cells      cellPlan // of a unit table: the values
}

// partition holds the units whose hashes start with the same bits.
type partition struct {
	units     *units    // until all are known
	enrolled  *enrolled // from then on
	clusters  *units    // nil unless the query is clustered
	repeated  int64
	lists     []rowList // of values that keep their rows
	histories []history
	tables    []tableCounts // by table of events
	distinct  keySet
	entering  entering // of events
}

// randomised are the records of what was assigned a variant.
func (p *partition) randomised() *units {
	if p.clusters != nil {
		return p.clusters
	}
	return p.units
}

func newEnrolment(q *datasets.Query, asOf *datasets.Instant) *enrolment {
	e := &enrolment{query: q, table: q.Exposures, asOf: asOf, forced: map[key]bool{}, assigned: newAssigned(q)}
	e.needText = e.assigned.rule != nil
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
func (e *enrolment) start(p *plan) {
	clustered := e.query.Clustered
	e.layout, e.randomised = p.layout, newLayout(wordsFixed, e.table.Cluster != "" && !clustered, len(e.labels), 0, 0, 0)
	stride := e.randomised.stride
	if clustered {
		stride = wordsFixed // of pairs
	}
	for i := range e.parts {
		e.parts[i] = &partition{
			units: newUnits(stride), lists: make([]rowList, p.lists), histories: p.newHistories(),
			tables: make([]tableCounts, len(e.query.Events)),
		}
		if e.query.Clustered {
			e.parts[i].clusters = newUnits(e.randomised.stride)
		}
	}
}

// apply takes exposed rows into a partition. What it keeps does not depend on the order of the rows.
func (e *enrolment) apply(i int, p *packet, rows []int32) error {
	var at found
	for some := range slices.Chunk(rows, findAhead) {
		e.parts[i].units.findAll(p.keys, some, &at)
		for j, row := range some {
			if err := e.applyRow(e.parts[i], int(at[j]), p, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// applyRow takes in a row, given its unit's record; -1 when that has none or the record has been made just now.
func (e *enrolment) applyRow(part *partition, at int, p *packet, row int32) error {
	fresh := false
	if at < 0 {
		at, fresh = part.units.enter(p.keys[row])
	}
	record := part.units.record(at)
	if part.clusters != nil {
		e.applyPair(part, record, fresh, p, row)
		return nil
	}
	if fresh {
		e.enter(record, p, row)
		return nil
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

// enter fills the record of a unit or cluster that is new.
func (e *enrolment) enter(record []uint64, p *packet, row int32) {
	record[wordFirst] = uint64(p.at(row))
	state := uint64(p.variant[row]) | p.eligibility(row)
	k := key{record[wordHi], record[wordLo]}
	if e.forced[k] {
		state |= flagForced
	} else if e.assigned.known() {
		state |= uint64(e.assigned.find(k, p, row)) << assignedShift
	}
	record[wordState] = state
	if len(p.cluster) > 0 && !e.query.Clustered {
		record[e.randomised.cluster], record[e.randomised.cluster+1] = p.cluster[row].hi, p.cluster[row].lo
	}
	for i, codes := range p.labels {
		setHalf(record, e.randomised.labels, i, codes[row])
	}
}

func (e *enrolment) checkCluster(record []uint64, p *packet, row int32) error {
	if len(p.cluster) == 0 {
		return nil
	}
	if c := p.cluster[row]; record[e.randomised.cluster] != c.hi || record[e.randomised.cluster+1] != c.lo {
		return &rowError{row, p.fail(row, e.table.Cluster, "a unit is seen in two clusters")}
	}
	return nil
}

// expose takes in another row of a known unit or cluster.
func (e *enrolment) expose(record []uint64, p *packet, row int32) {
	state, variant := record[wordState], uint64(p.variant[row])
	other := state&0xffff != variant
	if other {
		state |= flagCrossover
	}
	first, at := int64(record[wordFirst]), p.at(row)
	switch {
	case at < first:
		record[wordFirst] = uint64(at)
		state = state&^(0xffff|flagTied|flagEligible) | variant | p.eligibility(row)
		for i, codes := range p.labels {
			setHalf(record, e.randomised.labels, i, codes[row])
		}
	case at == first:
		state |= p.eligibility(row)
		if other {
			state |= flagTied
		}
		for i, codes := range p.labels {
			have := half(record, e.randomised.labels, i)
			setHalf(record, e.randomised.labels, i, e.labels[i].smaller(have, codes[row]))
		}
	}
	record[wordState] = state
}

// settle decides who is analysed and describes them.
func (e *enrolment) settle(dropped datasets.Dropped, x *datasets.Exposure) error {
	variants := len(e.query.Variants)
	*x = datasets.Exposure{Units: make([]int64, variants), Crossover: make([]int64, variants), Dropped: dropped}
	exposed := span{math.MaxInt64, math.MinInt64}
	counts := e.labelCounts()
	for _, part := range e.parts {
		x.Dropped.RepeatedExposures += part.repeated
		e.settleRecords(part.randomised(), counts, x, &exposed)
		if part.clusters != nil {
			part.settlePairs(&exposed)
		}
	}
	e.settleAttributes(counts, x)
	x.Unexposed = e.unexposed()
	if exposed.last < exposed.first {
		return nil
	}
	return e.hours(x, datasets.Instant(exposed.first), datasets.Instant(exposed.last))
}

// span is the time from the earliest to the latest first exposure.
type span struct{ first, last int64 }

func (s *span) add(at int64) { s.first, s.last = min(s.first, at), max(s.last, at) }

// settleRecords decides which of the units, or clusters, of a partition are analysed, and counts them.
func (e *enrolment) settleRecords(u *units, counts [][][]int64, x *datasets.Exposure, exposed *span) {
	for i := range u.count {
		r := u.record(i)
		if !e.admit(r, x) {
			r[wordState] |= flagExcluded
			continue
		}
		v := r[wordState] & 0xffff
		x.Units[v]++
		exposed.add(int64(r[wordFirst]))
		for a := range counts {
			counts[a][v][half(r, e.randomised.labels, a)]++
		}
		e.recompute(x, r[wordState])
	}
}

// unexposed are clusters; see Exposure.Unexposed.
func (e *enrolment) unexposed() []datasets.Cluster {
	if !e.query.Clustered {
		return nil
	}
	return e.assigned.unexposed(len(e.query.Variants))
}

func (e *enrolment) settleAttributes(counts [][][]int64, x *datasets.Exposure) {
	for i, name := range e.table.Attributes {
		x.Attributes = append(x.Attributes, e.labels[i].evidence(name, counts[i]))
	}
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

// recompute compares the variant of an analysed unit, or cluster, with the one that it should have.
func (e *enrolment) recompute(x *datasets.Exposure, state uint64) {
	if !e.assigned.known() {
		return
	}
	found := found32(state)
	if e.assigned.roster != nil && found >= 0 {
		e.assigned.analysed[found] = true
	}
	if state&flagCrossover == 0 {
		e.assigned.compare(&x.Recomputed, found, state&flagEligible != 0, int(state&0xffff))
	}
}

func (e *enrolment) hours(x *datasets.Exposure, first, last datasets.Instant) error {
	if last.Sub(first) > datasets.MaxEnrolment {
		return tooLong(e.table, first, last)
	}
	hour := int64(datasets.Hour)
	x.First, x.Last, x.FirstHour = &first, &last, datasets.Instant(floorDiv(int64(first), hour)*hour)
	x.Hours = e.countHours(x, (*partition).randomised)
	if e.query.Clustered {
		x.UnitHours = e.countHours(x, func(p *partition) *units { return p.units })
	}
	return nil
}

// countHours counts first exposures by variant and hour.
func (e *enrolment) countHours(x *datasets.Exposure, of func(*partition) *units) [][]int64 {
	hour := int64(datasets.Hour)
	start := floorDiv(int64(*x.First), hour)
	out := make([][]int64, len(x.Units))
	for v := range out {
		out[v] = make([]int64, floorDiv(int64(*x.Last), hour)-start+1)
	}
	for _, part := range e.parts {
		u := of(part)
		for i := range u.count {
			if r := u.record(i); r[wordState]&flagExcluded == 0 {
				out[r[wordState]&0xffff][floorDiv(int64(r[wordFirst]), hour)-start]++
			}
		}
	}
	return out
}

func tooLong(t *datasets.Table, first, last datasets.Instant) error {
	return &datasets.DataError{File: t.Name, Column: t.Time, Err: fmt.Errorf("first exposures from %v to %v: no experiment runs that long", first, last)}
}
