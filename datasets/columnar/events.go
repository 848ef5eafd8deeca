package columnar

import (
	"math"
	"slices"

	"liftgate/datasets"
)

// eventFilter lets pass the rows that satisfy a condition of some value and lie in the range that counts.
type eventFilter struct {
	plan       *tablePlan
	conditions *conditions
	cells      *cellReader
	from, to   int64
	nullTime   int64
	unmatched  int64 // rows without a unit
	marks      []uint64
	rows       []int32
	buf        []byte
	clusterBuf []byte
}

func newEventFilter(p *tablePlan, from, to int64) *eventFilter {
	return &eventFilter{
		plan: p, from: from, to: to, buf: make([]byte, 0, 24), clusterBuf: make([]byte, 0, 24),
		conditions: compile(p.conditions, &p.wants), cells: newCellReader(&p.cells, &p.wants),
	}
}

func (f *eventFilter) newPacket() *packet {
	p := &packet{}
	f.cells.prepare(p)
	return p
}

func (f *eventFilter) take(b *batch, from, to int, out *packet) (err error) {
	if f.marks, err = f.conditions.mark(b, from, to, f.marks); err != nil {
		return err
	}
	if err := f.selectRows(b, from, to); err != nil || len(f.rows) == 0 {
		return err
	}
	if err := f.addKeys(b, from, out); err != nil {
		return err
	}
	return f.cells.add(b, f.rows, out)
}

// selectRows finds the rows that satisfy a condition and have a time in the range.
func (f *eventFilter) selectRows(b *batch, from, to int) error {
	f.rows = f.rows[:0]
	times, err := b.column(f.plan.time)
	if err != nil {
		return err
	}
	words := f.conditions.words
	for row := from; row < to; row++ {
		if !f.any(f.marks[(row-from)*words:]) {
			continue
		}
		if times.null(row) {
			f.nullTime++
			continue
		}
		if at := times.ints[row]; at >= f.from && at < f.to {
			f.rows = append(f.rows, int32(row))
		}
	}
	return nil
}

// any reports whether a row satisfies one of the conditions.
func (f *eventFilter) any(marks []uint64) bool {
	n := len(f.plan.conditions)
	for w := range n / 64 {
		if marks[w] != 0 {
			return true
		}
	}
	return n%64 != 0 && marks[n/64]&(1<<(n%64)-1) != 0
}

// addKeys adds key, time and marks of the selected rows that have a unit, and keeps only those.
func (f *eventFilter) addKeys(b *batch, from int, out *packet) error {
	unit, err := b.column(f.plan.unit)
	if err != nil {
		return err
	}
	var clusters *column
	if f.plan.cluster >= 0 {
		if clusters, err = b.column(f.plan.cluster); err != nil {
			return err
		}
	}
	times, err := b.column(f.plan.time)
	if err != nil {
		return err
	}
	first, more := f.plan.cells.first, f.plan.cells.words-f.plan.cells.first
	kept := f.rows[:0]
	for _, row := range f.rows {
		k, ok, err := f.key(b, unit, clusters, int(row))
		if err != nil {
			return err
		}
		if !ok {
			f.unmatched++
			continue
		}
		kept = append(kept, row)
		out.keys = append(out.keys, k)
		out.times = append(out.times, times.ints[row])
		at := (int(row) - from) * f.conditions.words
		out.marks = append(out.marks, f.marks[at:at+first]...)
		for range more {
			out.marks = append(out.marks, 0)
		}
		if b.lines != nil {
			out.lines = append(out.lines, b.lines[row])
		}
	}
	f.rows = kept
	return nil
}

// key is that of a row's unit; ok is false when there is none.
func (f *eventFilter) key(b *batch, unit, clusters *column, row int) (k key, ok bool, err error) {
	name, err := keyText(unit, row, f.buf)
	if err != nil {
		return key{}, false, failAt(f.plan.spec.Unit, b, row, err)
	}
	if name == "" {
		return key{}, false, nil
	}
	k = hashText(name)
	if clusters == nil {
		return k, true, nil
	}
	cluster, err := keyText(clusters, row, f.clusterBuf)
	if err == nil && cluster == "" {
		err = errNoCluster
	}
	if err != nil {
		return key{}, false, failAt(f.plan.spec.Cluster, b, row, err)
	}
	return pairOf(hashText(cluster), k), true, nil
}

// tableCounts is what a partition counts of one table of events.
type tableCounts struct {
	matched, unmatched, outside int64
	activity                    []activity   // by variant
	rules                       []ruleCounts // by rule
}

type ruleCounts struct {
	activity  []activity // by variant
	nullCells int64
}

func newTableCounts(t *tablePlan, variants int) tableCounts {
	c := tableCounts{activity: make([]activity, variants), rules: make([]ruleCounts, len(t.rules))}
	for i := range c.rules {
		c.rules[i].activity = make([]activity, variants)
	}
	return c
}

// activity counts rows by age. It grows to both sides as rows come.
type activity struct {
	first int
	ages  []int64
	last  int64 // time of the latest row
}

