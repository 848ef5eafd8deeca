package columnar

import (
	"fmt"
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
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
	gauge      *gauge   // of the memory that partitions take
	// spool takes packets in place of the partitions, where exposures go through a file; nil: they do not.
	spool func(*packet) error
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
	noted     int64    // bytes, by the gauge
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
	e.layout = p.layout
	e.randomised = newLayout(wordsFixed, e.table.Cluster != "" && !e.query.Clustered, len(e.labels), 0, 0, 0)
	for i := range e.parts {
		e.parts[i] = e.newPartition(p)
	}
}

func (e *enrolment) newPartition(p *plan) *partition {
	part := &partition{
		units: newUnits(e.stride()), lists: make([]rowList, p.lists), histories: p.newHistories(),
		tables: make([]tableCounts, len(e.query.Events)),
	}
	if e.query.Clustered {
		part.clusters = newUnits(e.randomised.stride)
	}
	return part
}

// stride is that of units that are not arranged yet.
func (e *enrolment) stride() int {
	if e.query.Clustered {
		return wordsFixed // of pairs
	}
	return e.randomised.stride
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
	return e.gauge.note(e.parts[i])
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
	s := e.newSettling(dropped)
	for _, part := range e.parts {
		s.settle(part)
	}
	if err := s.finish(x); err != nil || x.First == nil {
		return err
	}
	for _, part := range e.parts {
		e.countHours(x, part)
	}
	return nil
}

// settling is what is known of the units while it is decided, partition by partition, who is analysed.
type settling struct {
	*enrolment
	exposure datasets.Exposure
	exposed  span
	counts   [][][]int64
}

func (e *enrolment) newSettling(dropped datasets.Dropped) *settling {
	variants := len(e.query.Variants)
	x := datasets.Exposure{Units: make([]int64, variants), Crossover: make([]int64, variants), Dropped: dropped}
	return &settling{e, x, span{math.MaxInt64, math.MinInt64}, e.labelCounts()}
}

func (s *settling) settle(part *partition) {
	s.exposure.Dropped.RepeatedExposures += part.repeated
	s.settleRecords(part.randomised(), s.counts, &s.exposure, &s.exposed)
	if part.clusters != nil {
		part.settlePairs(&s.exposed)
	}
}

// finish describes the units, but for the hours.
func (s *settling) finish(x *datasets.Exposure) error {
	*x = s.exposure
	s.settleAttributes(s.counts, x)
	x.Unexposed = s.unexposed()
	if s.exposed.last < s.exposed.first {
		return nil
	}
	return s.beginHours(x, datasets.Instant(s.exposed.first), datasets.Instant(s.exposed.last))
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

// beginHours makes room for the hours of first exposures.
func (e *enrolment) beginHours(x *datasets.Exposure, first, last datasets.Instant) error {
	if last.Sub(first) > datasets.MaxEnrolment {
		return tooLong(e.table, first, last)
	}
	x.First, x.Last, x.FirstHour = &first, &last, first.Floor(datasets.Hour)
	hours := int(last.Sub(x.FirstHour)/datasets.Hour) + 1
	x.Hours = depot.Columns[int64](nil, len(x.Units), hours)
	if e.query.Clustered {
		x.UnitHours = depot.Columns[int64](nil, len(x.Units), hours)
	}
	return nil
}

// countHours counts the first exposures of a partition by variant and hour.
func (e *enrolment) countHours(x *datasets.Exposure, part *partition) {
	countHours(x.Hours, int64(x.FirstHour), part.randomised())
	if e.query.Clustered {
		countHours(x.UnitHours, int64(x.FirstHour), part.units)
	}
}

func countHours(to [][]int64, from int64, u *units) {
	for i := range u.count {
		if r := u.record(i); r[wordState]&flagExcluded == 0 {
			to[r[wordState]&0xffff][(int64(r[wordFirst])-from)/int64(datasets.Hour)]++
		}
	}
}

func tooLong(t *datasets.Table, first, last datasets.Instant) error {
	return &datasets.DataError{File: t.Name, Column: t.Time, Err: fmt.Errorf("first exposures from %v to %v: no experiment runs that long", first, last)}
}
