package sourcetest

import (
	"cmp"
	"fmt"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// randomised is what was assigned a variant and is analysed: a unit, in a clustered query a cluster.
type randomised struct {
	key       string
	variant   int
	crossover bool
	first     datasets.Instant // not set in a unit table
	start     []row            // the rows at first exposure
	units     []*unit          // a single one unless it is a cluster
}

// unit is an analysed unit.
type unit struct {
	*randomised
	key    key
	first  datasets.Instant  // not set in a unit table
	only   row               // of a unit table
	values []*float64        // of Query.Values; nil: null, or Rows
	rows   map[int][]float64 // the rows of values with Rows
}

// enrolment finds the analysed units of a query and counts what is left out.
type enrolment struct {
	query *datasets.Query
	table *Table
	asOf  *datasets.Instant // nil in a unit table

	randomised []*randomised
	units      []*unit
	dropped    datasets.Dropped
	crossover  []int64
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
		if slices.Contains(e.query.Forced, key) {
			e.dropped.Forced++
			continue
		}
		units, rowsOfUnit := e.byUnit(rowsOf[key])
		e.dropped.RepeatedExposures += int64(len(rowsOf[key]) - len(units))
		r, tied := e.firstExposure(key, rowsOf[key])
		if tied {
			e.dropped.Tied++
			continue
		}
		if r.crossover {
			e.crossover[r.variant]++
			if e.query.Crossover == datasets.CrossoverDrop {
				continue
			}
		}
		for _, unit := range units {
			e.add(r, unit).first = earliest(rowsOfUnit[unit])
		}
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
		r := &randomised{key: key, variant: rowsOf[key][0].variant}
		units, rowsOfUnit := e.byUnit(rowsOf[key])
		for _, unit := range units {
			if rows := rowsOfUnit[unit]; len(rows) > 1 {
				return rows[1].fail(e.table.Spec.Unit, "unit %q is listed twice", unit)
			}
		}
		for _, row := range rowsOf[key] {
			if row.variant != r.variant {
				return row.fail(e.table.Spec.Variant, "cluster %q is listed with two variants", key)
			}
			r.start = append(r.start, row.row)
		}
		if slices.Contains(e.query.Forced, key) {
			e.dropped.Forced++
			continue
		}
		for _, unit := range units {
			e.add(r, unit).only = rowsOfUnit[unit][0].row
		}
	}
	return nil
}

// add takes in an analysed unit.
func (e *enrolment) add(r *randomised, k key) *unit {
	if len(r.units) == 0 {
		e.randomised = append(e.randomised, r)
	}
	u := &unit{randomised: r, key: k, values: make([]*float64, len(e.query.Values)), rows: map[int][]float64{}}
	r.units = append(r.units, u)
	e.units = append(e.units, u)
	return u
}

// byUnit groups the rows of what was randomised by unit.
func (e *enrolment) byUnit(rows []exposedRow) (units []key, rowsOf map[key][]exposedRow) {
	rowsOf = map[key][]exposedRow{}
	for _, r := range rows {
		k := r.key(e.query)
		if rowsOf[k] == nil {
			units = append(units, k)
		}
		rowsOf[k] = append(rowsOf[k], r)
	}
	return units, rowsOf
}