func (a *activity) add(age int, at int64) {
	if len(a.ages) == 0 {
		a.first, a.last = age, at
	}
	if age < a.first {
		a.ages = append(make([]int64, a.first-age), a.ages...)
		a.first = age
	}
	for age-a.first >= len(a.ages) {
		a.ages = append(a.ages, 0)
	}
	a.ages[age-a.first]++
	a.last = max(a.last, at)
}

func (a *activity) merge(o *activity) {
	for i, n := range o.ages {
		if n > 0 {
			a.add(o.first+i, o.last)
			a.ages[o.first+i-a.first] += n - 1
		}
	}
}

// evidence leaves out the ages at both ends that have no rows; add never makes such.
func (a *activity) evidence() datasets.Activity {
	if len(a.ages) == 0 {
		return datasets.Activity{}
	}
	last := datasets.Instant(a.last)
	return datasets.Activity{FirstAge: a.first, Ages: a.ages, Last: &last}
}

// eventPass applies the rows of one table of events.
type eventPass struct {
	*enrolment
	plan *tablePlan
}

func (e *eventPass) apply(i int, p *packet, rows []int32) error {
	part := e.parts[i]
	var at found
	for some := range slices.Chunk(rows, findAhead) {
		part.units.findAll(p.keys, some, &at)
		for j, row := range some {
			if err := e.applyRow(part, at[j], p, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// applyRow takes in a row, given its unit's record, -1 for none.
func (e *eventPass) applyRow(part *partition, unit int32, p *packet, row int32) error {
	counts := &part.tables[e.plan.index]
	if unit < 0 {
		counts.unmatched++
		return nil
	}
	record := part.units.record(int(unit))
	if record[wordState]&flagExcluded != 0 {
		counts.unmatched++
		return nil
	}
	in, err := e.enterRow(part, counts, unit, p, row, p.marks[int(row)*e.plan.cells.words:])
	if err != nil {
		return err
	}
	if !in {
		counts.outside++
		return nil
	}
	counts.matched++
	n := half(record, e.layout.matched, e.plan.index)
	setHalf(record, e.layout.matched, e.plan.index, n+1)
	at := p.times[row]
	counts.activity[record[wordState]&0xffff].add(ageOf(at, record), at)
	return nil
}

func ageOf(at int64, record []uint64) int {
	return datasets.Span(at - int64(record[wordFirst])).Days()
}

// enterRow lets a row take effect by every rule whose condition it satisfies, and tells whether it lies in any window.
func (e *eventPass) enterRow(part *partition, counts *tableCounts, unit int32, p *packet, row int32, marks []uint64) (in bool, err error) {
	record := part.units.record(int(unit))
	since := p.times[row] - int64(record[wordFirst])
	for i := range e.plan.rules {
		r := &e.plan.rules[i]
		if !hasBit(marks, r.condition) || since < r.from || since >= r.to {
			continue
		}
		in = true
		if r.unless >= 0 {
			setBit(record[e.layout.zeroed:], r.unless)
			continue
		}
		c := &counts.rules[i]
		var x float64
		if r.cell >= 0 {
			cell := &e.plan.cells.columns[r.cell]
			switch {
			case hasBit(marks, cell.null):
				c.nullCells++
				continue
			case hasBit(marks, cell.bad):
				return in, &rowError{row, p.fail(row, cell.name(), "a value that is not a finite number")}
			case !cell.distinct:
				x = p.cells[cell.slot][row]
			}
		}
		c.activity[record[wordState]&0xffff].add(ageOf(p.times[row], record), p.times[row])
		if r.list >= 0 {
			part.lists[r.list].add(unit, x)
		}
		for _, a := range r.into {
			if a.op == opDistinct {
				e.addDistinct(part, record, a.word, p.hashes[e.plan.cells.columns[r.cell].slot][row])
			} else {
				a.add(record, r.rows(record), p.times[row], x)
			}
		}
	}
	return in, nil
}

// rows is how many rows the rule's count has seen, 0 without a count.
func (r *rule) rows(record []uint64) uint64 {
	if last := r.into[len(r.into)-1]; last.op == opCount {
		return record[last.word]
	}
	return 0
}

// add takes in a row, given how many have gone before it.
func (a accumulator) add(record []uint64, before uint64, at int64, x float64) {
	word := &record[a.word]
	switch a.op {
	case opCount:
		*word++
	case opSum:
		*word = math.Float64bits(math.Float64frombits(*word) + x)
	case opMin:
		if before == 0 || x < math.Float64frombits(*word) {
			*word = math.Float64bits(x)
		}
	case opMax:
		if before == 0 || x > math.Float64frombits(*word) {
			*word = math.Float64bits(x)
		}
	case opFirst, opLast:
		have, value := int64(*word), math.Float64frombits(record[a.word+1])
		better := at < have || at == have && x < value
		if a.op == opLast {
			better = at > have || at == have && x > value
		}
		if before == 0 || better {
			*word, record[a.word+1] = uint64(at), math.Float64bits(x)
		}
	}
}

// addDistinct counts a value of a unit once.
func (e *eventPass) addDistinct(part *partition, record []uint64, word int, cell key) {
	k := mix(key{record[wordHi], record[wordLo]}, cell, uint64(word))
	if part.distinct.add(k) {
		record[word]++
	}
}
