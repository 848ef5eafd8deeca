package simulate

import (
	"fmt"
	"math"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// measure computes one value of the definition from the rows of one shopper, in the plainest way.
type measure struct {
	*experiment.Value
	table         *table
	where, unless *condition // unless is nil when absent
	column        *expr.Node // nil when absent
}

func newMeasure(tables []*table, v *experiment.Value) (*measure, error) {
	t := tableNamed(tables, v.From)
	if t == nil {
		return nil, fmt.Errorf("there is no source of events %q", v.From)
	}
	m := &measure{Value: v, table: t}
	var err error
	if m.where, err = t.condition(v.Where); err != nil {
		return nil, err
	}
	if v.Unless != nil {
		if m.unless, err = t.condition(v.Unless); err != nil {
			return nil, err
		}
	}
	want := expr.Number
	if v.Take == datasets.Distinct {
		want = expr.Untyped
	}
	m.column, err = t.bind(v.Column, want)
	return m, err
}

// of is the value of a shopper whose windows start at the given time; ok is false when the shopper has none and drops out.
func (m *measure) of(c *crowd, from datasets.Instant) (x float64, ok bool) {
	t := taking{take: m.Take}
	if m.each(c, from, func(r *row) { m.add(&t, c, r) }) {
		return 0, true
	}
	if t.rows == 0 {
		return 0, m.Nulls == datasets.NullsZero
	}
	return t.value(m.AtLeast), true
}

// each goes over a shopper's rows that satisfy the condition and lie in the window; it ends, spared, at one that satisfies unless.
func (m *measure) each(c *crowd, from datasets.Instant, do func(r *row)) (spared bool) {
	begin, end := from.Add(m.Window[0]), from.Add(m.Window[1])
	for i := range c.events {
		r := &c.events[i]
		if r.at < begin || r.at >= end {
			continue
		}
		if m.unless != nil && m.unless.holds(c, r) {
			return true
		}
		if m.where.holds(c, r) {
			do(r)
		}
	}
	return false
}

func (m *measure) add(t *taking, c *crowd, r *row) {
	if m.column == nil {
		t.rows++
		return
	}
	if v := m.column.Eval(m.table.reader(c, r)); !v.Null() {
		t.add(r.at, v)
	}
}

// taking puts the rows of one unit together.
type taking struct {
	take datasets.Take
	rows int
	sum  float64
	best float64          // of max, min, first and last
	at   datasets.Instant // of best
	seen map[string]bool
}

func (t *taking) add(at datasets.Instant, v expr.Value) {
	if t.take == datasets.Distinct {
		if t.seen == nil {
			t.seen = map[string]bool{}
		}
		t.seen[v.String()] = true
		t.rows++
		return
	}
	x := v.Number()
	if t.rows == 0 || t.replaces(at, x) {
		t.best, t.at = x, at
	}
	t.sum += x
	t.rows++
}

// replaces reports whether a later row takes the place of the best one.
func (t *taking) replaces(at datasets.Instant, x float64) bool {
	switch t.take {
	case datasets.Max:
		return x > t.best
	case datasets.Min:
		return x < t.best
	case datasets.First:
		return at < t.at || (at == t.at && x < t.best)
	case datasets.Last:
		return at > t.at || (at == t.at && x > t.best)
	}
	return false
}

func (t *taking) value(atLeast int) float64 {
	switch t.take {
	case datasets.Any:
		if t.rows >= max(atLeast, 1) {
			return 1
		}
		return 0
	case datasets.Count:
		return float64(t.rows)
	case datasets.Sum:
		return t.sum
	case datasets.Mean:
		return t.sum / float64(t.rows)
	case datasets.Max, datasets.Min, datasets.First, datasets.Last:
		return t.best
	case datasets.Distinct:
		return float64(len(t.seen))
	}
	return math.NaN()
}
