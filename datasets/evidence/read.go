package evidence

import (
	"fmt"
	"slices"

	"liftgate/datasets"
	"liftgate/stats"
)

// Read reads what [Write] wrote. It fails when a file is missing or damaged, or when the files do not fit each other.
func Read(dir string) (*datasets.Evidence, error) {
	there, err := checkSums(dir, tables)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	r := reader{dir: dir, there: there}
	return r.read()
}

// ReadCut reads what [datasets.Evidence.Cut] of c needs, and nothing else, whatever the day, if there is one: tables of moments in Views hold only the rows of its age, in a
// metric of which Total has none those of age 0, and so do those of sketches, which hold only the cells of its segments; Running, Cohorts and BlockEvidence.Clusters are nil. It reads, and
// compares with their sums, only parts of the largest files.
func ReadCut(dir string, c datasets.Cut) (*datasets.Evidence, error) {
	there, err := checkSums(dir, slices.DeleteFunc(slices.Clone(tables), func(table string) bool {
		return table == viewMomentsTable || table == viewSketchesTable || table == clusterMomentsTable
	}))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	r := reader{dir: dir, there: there, only: &c}
	return r.read()
}

func (r *reader) read() (*datasets.Evidence, error) {
	r.summary()
	r.exposure()
	r.attributes()
	r.events()
	r.values()
	r.blocks()
	r.activity()
	r.moments()
	r.clusters()
	r.unexposed()
	r.quantiles()
	r.checkBlocks()
	r.views()
	if r.err != nil {
		return nil, r.err
	}
	return &r.ev, nil
}

// reader puts an evidence together, file by file; the first error ends it.
type reader struct {
	dir   string
	there map[string]bool // tables that have a file
	ev    datasets.Evidence
	err   error
	only  *datasets.Cut // that is to be read; nil for everything

	balanced int // numbers of a cluster that a design balanced, as far as any were seen
}

func (r *reader) failf(table, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("evidence: %s: %s", table+extension, fmt.Sprintf(format, args...))
	}
}

// rowsOf reads a file unless something failed before.
func rowsOf[T any](r *reader, table string) []T {
	if r.err != nil {
		return nil
	}
	rows, err := readTable[T](r.dir, table)
	r.err = err
	return rows
}

func (r *reader) summary() {
	rows := rowsOf[summaryRow](r, summaryTable)
	if len(rows) != 1 {
		r.failf(summaryTable, "it has %d rows, want 1", len(rows))
		return
	}
	s := rows[0]
	if len(s.Variants) == 0 {
		r.failf(summaryTable, "it names no variants")
	}
	r.ev.Variants, r.ev.AsOf, r.ev.Warnings = s.Variants, s.AsOf, s.Warnings
	x := &r.ev.Exposure
	x.First, x.Last, x.FirstHour = s.First, s.Last, s.FirstHour
	x.Dropped = datasets.Dropped{
		RepeatedExposures: s.RepeatedExposures, OutsideSchedule: s.OutsideSchedule, Tied: s.Tied,
		Forced: s.Forced, IgnoredVariants: s.IgnoredVariants, NullUnit: s.NullUnit,
	}
	x.Recomputed = datasets.Recomputed{Compared: s.Compared, Moved: s.Moved, Excluded: s.Excluded}
	for _, name := range s.Attributes {
		x.Attributes = append(x.Attributes, datasets.Attribute{Name: name, Units: make([][]int64, len(s.Variants))})
	}
}

func (r *reader) exposure() {
	rows := rowsOf[exposureRow](r, exposureTable)
	r.inVariants(exposureTable, len(rows), func(i int) string { return rows[i].Variant })
	for _, row := range rows {
		x := &r.ev.Exposure
		x.Units = append(x.Units, row.Units)
		x.Crossover = append(x.Crossover, row.Crossover)
		if x.First != nil {
			x.Hours = append(x.Hours, row.Hours)
		}
		if len(row.UnitHours) > 0 {
			x.UnitHours = append(x.UnitHours, row.UnitHours)
		}
	}
}

// inVariants checks that n rows are of the variants, one each, in their order.
func (r *reader) inVariants(table string, n int, variant func(i int) string) bool {
	if r.err == nil && n != len(r.ev.Variants) {
		r.failf(table, "%d rows of variants, want %d", n, len(r.ev.Variants))
	}
	for i := 0; r.err == nil && i < n; i++ {
		if got := variant(i); got != r.ev.Variants[i] {
			r.failf(table, "variant %q where %q belongs", got, r.ev.Variants[i])
		}
	}
	return r.err == nil
}

func (r *reader) attributes() {
	rows := rowsOf[attributeRow](r, attributesTable)
	for i := range r.ev.Exposure.Attributes {
		a := &r.ev.Exposure.Attributes[i]
		for len(rows) > 0 && rows[0].Attribute == a.Name {
			n := min(len(rows), len(r.ev.Variants))
			if !r.inVariants(attributesTable, n, func(v int) string { return rows[v].Variant }) {
				return
			}
			a.Values = append(a.Values, rows[0].Value)
			for v := range n {
				if rows[v].Attribute != a.Name || rows[v].Value != rows[0].Value {
					r.failf(attributesTable, "%s = %q lacks variants", a.Name, rows[0].Value)
				}
				a.Units[v] = append(a.Units[v], rows[v].Units)
			}
			rows = rows[n:]
		}
	}
	if len(rows) > 0 {
		r.failf(attributesTable, "attribute %q out of its place", rows[0].Attribute)
	}
}

