package columnar

import (
	"fmt"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/tabular"
)

// operation is how an accumulator takes in a row.
type operation uint8

const (
	opCount operation = iota
	opSum
	opMin
	opMax
	opFirst // two words: time, value
	opLast
	opDistinct
)

func (o operation) words() int {
	switch o {
	case opCount, opDistinct:
		return 0
	case opFirst, opLast:
		return 2
	default:
		return 1
	}
}

// accumulator is a number that each unit keeps.
type accumulator struct {
	op   operation
	word int // of the unit's record; of opCount and opDistinct the half
}

// rule is what rows of one kind do: those that satisfy a condition in a window.
type rule struct {
	condition int // bit
	from, to  int64
	cell      int // of the cell plan, -1 for none
	unless    int // the bit that such a row sets in the unit's record; -1: it enters values
	list      int // that keeps such rows, -1 for none
	history   int // that keeps them for views, -1 for none
	into      []accumulator
	values    []int // of the query
}

// valuePlan says where a value's number is kept.
type valuePlan struct {
	value  *datasets.Value
	main   int // word; -1 where the number is the count
	count  int // half of the record that holds the number of rows, -1 when nobody asks
	unless int // bit, -1 for none
	list   int // of the partition that keeps its rows instead, -1 for none
	// history keeps its rows beside, spares those that make it zero; -1: nobody needs them.
	history, spares int
}

// room is what units' records and partitions have to hold.
type room struct {
	words, counts, unless, lists int
}

// tablePlan is the pass over one table of events.
type tablePlan struct {
	spec       *datasets.Table
	index      int // in Query.Events
	conditions []*expr.Node
	cells      cellPlan
	rules      []rule
	min, max   int64 // of the windows
	wants      tabular.Wanted
	unit, time int
	cluster    int // -1 unless the query is clustered
}

// plan is how a query over an event log is answered.
type plan struct {
	query     *datasets.Query
	tables    []*tablePlan // by table of events, nil when no value is on it
	values    []valuePlan
	layout    layout
	lists     int
	histories []historyKind
}

func newPlan(q *datasets.Query) (*plan, error) {
	p := &plan{query: q, tables: make([]*tablePlan, len(q.Events)), values: make([]valuePlan, len(q.Values))}
	need := room{counts: len(q.Events)} // of rows that matched
	for i := range q.Values {
		v := &q.Values[i]
		at := slices.IndexFunc(q.Events, func(t *datasets.Table) bool { return t.Name == v.Table })
		if at < 0 {
			return nil, fmt.Errorf("value %q names a table of events that the query does not have: %q", v.Name, v.Table)
		}
		if p.tables[at] == nil {
			p.tables[at] = &tablePlan{spec: q.Events[at], index: at, min: int64(v.Window[0]), max: int64(v.Window[1])}
		}
		p.values[i] = p.tables[at].add(i, v, &need)
	}
	for _, t := range p.tables {
		if t != nil {
			t.lay(q.Clustered)
		}
	}
	labels := 0
	if q.Views != nil && !q.Clustered {
		labels = len(q.Exposures.Attributes)
	}
	p.layout = newLayout(wordHi, labels, need.counts, need.unless, need.words)
	p.lists = need.lists
	p.place()
	p.keepHistories()
	return p, nil
}

// place takes words to their places in a record, behind what else it holds.
func (p *plan) place() {
	for i := range p.values {
		v := &p.values[i]
		if v.main >= 0 {
			v.main += p.layout.values
		}
		if v.count >= 0 {
			v.count += 2 * p.layout.counts
		}
	}
	for _, t := range p.tables {
		if t == nil {
			continue
		}
		for i := range t.rules {
			into := t.rules[i].into
			for j := range into {
				if into[j].op.words() == 0 {
					into[j].word += 2 * p.layout.counts
				} else {
					into[j].word += p.layout.values
				}
			}
		}
	}
}

