package sourcetest

import (
	"fmt"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// unit is an analysed unit.
type unit struct {
	key       string
	variant   int
	crossover bool
	first     datasets.Instant // not set in a unit table
	start     []row            // the rows at first exposure
	values    []*float64       // of Query.Values; nil: null
}

// enrolment finds the analysed units of a query and counts what is left out.
type enrolment struct {
	query *datasets.Query
	table *Table
	asOf  *datasets.Instant // nil in a unit table

	units     []*unit
	dropped   datasets.Dropped
	crossover []int64
}

// exposedRow is a row that exposes its unit.
type exposedRow struct {
	row
	variant int
}

// enrol finds the analysed units of an event log.
func (e *enrolment) enrol() error {
	keys, rowsOf, err := e.judge()
	if err != nil {
		return err
	}
	e.crossover = make([]int64, len(e.query.Variants))
	for _, key := range keys {
		rows := rowsOf[key]
		if slices.Contains(e.query.Forced, key) {
			e.dropped.Forced++
			continue
		}
		e.dropped.RepeatedExposures += int64(len(rows) - 1)
		u, tied := e.firstExposure(key, rows)
		if tied {
			e.dropped.Tied++
			continue
		}
		if u.crossover {
			e.crossover[u.variant]++
			if e.query.Crossover == datasets.CrossoverDrop {
				continue
			}
		}
		e.units = append(e.units, u)
	}
	return nil
}

// list finds the analysed units of a unit table.
func (e *enrolment) list() error {
	keys, rowsOf, err := e.judge()
	if err != nil {
		return err
	}
	e.crossover = make([]int64, len(e.query.Variants))
	for _, key := range keys {
		rows := rowsOf[key]
		if len(rows) > 1 {
			return rows[1].fail(e.table.Spec.Unit, "unit %q is listed twice", key)
		}
		if slices.Contains(e.query.Forced, key) {
			e.dropped.Forced++
			continue
		}
		e.units = append(e.units, e.newUnit(key, rows[0].variant, []row{rows[0].row}))
	}
	return nil
}

// judge drops and counts rows in the order that datasets.Dropped states, and groups the others by unit.
func (e *enrolment) judge() (keys []string, rowsOf map[string][]exposedRow, err error) {
	rowsOf = map[string][]exposedRow{}
	for _, r := range e.table.rows() {
		if r.key() == "" {
			e.dropped.NullUnit++
			continue
		}
		name := r.cell(e.table.Spec.Variant)
		variant := slices.Index(e.query.Variants, name.Plain())
		ignored := slices.Contains(e.query.IgnoreVariants, name.Plain())
		if name.Null() || variant < 0 && !ignored {
			return nil, nil, r.fail(e.table.Spec.Variant, "variant %s is not declared", name)
		}
		if ignored {
			e.dropped.IgnoredVariants++
			continue
		}
		if e.asOf != nil {
			at := r.time()
			if at == nil {
				return nil, nil, r.fail(e.table.Spec.Time, "an exposure without a time")
			}
			if !e.inSchedule(*at) {
				e.dropped.OutsideSchedule++
				continue
			}
		}
		if rowsOf[r.key()] == nil {
			keys = append(keys, r.key())
		}
		rowsOf[r.key()] = append(rowsOf[r.key()], exposedRow{r, variant})
	}
	return keys, rowsOf, nil
}

func (e *enrolment) inSchedule(at datasets.Instant) bool {
	q := e.query
	return (q.Start == nil || at >= *q.Start) && (q.End == nil || at < *q.End) && at < *e.asOf
}

// firstExposure finds the earliest of a unit's rows; the unit is tied when those at that time differ in their variant.
func (e *enrolment) firstExposure(key string, rows []exposedRow) (u *unit, tied bool) {
	first := *rows[0].time()
	for _, r := range rows {
		first = min(first, *r.time())
	}
	var earliest []exposedRow
	for _, r := range rows {
		if *r.time() == first {
			earliest = append(earliest, r)
		}
	}
	u = e.newUnit(key, earliest[0].variant, nil)
	u.first = first
	for _, r := range earliest {
		u.start = append(u.start, r.row)
		if r.variant != u.variant {
			return nil, true
		}
	}
	for _, r := range rows {
		if r.variant != u.variant {
			u.crossover = true
		}
	}
	return u, false
}

func (e *enrolment) newUnit(key string, variant int, start []row) *unit {
	return &unit{key: key, variant: variant, start: start, values: make([]*float64, len(e.query.Values))}
}

// exposure describes the analysed units.
func (e *enrolment) exposure() (datasets.Exposure, error) {
	out := datasets.Exposure{
		Units:      make([]int64, len(e.query.Variants)),
		Crossover:  e.crossover,
		Dropped:    e.dropped,
		Recomputed: recompute(e.query, e.units),
	}
	for _, u := range e.units {
		out.Units[u.variant]++
	}
	for _, name := range e.table.Spec.Attributes {
		out.Attributes = append(out.Attributes, countAttribute(name, e.units, len(e.query.Variants)))
	}
	if e.asOf == nil || len(e.units) == 0 {
		return out, nil
	}
	return out, e.addTimes(&out)
}

func (e *enrolment) addTimes(out *datasets.Exposure) error {
	first, last := e.units[0].first, e.units[0].first
	for _, u := range e.units {
		first, last = min(first, u.first), max(last, u.first)
	}
	if last.Sub(first) > datasets.MaxEnrolment {
		return &datasets.DataError{File: e.table.Spec.Name, Err: fmt.Errorf("exposures from %v to %v", first, last)}
	}
	out.First, out.Last = &first, &last
	out.FirstHour = datasets.Instant(hourOf(first) * int64(datasets.Hour))
	out.Hours = make([][]int64, len(e.query.Variants))
	for v := range out.Hours {
		out.Hours[v] = make([]int64, hourOf(last)-hourOf(first)+1)
	}
	for _, u := range e.units {
		out.Hours[u.variant][hourOf(u.first)-hourOf(first)]++
	}
	return nil
}

// hourOf counts full hours since 1970, rounding down.
func hourOf(at datasets.Instant) int64 {
	hour := int64(at) / int64(datasets.Hour)
	if int64(at)%int64(datasets.Hour) < 0 {
		hour--
	}
	return hour
}

func countAttribute(name string, units []*unit, variants int) datasets.Attribute {
	out := datasets.Attribute{Name: name, Units: make([][]int64, variants)}
	for _, u := range units {
		out.Values = append(out.Values, attributeAtStart(u, name))
	}
	slices.Sort(out.Values)
	out.Values = slices.Compact(out.Values)
	for v := range out.Units {
		out.Units[v] = make([]int64, len(out.Values))
	}
	for _, u := range units {
		out.Units[u.variant][slices.Index(out.Values, attributeAtStart(u, name))]++
	}
	return out
}

// attributeAtStart is the smallest text among the unit's rows at first exposure, a null only when there is nothing else.
func attributeAtStart(u *unit, name string) string {
	var texts []string
	for _, r := range u.start {
		if c := r.cell(name); !c.Null() {
			texts = append(texts, c.Plain())
		}
	}
	if len(texts) == 0 {
		return datasets.NoValue
	}
	return slices.Min(texts)
}

func recompute(q *datasets.Query, units []*unit) datasets.Recomputed {
	var out datasets.Recomputed
	if q.Plan == nil {
		return out
	}
	for _, u := range units {
		if u.crossover {
			continue
		}
		out.Compared++
		switch q.Plan.Assign(u.key).Variant {
		case u.variant:
		case -1:
			out.Excluded++
		default:
			out.Moved++
		}
	}
	return out
}

// holds reports whether a row satisfies a condition that is there; see Value.Unless.
func holds(condition *expr.Node, r row) bool {
	return condition != nil && condition.Holds(r.read)
}
