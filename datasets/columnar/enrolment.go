package columnar

import (
	"fmt"
	"math"
	"sync"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
	"liftgate/datasets/internal/parallel"
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
	patience   int      // see arrivals.due
	sorters    sync.Pool
	// spool takes packets in place of the partitions, where exposures go through a file; nil: they do not.
	spool func(*packet) error
}

// partition holds the units whose hashes start with the same bits.
type partition struct {
	exposed   *arrivals // units, or pairs, until all are known
	enrolled  *enrolled // from then on
	clusters  *units    // nil unless the query is clustered
	clusterOf *units    // by unit, where clusters are used otherwise
	repeated  int64
	lists     []rowList // of values that keep their rows
	histories []history
	tables    []tableCounts // by table of events
	distinct  keySet
	entering  entering // of events
	noted     int64    // bytes, by the gauge
}

// randomised are the records of what was assigned a variant.
func (p *partition) randomised() *records {
	if p.clusters != nil {
		return &p.clusters.records
	}
	return &p.exposed.records
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

// mostPatience is how many rows of a partition may wait to be merged where memory is not short.
const mostPatience = 1 << 16

// start makes room for the units, which may take so many bytes.
func (e *enrolment) start(p *plan, limit int64) {
	e.layout = p.layout
	e.randomised = newLayout(wordsFixed, len(e.labels), 0, 0, 0)
	e.patience = int(min(mostPatience, limit/16/partitions/int64(8*e.stride())))
	for i := range e.parts {
		e.parts[i] = e.newPartition(p)
	}
}

func (e *enrolment) newPartition(p *plan) *partition {
	part := &partition{
		exposed: &arrivals{records: records{stride: e.stride()}}, lists: make([]rowList, p.lists), histories: p.newHistories(),
		tables: make([]tableCounts, len(e.query.Events)),
	}
	if e.query.Clustered {
		part.clusters = newUnits(e.randomised.stride)
	} else if e.table.Cluster != "" {
		part.clusterOf = newUnits(wordsFixed)
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
func (e *enrolment) apply(i int, p *packet, from, to int32) error {
	part := e.parts[i]
	if part.exposed.due(e.patience) {
		e.merge(part)
	}
	for row := from; row < to; row++ {
		if part.clusters != nil {
			e.applyPair(part, p, row)
			continue
		}
		if err := e.checkCluster(part, p, row); err != nil {
			return err
		}
		e.enter(part.exposed.next(), p.keys[row], p, row)
	}
	err := e.gauge.note(part)
	if err != nil && part.exposed.due(0) {
		e.merge(part)
		err = e.gauge.note(part)
	}
	return err
}

// merge makes one record of those of each unit, or pair, of a partition.
func (e *enrolment) merge(part *partition) {
	s, _ := e.sorters.Get().(*sorter)
	if s == nil {
		s = &sorter{}
	}
	part.exposed.merge(s, func(unit, row []uint64) {
		if part.clusters != nil {
			part.mergePair(unit, row)
			return
		}
		if unit[wordState]&flagForced == 0 {
			part.repeated++
		}
		e.expose(unit, row)
	})
	e.sorters.Put(s)
}

// mergeAll makes one record of those of each unit of some partitions, of which there are no more rows to come.
func (e *enrolment) mergeAll(workers int, parts []*partition) {
	parallel.Each(workers, len(parts), func(i int) { e.merge(parts[i]) })
}

// enter makes a record of a row.
func (e *enrolment) enter(record []uint64, k key, p *packet, row int32) {
	record[wordHi], record[wordLo] = k.hi, k.lo
	e.putRow(record, p, row)
	if e.forced[k] {
		record[wordState] |= flagForced
	} else if e.assigned.known() {
		record[wordState] |= uint64(e.assigned.find(k, p, row)) << assignedShift
	}
}

// putRow puts down what another row of the same unit may say differently.
func (e *enrolment) putRow(record []uint64, p *packet, row int32) {
	record[wordFirst] = uint64(p.at(row))
	record[wordState] = uint64(p.variant[row]) | p.eligibility(row)
	for i, codes := range p.labels {
		setHalf(record, e.randomised.labels, i, codes[row])
	}
}

// checkCluster makes sure that all rows of a unit are of one cluster.
func (e *enrolment) checkCluster(part *partition, p *packet, row int32) error {
	if part.clusterOf == nil {
		return nil
	}
	at, fresh := part.clusterOf.enter(p.keys[row])
	record, c := part.clusterOf.record(at), p.cluster[row]
	if fresh {
		record[0], record[1] = c.hi, c.lo
	}
	if record[0] != c.hi || record[1] != c.lo {
		return &rowError{row, p.fail(row, e.table.Cluster, "a unit is seen in two clusters")}
	}
	return nil
}

// expose takes the record of another row into that of a unit or cluster.
func (e *enrolment) expose(record, row []uint64) {
	state, variant := record[wordState], row[wordState]&0xffff
	other, eligible := state&0xffff != variant, row[wordState]&flagEligible
	if other {
		state |= flagCrossover
	}
	first, at := int64(record[wordFirst]), int64(row[wordFirst])
	switch {
	case at < first:
		record[wordFirst] = uint64(at)
		state = state&^(0xffff|flagTied|flagEligible) | variant | eligible
		copy(record[e.randomised.labels:e.randomised.counts], row[e.randomised.labels:])
	case at == first:
		state |= eligible
		if other {
			state |= flagTied
		}
		for i, l := range e.labels {
			setHalf(record, e.randomised.labels, i, l.smaller(half(record, e.randomised.labels, i), half(row, e.randomised.labels, i)))
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
func (e *enrolment) settleRecords(u *records, counts [][][]int64, x *datasets.Exposure, exposed *span) {
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
		countHours(x.UnitHours, int64(x.FirstHour), &part.exposed.records)
	}
}

func countHours(to [][]int64, from int64, u *records) {
	for i := range u.count {
		if r := u.record(i); r[wordState]&flagExcluded == 0 {
			to[r[wordState]&0xffff][(int64(r[wordFirst])-from)/int64(datasets.Hour)]++
		}
	}
}

func tooLong(t *datasets.Table, first, last datasets.Instant) error {
	return &datasets.DataError{File: t.Name, Column: t.Time, Err: fmt.Errorf("first exposures from %v to %v: no experiment runs that long", first, last)}
}