// judge drops and counts rows in the order that datasets.Dropped states, and groups the others by what was randomised.
func (e *enrolment) judge() (keys []string, rowsOf map[string][]exposedRow, err error) {
	rowsOf = map[string][]exposedRow{}
	for _, r := range e.table.rows() {
		if r.key(e.query).unit == "" {
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
		k := r.key(e.query).unit
		if e.table.Spec.Cluster != "" {
			if k, err = e.inCluster(r, rowsOf[k]); err != nil {
				return nil, nil, err
			}
		}
		if rowsOf[k] == nil {
			keys = append(keys, k)
		}
		rowsOf[k] = append(rowsOf[k], exposedRow{r, variant})
	}
	return keys, rowsOf, nil
}

// inCluster gives the key of what was randomised, given the rows of the same unit before it, where a table names clusters.
func (e *enrolment) inCluster(r row, before []exposedRow) (string, error) {
	switch {
	case r.cluster() == "":
		return "", r.withoutCluster()
	case e.query.Clustered:
		return r.cluster(), nil
	case len(before) > 0 && before[0].cluster() != r.cluster():
		return "", r.fail(e.table.Spec.Cluster, "a unit is seen in two clusters")
	}
	return r.key(e.query).unit, nil
}

func (e *enrolment) inSchedule(at datasets.Instant) bool {
	q := e.query
	return (q.Start == nil || at >= *q.Start) && (q.End == nil || at < *q.End) && at < *e.asOf
}

// firstExposure finds the earliest rows; what they expose is tied when they differ in their variant.
func (e *enrolment) firstExposure(key string, rows []exposedRow) (out *randomised, tied bool) {
	out = &randomised{key: key, first: earliest(rows), variant: -1}
	for _, r := range rows {
		if *r.time() != out.first {
			continue
		}
		if out.variant >= 0 && r.variant != out.variant {
			return nil, true
		}
		out.variant = r.variant
		out.start = append(out.start, r.row)
	}
	for _, r := range rows {
		if r.variant != out.variant {
			out.crossover = true
		}
	}
	return out, false
}

func earliest(rows []exposedRow) datasets.Instant {
	first := *rows[0].time()
	for _, r := range rows {
		first = min(first, *r.time())
	}
	return first
}

// exposure describes the analysed units.
func (e *enrolment) exposure() (datasets.Exposure, error) {
	out := datasets.Exposure{
		Units:      make([]int64, len(e.query.Variants)),
		Crossover:  e.crossover,
		Dropped:    e.dropped,
		Recomputed: recompute(e.query, e.randomised),
	}
	if e.query.Clustered {
		out.Clusters = []datasets.Cluster{}
	}
	slices.SortFunc(e.randomised, func(a, b *randomised) int {
		return cmp.Or(cmp.Compare(a.variant, b.variant), cmp.Compare(a.key, b.key))
	})
	for _, r := range e.randomised {
		out.Units[r.variant]++
		if e.query.Clustered {
			c := listed(e.query.Roster, r.key)
			c.Variant, c.Crossover, c.Units = r.variant, r.crossover, int64(len(r.units))
			out.Clusters = append(out.Clusters, c)
		}
	}
	out.Unexposed = unexposed(e.query, e.randomised)
	for _, name := range e.table.Spec.Attributes {
		out.Attributes = append(out.Attributes, countAttribute(name, e.randomised, len(e.query.Variants)))
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
	byHour := func() [][]int64 {
		hours := make([][]int64, len(e.query.Variants))
		for v := range hours {
			hours[v] = make([]int64, hourOf(last)-hourOf(first)+1)
		}
		return hours
	}
	out.Hours = byHour()
	for _, r := range e.randomised {
		out.Hours[r.variant][hourOf(r.first)-hourOf(first)]++
	}
	if e.query.Clustered {
		out.UnitHours = byHour()
		for _, u := range e.units {
			out.UnitHours[u.variant][hourOf(u.first)-hourOf(first)]++
		}
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

func countAttribute(name string, all []*randomised, variants int) datasets.Attribute {
	out := datasets.Attribute{Name: name, Units: make([][]int64, variants)}
	for _, r := range all {
		out.Values = append(out.Values, attributeAtStart(r, name))
	}
	slices.Sort(out.Values)
	out.Values = slices.Compact(out.Values)
	for v := range out.Units {
		out.Units[v] = make([]int64, len(out.Values))
	}
	for _, r := range all {
		out.Units[r.variant][slices.Index(out.Values, attributeAtStart(r, name))]++
	}
	return out
}

// attributeAtStart is the smallest text among the rows at first exposure, a null only when there is nothing else.
func attributeAtStart(of *randomised, name string) string {
	var texts []string
	for _, r := range of.start {
		if c := r.cell(name); !c.Null() {
			texts = append(texts, c.Plain())
		}
	}
	if len(texts) == 0 {
		return datasets.NoValue
	}
	return slices.Min(texts)
}

// holds reports whether a row satisfies a condition that is there; see Value.Unless.
func holds(condition *expr.Node, r row) bool {
	return condition != nil && condition.Holds(r.read)
}