func (r *reader) events() {
	for _, e := range rowsOf[eventsRow](r, eventsTable) {
		r.ev.Events = append(r.ev.Events, datasets.EventEvidence{
			Table: e.Table, CompleteThrough: e.CompleteThrough,
			Matched: e.Matched, UnmatchedUnit: e.UnmatchedUnit, OutsideWindow: e.OutsideWindow, NullTime: e.NullTime,
		})
	}
}

func (r *reader) values() {
	for _, v := range rowsOf[valueRow](r, valuesTable) {
		r.ev.Values = append(r.ev.Values, datasets.ValueEvidence{Name: v.Name, NullCells: v.NullCells})
	}
}

func (r *reader) blocks() {
	for _, b := range rowsOf[blockRow](r, blocksTable) {
		r.ev.Blocks = append(r.ev.Blocks, datasets.BlockEvidence{
			Metric: b.Metric, Failed: b.Failed, Components: b.Components, Top: b.Top,
			CapLower: b.CapLower, CapUpper: b.CapUpper, Capped: b.Capped, Positive: b.Positive,
		})
	}
	left := rowsOf[leftOutRow](r, leftOutTable)
	for i := range r.ev.Blocks {
		b := &r.ev.Blocks[i]
		rows := take(&left, func(l leftOutRow) bool { return l.Block == int64(i) })
		r.inVariants(leftOutTable, len(rows), func(v int) string { return rows[v].Variant })
		for _, row := range rows {
			b.Incomplete = append(b.Incomplete, row.Incomplete)
			b.Null = append(b.Null, row.Null)
		}
	}
	r.allTaken(leftOutTable, len(left))
}

// take removes from the front the rows that belong together.
func take[T any](rows *[]T, belongs func(T) bool) []T {
	n := slices.IndexFunc(*rows, func(row T) bool { return !belongs(row) })
	if n < 0 {
		n = len(*rows)
	}
	out := (*rows)[:n]
	*rows = (*rows)[n:]
	return out
}

func (r *reader) allTaken(table string, left int) {
	if left > 0 {
		r.failf(table, "%d rows out of their place", left)
	}
}

func (r *reader) activity() {
	all := rowsOf[activityRow](r, activityTable)
	next := func(of string, number int) []datasets.Activity {
		rows := take(&all, func(a activityRow) bool { return a.Of == of && a.Number == int64(number) })
		if len(rows) == 0 || !r.inVariants(activityTable, len(rows), func(v int) string { return rows[v].Variant }) {
			return nil
		}
		out := make([]datasets.Activity, len(rows))
		for v, row := range rows {
			out[v] = datasets.Activity{FirstAge: int(row.FirstAge), Ages: row.Ages, Last: row.Last}
		}
		return out
	}
	for i := range r.ev.Events {
		r.ev.Events[i].Activity = next(ofEvents, i)
	}
	for i := range r.ev.Values {
		r.ev.Values[i].Activity = next(ofValue, i)
	}
	r.allTaken(activityTable, len(all))
}

func (r *reader) moments() {
	all := rowsOf[momentsRow](r, momentsTable)
	next := func(of string, number int, s sample) []momentsRow {
		rows := take(&all, func(m momentsRow) bool { return m.Of == of && m.Number == int64(number) && m.Sample == s.name })
		if len(rows) == 0 || !r.inVariants(momentsTable, len(rows), func(v int) string { return rows[v].Variant }) {
			return nil
		}
		return rows
	}
	for i := range r.ev.Blocks {
		b := &r.ev.Blocks[i]
		for _, s := range samples {
			rows := next(ofBlock, i, s)
			*s.of(b) = r.momentsIn(rows, len(b.Components))
			if s.skewness != nil {
				*s.skewness(b) = r.skewness(rows)
			}
		}
	}
	for i := range r.ev.Events {
		r.ev.Events[i].PerUnit = r.momentsIn(next(ofEvents, i, samples[0]), 1)
	}
	r.allTaken(momentsTable, len(all))
}

func (r *reader) momentsIn(rows []momentsRow, dim int) []stats.Moments {
	var out []stats.Moments
	for _, row := range rows {
		out = append(out, stats.Moments{N: row.N, Means: row.Means, Cross: row.Cross})
	}
	r.checkMoments(momentsTable, out, dim)
	return out
}

// skewness is nil in files from before there was such a column, uncapped also in those from when only totals had one: not known.
func (r *reader) skewness(rows []momentsRow) []float64 {
	var out []float64
	for _, row := range rows {
		if row.Skewness != nil {
			out = append(out, *row.Skewness)
		}
	}
	if len(out) != 0 && len(out) != len(rows) {
		r.failf(momentsTable, "metric %q has skewness in some variants of %s only", rows[0].Name, rows[0].Sample)
	}
	return out
}

// checkMoments checks the lengths, on which package stats relies.
func (r *reader) checkMoments(table string, moments []stats.Moments, dim int) {
	for _, m := range moments {
		want := dim
		if m.N == 0 {
			want = len(m.Means)
		}
		if m.N < 0 || len(m.Means) != want || len(m.Cross) != want*(want+1)/2 {
			r.failf(table, "%d units with %d means and %d cross products, want %d components", m.N, len(m.Means), len(m.Cross), dim)
		}
	}
}