// add plans a value, sharing what other values of the table keep already.
func (t *tablePlan) add(index int, v *datasets.Value, need *room) valuePlan {
	t.min, t.max = min(t.min, int64(v.Window[0])), max(t.max, int64(v.Window[1]))
	cell := -1
	if v.Column != nil && v.Take != datasets.Any && v.Take != datasets.Count {
		cell = t.cells.add(v.Column, v.Take == datasets.Distinct)
	}
	r := t.rule(v.Where, v.Window, cell, -1)
	r.values = append(r.values, index)
	out := valuePlan{value: v, count: -1, unless: -1, list: -1, history: -1, spares: -1}
	if v.Take == datasets.Rows {
		out.list = r.keepRows(need)
	} else {
		out.keep(r, need)
	}
	if v.Unless != nil {
		out.unless = need.unless
		need.unless++
		t.rule(v.Unless, v.Window, -1, out.unless)
	}
	return out
}

// keep plans the words of a value.
func (p *valuePlan) keep(r *rule, need *room) {
	v, op := p.value, operationOf(p.value.Take)
	if op.words() == 0 {
		p.main, p.count = -1, r.keep(op, need)
		return
	}
	p.main = r.keep(op, need)
	if v.Take != datasets.Sum || v.Nulls != datasets.NullsZero {
		p.count = r.keep(opCount, need) // tells zero from nothing yet
	}
}

func operationOf(t datasets.Take) operation {
	switch t {
	case datasets.Any, datasets.Count:
		return opCount
	case datasets.Max:
		return opMax
	case datasets.Min:
		return opMin
	case datasets.First:
		return opFirst
	case datasets.Last:
		return opLast
	case datasets.Distinct:
		return opDistinct
	default:
		return opSum
	}
}

// rule finds or makes the rule for a condition, window and cell.
func (t *tablePlan) rule(where *expr.Node, window [2]datasets.Span, cell, unless int) *rule {
	condition := slices.IndexFunc(t.conditions, func(n *expr.Node) bool { return n.String() == where.String() && typesEqual(n, where) })
	if condition < 0 {
		condition = len(t.conditions)
		t.conditions = append(t.conditions, where)
	}
	for i := range t.rules {
		r := &t.rules[i]
		if unless < 0 && r.unless < 0 && r.condition == condition && r.cell == cell &&
			r.from == int64(window[0]) && r.to == int64(window[1]) {
			return r
		}
	}
	t.rules = append(t.rules, rule{condition: condition, from: int64(window[0]), to: int64(window[1]), cell: cell, unless: unless, list: -1, history: -1})
	return &t.rules[len(t.rules)-1]
}

// typesEqual reports whether two conditions of one spelling read their columns as the same types.
func typesEqual(a, b *expr.Node) bool { return slices.Equal(a.Columns(), b.Columns()) }

// keep gives the word of an accumulator of the rule. A count always goes last, so that the others can see whether they are the
// first.
func (r *rule) keep(op operation, need *room) int {
	for _, a := range r.into {
		if a.op == op {
			return a.word
		}
	}
	a := accumulator{op: op, word: need.words}
	if op.words() == 0 {
		a.word = need.counts
		need.counts++
	}
	need.words += op.words()
	if n := len(r.into); n > 0 && r.into[n-1].op == opCount {
		r.into = slices.Insert(r.into, n-1, a)
	} else {
		r.into = append(r.into, a)
	}
	return a.word
}

// keepRows gives the list that keeps the rows of the rule.
func (r *rule) keepRows(need *room) int {
	if r.list < 0 {
		r.list = need.lists
		need.lists++
	}
	return r.list
}

// lay settles bits and wanted columns.
func (t *tablePlan) lay(clustered bool) {
	t.cells.lay(len(t.conditions))
	t.unit = t.wants.Add(t.spec.Unit, tabular.AsKey)
	t.time, t.cluster = t.wants.Add(t.spec.Time, tabular.AsInstant), -1
	if clustered {
		t.cluster = t.wants.Add(t.spec.Cluster, tabular.AsKey)
	}
	compile(t.conditions, &t.wants)
	newCellReader(&t.cells, &t.wants)
}
