package columnar

import (
	"math"

	"liftgate/datasets"
)

// eventPass applies the rows of one table of events.
type eventPass struct {
	*enrolment
	plan *tablePlan
}

func (e *eventPass) apply(i int, p *packet, from, to int32) error {
	part := e.parts[i]
	in := &part.entering
	in.pass, in.part, in.packet, in.counts = e, part, p, &part.tables[e.plan.index]
	for ; from < to; from += aheadRows {
		if err := in.enter(from, min(from+aheadRows, to)); err != nil {
			return err
		}
	}
	return e.gauge.note(part)
}

// entering are some rows of one partition on their way into the records of their units. They go rule by rule: rules share no numbers, so
// each unit's are added in the order of its rows all the same.
type entering struct {
	pass   *eventPass
	part   *partition
	packet *packet
	counts *tableCounts
	failed *rowError // of the earliest row

	count   int // of the rows of analysed units, which the following are about
	row     [aheadRows]int32
	unit    [aheadRows]int32
	variant [aheadRows]uint16
	age     [aheadRows]int32
	since   [aheadRows]int64 // the first exposure
	marks   [aheadRows]uint64
	inside  [aheadRows]uint8  // 1: in the window of a rule
	chosen  [aheadRows]uint16 // those that a rule applies to
	cells   [aheadRows]float64
}

// enter lets the rows from..to take effect by every rule whose condition they satisfy and in whose window they lie.
func (n *entering) enter(from, to int32) error {
	n.find(from, to)
	n.failed = nil
	plan, word := n.pass.plan, -1
	for i := range plan.rules {
		r := &plan.rules[i]
		if r.condition/64 != word {
			word = r.condition / 64
			n.gather(word)
		}
		n.follow(i, r, n.choose(r))
	}
	if n.failed != nil {
		return n.failed
	}
	n.match()
	return nil
}

// find looks the rows' units up and leaves out rows of others.
func (n *entering) find(from, to int32) {
	u, at := n.part.enrolled, &n.unit
	u.findAll(n.packet.keys[from:to], at)
	k := 0
	for row := from; row < to; row++ {
		unit := at[(row-from)&(aheadRows-1)]
		n.row[k&(aheadRows-1)], at[k&(aheadRows-1)] = row, unit
		if unit >= 0 {
			k++
		}
	}
	n.count = k
	n.counts.unmatched += int64(to-from) - int64(k)
	for i := range k {
		r := u.record(int(at[i]))
		since := n.packet.times[n.row[i]] - int64(r[wordFirst])
		n.since[i], n.age[i] = since, int32(datasets.Span(since).Days())
		n.variant[i], n.inside[i] = uint16(r[wordState]), 0
	}
}

// gather takes a word of the rows' marks.
func (n *entering) gather(word int) {
	words, marks := n.pass.plan.cells.words, n.packet.marks
	for i := range n.count {
		n.marks[i] = marks[int(n.row[i])*words+word]
	}
}

// choose finds the rows that a rule applies to.
func (n *entering) choose(r *rule) []uint16 {
	k, shift, from, length := 0, r.condition%64, r.from, uint64(r.to-r.from)
	for i := range n.count {
		n.chosen[k&(aheadRows-1)] = uint16(i)
		in := uint8(0)
		if uint64(n.since[i]-from) < length {
			in = 1
		}
		in &= uint8(n.marks[i] >> shift)
		n.inside[i] |= in
		k += int(in)
	}
	return n.chosen[:k]
}

// follow does what a rule says with the rows that it applies to.
func (n *entering) follow(i int, r *rule, chosen []uint16) {
	if len(chosen) == 0 {
		return
	}
	u := n.part.enrolled
	if r.unless >= 0 {
		for _, j := range chosen {
			setBit(u.record(int(n.unit[j]))[n.pass.layout.zeroed:], r.unless)
		}
		n.remember(r, chosen)
		return
	}
	counts := &n.counts.rules[i]
	if r.cell >= 0 {
		chosen = n.take(&n.pass.plan.cells.columns[r.cell], counts, chosen)
	}
	n.remember(r, chosen)
	for _, j := range chosen {
		at := n.packet.times[n.row[j]]
		counts.activity[n.variant[j]].add(int(n.age[j]), at)
		if r.list >= 0 {
			n.part.lists[r.list].add(n.unit[j], n.cells[j])
		}
		record := u.record(int(n.unit[j]))
		for _, a := range r.into {
			switch a.op {
			case opCount:
				countOne(record, uint(a.word))
			case opSum:
				word := &record[a.word]
				*word = math.Float64bits(math.Float64frombits(*word) + n.cells[j])
			case opDistinct:
				n.addDistinct(a, r, n.unit[j], n.row[j])
			default:
				a.choose(record, r.rows(record) == 0, at, n.cells[j])
			}
		}
	}
}

// take gets the numbers of a cell column and leaves out rows without one.
func (n *entering) take(c *cellColumn, counts *ruleCounts, chosen []uint16) []uint16 {
	words, kept := n.pass.plan.cells.words, chosen[:0]
	for _, j := range chosen {
		row := n.row[j]
		marks := n.packet.marks[int(row)*words:]
		switch {
		case hasBit(marks, c.null):
			counts.nullCells++
			continue
		case hasBit(marks, c.bad):
			n.fail(&rowError{row, n.packet.fail(row, c.name(), "a value that is not a finite number")})
			continue
		case !c.distinct:
			n.cells[j] = n.packet.cells[c.slot][row]
		}
		kept = append(kept, j)
	}
	return kept
}

// fail keeps the error of the earliest row.
func (n *entering) fail(err *rowError) {
	if n.failed == nil || err.row < n.failed.row {
		n.failed = err
	}
}

// match counts the rows that lie in a window.
func (n *entering) match() {
	place, matched := uint(2*n.pass.layout.counts+n.pass.plan.index), int64(0)
	for i := range n.count {
		if n.inside[i] == 0 {
			continue
		}
		matched++
		countOne(n.part.enrolled.record(int(n.unit[i])), place)
		n.counts.activity[n.variant[i]].add(int(n.age[i]), n.packet.times[n.row[i]])
	}
	n.counts.matched += matched
	n.counts.outside += int64(n.count) - matched
}

// addDistinct counts a value of a unit once.
func (n *entering) addDistinct(a accumulator, r *rule, unit, row int32) {
	cell := n.packet.hashes[n.pass.plan.cells.columns[r.cell].slot][row]
	k := mix(n.part.enrolled.hash(int(unit)), cell, uint64(a.word))
	if n.part.distinct.add(k) {
		countOne(n.part.enrolled.record(int(unit)), uint(a.word))
	}
}

// rows is how many rows the rule's count has seen, 0 without a count.
func (r *rule) rows(record []uint64) uint32 {
	if last := r.into[len(r.into)-1]; last.op == opCount {
		return counted(record, uint(last.word))
	}
	return 0
}

// choose takes in a row that may replace the number of those before it, if it is not the first.
func (a accumulator) choose(record []uint64, first bool, at int64, x float64) {
	word := &record[a.word]
	switch a.op {
	case opMin:
		if first || x < math.Float64frombits(*word) {
			*word = math.Float64bits(x)
		}
	case opMax:
		if first || x > math.Float64frombits(*word) {
			*word = math.Float64bits(x)
		}
	case opFirst, opLast:
		have, value := int64(*word), math.Float64frombits(record[a.word+1])
		better := at < have || at == have && x < value
		if a.op == opLast {
			better = at > have || at == have && x > value
		}
		if first || better {
			*word, record[a.word+1] = uint64(at), math.Float64bits(x)
		}
	}
}
