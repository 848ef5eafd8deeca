package sourcetest

import (
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/stats"
)

// describeEvents counts the rows of one table of events; see datasets.EventEvidence.
func describeEvents(q *datasets.Query, t *Table, e *enrolment, ev *datasets.Evidence) (datasets.EventEvidence, error) {
	out := datasets.EventEvidence{Table: t.Spec.Name}
	if through := t.completeThrough(); through != nil {
		out.CompleteThrough = *through
	}
	var values []*datasets.Value
	for i := range q.Values {
		if q.Values[i].Table == t.Spec.Name {
			values = append(values, &q.Values[i])
		}
	}
	unitOf := map[key]*unit{}
	for _, u := range e.units {
		unitOf[u.key] = u
	}
	matched := map[*unit][]row{}
	for _, r := range t.rows() {
		asking := slices.DeleteFunc(slices.Clone(values), func(v *datasets.Value) bool {
			return !v.Where.Holds(r.read) && !holds(v.Unless, r)
		})
		k := r.key(q)
		u := unitOf[k]
		switch {
		case len(asking) == 0:
		case r.time() == nil:
			out.NullTime++
		case !inRange(*r.time(), values, ev):
		case q.Clustered && k.unit != "" && k.cluster == "":
			return out, r.withoutCluster()
		case u == nil:
			out.UnmatchedUnit++
		case !slices.ContainsFunc(asking, func(v *datasets.Value) bool { return inWindow(v, u, *r.time()) }):
			out.OutsideWindow++
		default:
			out.Matched++
			matched[u] = append(matched[u], r)
		}
	}
	out.Activity = activity(len(q.Variants), e.units, matched)
	out.PerUnit = e.perUnit(matched)
	return out, nil
}

// perUnit is of the number of rows of what was randomised.
func (e *enrolment) perUnit(matched map[*unit][]row) []stats.Moments {
	out := make([]stats.Moments, len(e.query.Variants))
	for v := range out {
		var counts [][]float64
		for _, r := range e.randomised {
			if r.variant != v {
				continue
			}
			n := 0
			for _, u := range r.units {
				n += len(matched[u])
			}
			counts = append(counts, []float64{float64(n)})
		}
		out[v] = moments(counts)
	}
	return out
}

// inRange is the range of times in which rows are counted; it does not depend on the row's unit.
func inRange(at datasets.Instant, values []*datasets.Value, ev *datasets.Evidence) bool {
	if ev.Exposure.First == nil {
		return false
	}
	opens, closes := values[0].Window[0], values[0].Window[1]
	for _, v := range values {
		opens, closes = min(opens, v.Window[0]), max(closes, v.Window[1])
	}
	return at >= ev.Exposure.First.Add(opens) && at < min(*ev.AsOf, ev.Exposure.Last.Add(closes))
}

func inWindow(v *datasets.Value, u *unit, at datasets.Instant) bool {
	return at >= u.first.Add(v.Window[0]) && at < u.first.Add(v.Window[1])
}

// activity says when the given rows of each unit came, by variant.
func activity(variants int, units []*unit, rowsOf map[*unit][]row) []datasets.Activity {
	out := make([]datasets.Activity, variants)
	for v := range out {
		var ages []int
		for _, u := range units {
			if u.variant != v {
				continue
			}
			for _, r := range rowsOf[u] {
				at := r.time()
				ages = append(ages, at.Sub(u.first).Days())
				if out[v].Last == nil || *at > *out[v].Last {
					out[v].Last = at
				}
			}
		}
		if len(ages) == 0 {
			continue
		}
		out[v].FirstAge = slices.Min(ages)
		out[v].Ages = make([]int64, slices.Max(ages)-slices.Min(ages)+1)
		for _, age := range ages {
			out[v].Ages[age-out[v].FirstAge]++
		}
	}
	return out
}

// entry is what one unit's rows give to one value.
type entry struct {
	rows      []row        // that entered
	cells     []expr.Value // of rows, as the value's Column has them
	nullCells int64
	spared    bool // by a row that satisfies Unless
}

// takeValue computes value i of every unit and describes the rows that entered it.
func takeValue(q *datasets.Query, i int, d Data, units []*unit, asOf datasets.Instant) (datasets.ValueEvidence, error) {
	v := &q.Values[i]
	out := datasets.ValueEvidence{Name: v.Name}
	t, err := d.Find(v.Table)
	if err != nil {
		return out, err
	}
	rowsOf := map[key][]row{}
	for _, r := range t.rows() {
		if r.time() != nil && *r.time() < asOf {
			rowsOf[r.key(q)] = append(rowsOf[r.key(q)], r)
		}
	}
	entered := map[*unit][]row{}
	for _, u := range units {
		e, err := enter(v, u, rowsOf[u.key])
		if err != nil {
			return out, err
		}
		entered[u] = e.rows
		out.NullCells += e.nullCells
		if v.Take == datasets.Rows {
			u.rows[i] = e.numbers()
			continue
		}
		u.values[i] = e.value(v)
	}
	out.Activity = activity(len(q.Variants), units, entered)
	return out, nil
}

// enter selects the unit's rows that enter the value.
func enter(v *datasets.Value, u *unit, rows []row) (entry, error) {
	var e entry
	for _, r := range rows {
		if !inWindow(v, u, *r.time()) {
			continue
		}
		e.spared = e.spared || holds(v.Unless, r)
		if !v.Where.Holds(r.read) {
			continue
		}
		cell := expr.IntValue(1) // for Any and Count, which have no column
		if v.Column != nil {
			cell = v.Column.Eval(r.read)
		}
		switch {
		case cell.Null():
			e.nullCells++
		case cell.Type == expr.Number && !finite(cell.Number()):
			return e, r.fail(v.Column.String(), "%s of unit %q", cell, u.key.unit)
		default:
			e.rows = append(e.rows, r)
			e.cells = append(e.cells, cell)
		}
	}
	return e, nil
}

// readCells takes value i of every unit from its only row.
func readCells(v *datasets.Value, i int, units []*unit) error {
	for _, u := range units {
		r := u.only
		cell := v.Column.Eval(r.read)
		if cell.Null() || !finite(cell.Number()) {
			return r.fail(v.Column.String(), "%s of unit %q", cell, u.key.unit)
		}
		x := cell.Number()
		u.values[i] = &x
	}
	return nil
}
