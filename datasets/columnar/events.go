package columnar

import (
	"liftgate/datasets"
	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/tabular"
)

// eventFilter lets pass the rows that satisfy a condition of some value and lie in the range that counts.
type eventFilter struct {
	plan       *tablePlan
	conditions *conditions
	cells      *cellReader
	from, to   int64
	nullTime   int64
	unmatched  int64   // rows without a unit
	wide       bool    // rows are for other queries, too
	strays     []int64 // if so, the times of rows without a unit
	marks      []uint64
	last       uint64 // the conditions among the bits of the last word of marks that holds any
	rows       []int32
	units      keyReader
	keys       []key // of rows
	clusters   keyReader
	pairs      []key
}

func newEventFilter(p *tablePlan, from, to int64) *eventFilter {
	return &eventFilter{
		plan: p, from: from, to: to, last: ^uint64(0) >> (-len(p.conditions) & 63),
		conditions: compile(p.conditions, &p.wants), cells: newCellReader(&p.cells, &p.wants),
	}
}

func (f *eventFilter) newPacket() *packet {
	p := &packet{}
	f.cells.prepare(p)
	return p
}

func (f *eventFilter) take(b *tabular.Batch, from, to int, out *packet) (err error) {
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
func (f *eventFilter) selectRows(b *tabular.Batch, from, to int) error {
	f.rows = f.rows[:0]
	times, err := b.Column(f.plan.time)
	if err != nil {
		return err
	}
	words := f.conditions.words
	if words == 1 && times.Valid == nil && times.Kind == tabular.Instant && f.from < f.to {
		f.selectPlain(times.Ints[from:to], from)
		return nil
	}
	for row := from; row < to; row++ {
		if !f.any(f.marks[(row-from)*words:]) {
			continue
		}
		if times.Null(row) {
			f.nullTime++
			continue
		}
		if at := times.Ints[row]; at >= f.from && at < f.to {
			f.rows = append(f.rows, int32(row))
		}
	}
	return nil
}

// selectPlain finds the rows among those from the given one on, whose times these are.
func (f *eventFilter) selectPlain(times []int64, from int) {
	rows, n := reuse.Slice(f.rows, len(times)), 0
	first, length := f.from, uint64(f.to-f.from)
	for i, mark := range f.marks[:len(times)] {
		rows[n] = int32(from + i)
		in := 0
		if uint64(times[i]-first) < length {
			in = 1
		}
		if mark&f.last == 0 {
			in = 0
		}
		n += in
	}
	f.rows = rows[:n]
}

// any reports whether a row satisfies one of the conditions.
func (f *eventFilter) any(marks []uint64) bool {
	last := f.plan.cells.first - 1
	for w := range last {
		if marks[w] != 0 {
			return true
		}
	}
	return marks[last]&f.last != 0
}

// addKeys adds key, time and marks of the selected rows that have a unit, and keeps only those.
func (f *eventFilter) addKeys(b *tabular.Batch, from int, out *packet) error {
	times, err := b.Column(f.plan.time)
	if err != nil {
		return err
	}
	if err := f.hashUnits(b); err != nil {
		return err
	}
	out.keys = append(out.keys, f.keys...)
	for _, row := range f.rows {
		out.times = append(out.times, times.Ints[row])
	}
	if b.Lines != nil {
		for _, row := range f.rows {
			out.lines = append(out.lines, b.Lines[row])
		}
	}
	f.addMarks(from, out)
	return nil
}

// addMarks adds the conditions that the selected rows satisfy.
func (f *eventFilter) addMarks(from int, out *packet) {
	words, first := f.conditions.words, f.plan.cells.first
	if words == 1 && f.plan.cells.words == 1 {
		for _, row := range f.rows {
			out.marks = append(out.marks, f.marks[int(row)-from]&f.last)
		}
		return
	}
	for _, row := range f.rows {
		at := (int(row) - from) * words
		out.marks = append(out.marks, f.marks[at:at+first]...)
		out.marks[len(out.marks)-1] &= f.last
		for range f.plan.cells.words - first {
			out.marks = append(out.marks, 0)
		}
	}
}

// hashUnits hashes the units of the selected rows and keeps only those that have one.
func (f *eventFilter) hashUnits(b *tabular.Batch) error {
	unit, err := b.Column(f.plan.unit)
	if err != nil {
		return err
	}
	var n int
	f.keys, n, err = f.units.hash(unit, f.rows, f.keys)
	if err != nil { // unless an earlier row's cluster cannot be read either
		err = b.Fail(f.plan.spec.Unit, int(f.rows[n]), err)
	}
	if f.wide {
		if err := f.addStrays(b); err != nil {
			return err
		}
	}
	f.keep(n)
	if f.plan.cluster >= 0 {
		if err := f.hashPairs(b); err != nil {
			return err
		}
	}
	return err
}

// keep leaves those of the first n rows that have a unit.
func (f *eventFilter) keep(n int) {
	rows, keys, kept := f.rows[:n], f.keys[:n], 0
	for i, k := range keys {
		rows[kept], keys[kept] = rows[i], k
		if k.hi|k.lo != 0 {
			kept++
		}
	}
	f.unmatched += int64(n - kept)
	f.rows, f.keys = rows[:kept], keys[:kept]
}

// addStrays adds the times of those of the rows that have no unit.
func (f *eventFilter) addStrays(b *tabular.Batch) error {
	times, err := b.Column(f.plan.time)
	if err != nil {
		return err
	}
	for i, k := range f.keys {
		if k == (key{}) {
			f.strays = append(f.strays, times.Ints[f.rows[i]])
		}
	}
	return nil
}

// hashPairs turns units into pairs of a cluster and a unit.
func (f *eventFilter) hashPairs(b *tabular.Batch) error {
	clusters, err := b.Column(f.plan.cluster)
	if err != nil {
		return err
	}
	var n int
	f.pairs, n, err = f.clusters.hash(clusters, f.rows, f.pairs)
	for i, cluster := range f.pairs {
		if cluster == (key{}) {
			n, err = i, errNoCluster
			break
		}
		f.keys[i] = pairOf(cluster, f.keys[i])
	}
	if err != nil {
		return b.Fail(f.plan.spec.Cluster, int(f.rows[n]), err)
	}
	return nil
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
	if uint(age-a.first) >= uint(len(a.ages)) {
		a.grow(age, at)
	}
	a.ages[age-a.first]++
	a.last = max(a.last, at)
}

func (a *activity) grow(age int, at int64) {
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
