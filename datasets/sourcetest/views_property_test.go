package sourcetest

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/stats"
)

// The views of a cell, day and age are the evidence of a query made by hand: of the run's own units in the cell, with the rows before the
// end of the day, windows cut off by the age, and the limits of the run as numbers.
func TestViewsAreTheEvidenceOfRestrictedData(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := randomViews.Draw(rt, "case")
		ev, err := Reference(c.query, c.data)
		if err != nil || len(ev.Views.Cells) == 0 || c.query.Units == nil && len(ev.Views.Days) == 0 {
			return
		}
		d := draw{T: rt}
		units := analysed(rt, c)
		for range 8 {
			r := restriction{T: rt, drawn: c, whole: ev, views: ev.Views, cell: d.below(len(ev.Views.Cells)), units: units}
			if c.query.Units == nil {
				r.day, r.age = d.below(len(ev.Views.Days)), d.below(12)
			}
			r.check()
		}
	})
}

// analysed are the analysed units of a case with their values.
func analysed(t fataler, c drawn) []*unit {
	log := enrolment{query: c.query, table: c.data.Tables[0]}
	if c.query.Units != nil {
		if err := log.list(); err != nil {
			t.Fatalf("%v", err)
		}
		for i := range c.query.Values {
			if err := readCells(&c.query.Values[i], i, log.units); err != nil {
				t.Fatalf("%v", err)
			}
		}
		return log.units
	}
	cut, err := asOf(c.query, c.data)
	if err != nil {
		t.Fatalf("%v", err)
	}
	log.asOf = &cut
	if err := log.enrol(); err != nil {
		t.Fatalf("%v", err)
	}
	for i := range c.query.Values {
		if _, err := takeValue(c.query, i, c.data, log.units, cut); err != nil {
			t.Fatalf("%v", err)
		}
	}
	return log.units
}

// restriction is a cell, a day and an age of a case.
type restriction struct {
	*rapid.T
	drawn
	whole          *datasets.Evidence
	views          *datasets.ViewEvidence
	cell, day, age int
	units          []*unit
}

func (r restriction) check() {
	for i := range r.whole.Blocks {
		switch {
		case r.whole.Blocks[i].Failed != "":
		case r.whole.Blocks[i].Quantiles != nil:
			r.checkQuantiles(i)
		default:
			r.checkSamples(i)
			r.checkRunning(i)
		}
	}
}

// inCell reports whether a unit has the values of the cell.
func (r restriction) inCell(u *unit) bool {
	for s, at := range r.views.Cells[r.cell] {
		values := r.views.Segments[s].Values
		if at >= 0 && attributeAtStart(u.randomised, r.views.Segments[s].Name) != values[at] { // there are too few values for others
			return false
		}
	}
	return true
}

// by asks the reference about the units that are kept, by the end of the day.
func (r restriction) by(keep func(*unit) bool, change func(*datasets.Query, Data)) *datasets.Evidence {
	q := *r.query
	q.Views, q.Plan, q.Roster, q.Eligible, q.Crossover = nil, nil, nil, nil, datasets.CrossoverFirst
	if len(r.views.Days) > 0 {
		q.AsOf = &r.views.Days[r.day]
	}
	q.Values, q.Blocks = slices.Clone(q.Values), slices.Clone(q.Blocks)
	for i := range q.Values {
		v := &q.Values[i]
		if r.age > 0 {
			v.Window[1] = min(v.Window[1], datasets.Span(r.age)*datasets.Day)
		}
		if v.Nulls == datasets.NullsError {
			v.Nulls = datasets.NullsDrop
		}
	}
	for i := range q.Blocks {
		b := &q.Blocks[i]
		b.Binary = false
		if b.Cap != nil {
			b.Cap = &datasets.Cap{Lower: frozen(r.whole.Blocks[i].CapLower), Upper: frozen(r.whole.Blocks[i].CapUpper)}
		}
	}
	kept := map[key]bool{}
	for _, u := range r.units {
		kept[u.key] = keep(u)
	}
	d := Data{Tables: slices.Clone(r.data.Tables)}
	d.filter(0, func(row row) bool { return kept[row.key(&q)] })
	if change != nil {
		change(&q, d)
	}
	ev, err := Reference(&q, d)
	if err != nil {
		r.Fatalf("the restricted query: %v", err)
	}
	return ev
}

func (d Data) filter(table int, keep func(row) bool) {
	t := *d.Tables[table]
	t.Rows = nil
	for _, row := range d.Tables[table].rows() {
		if keep(row) {
			t.Rows = append(t.Rows, row.cells)
		}
	}
	d.Tables[table] = &t
}

func frozen(x *float64) *datasets.Limit {
	if x == nil {
		return nil
	}
	return &datasets.Limit{Absolute: x}
}

// ageOf is the age at which a block is compared: the whole windows where it has no rows of the age.
func (r restriction) ageOf(block int) int {
	age := 0
	b := r.query.Blocks[block]
	for _, i := range slices.Concat(b.Parts, b.Covariates) {
		if datasets.Span(r.age)*datasets.Day < r.query.Values[i].Window[1] {
			age = r.age
		}
	}
	return age
}

func (r restriction) checkSamples(i int) {
	r.age = r.ageOf(i)
	if r.query.Clustered && r.age > 0 {
		r.day = len(r.views.Days) - 1
	}
	whole := &r.whole.Blocks[i]
	b := blockViewing{indexes: slices.Concat(r.query.Blocks[i].Parts, r.query.Blocks[i].Covariates)}
	all := r.by(r.inCell, nil)
	for _, s := range r.views.Blocks[i].Samples {
		got, null := r.merged(s)
		var want datasets.BlockEvidence
		switch {
		case s.Sample == datasets.Total:
			want = all.Blocks[i]
			r.checkExposed(all, i, got, null)
		case s.Sample == datasets.Uncapped:
			want = all.Blocks[i]
			want.Total, want.Skewness = want.Uncapped, want.UncappedSkewness
		case r.age > 0:
			if len(byRow(tableOf(s, r.age)).Rows) > 0 && !r.query.Clustered && slices.Max(s.Units.Age) > 0 {
				r.Fatalf("%s has ages", s.Sample)
			}
			continue
		case s.Sample == datasets.WithoutCrossover:
			want = r.by(func(u *unit) bool { return r.inCell(u) && !u.crossover }, nil).Blocks[i]
		case s.Sample == datasets.WithoutTop:
			want = r.by(func(u *unit) bool {
				x := b.vector(u)
				return r.inCell(u) && (x == nil || inside(whole, x)[0] <= whole.Top)
			}, nil).Blocks[i]
		}
		for v := range want.Total {
			if !sameMoments(want.Total[v], got[v].Moments) {
				r.Fatalf("block %d, %s, cell %d, day %d, age %d, variant %d:\n%+v\nwant\n%+v", i, s.Sample, r.cell, r.day, r.age, v, got[v], want.Total[v])
			}
			if skewness := got[v].skewness(); want.Skewness[v] != 0 && skewness != 0 && !near(want.Skewness[v], skewness, 1+math.Abs(skewness), 1e-6) {
				r.Fatalf("block %d, %s, cell %d, day %d, age %d, variant %d: skewness %v, want %v", i, s.Sample, r.cell, r.day, r.age, v, skewness, want.Skewness[v])
			}
		}
		if !slices.Equal(null, want.Null) {
			r.Fatalf("block %d, %s: null %v, want %v", i, s.Sample, null, want.Null)
		}
	}
}

// checkExposed compares who was exposed by the day.
func (r restriction) checkExposed(want *datasets.Evidence, block int, got []rowsMerged, null []int64) {
	units, analysis := make([]int64, len(r.whole.Variants)), make([]int64, len(r.whole.Variants))
	for _, x := range r.views.Exposed {
		if x.Cell == r.cell && x.Day <= r.day {
			units[x.Variant] += x.Units
			analysis[x.Variant] += x.AnalysisUnits
		}
	}
	if !slices.Equal(units, want.Exposure.Units) {
		r.Fatalf("units %v, want %v", units, want.Exposure.Units)
	}
	for v := range analysis {
		if incomplete := analysis[v] - got[v].N - null[v]; incomplete != want.Blocks[block].Incomplete[v] {
			r.Fatalf("block %d: %d incomplete of variant %d, want %d", block, incomplete, v, want.Blocks[block].Incomplete[v])
		}
	}
}

func (r restriction) checkRunning(i int) {
	t := r.views.Blocks[i].Running
	if t == nil {
		if !r.query.Clustered && r.query.Units == nil {
			r.Fatalf("block %d has no running totals", i)
		}
		return
	}
	r.age = 0
	end := r.views.Days[r.day]
	want := r.by(r.inCell, func(q *datasets.Query, d Data) {
		for at := range d.Tables {
			d.filter(at, func(row row) bool { return row.time() == nil || *row.time() < end })
		}
		later := end.Add(1000 * datasets.Day)
		q.AsOf = &later
	}).Blocks[i]
	got, null := make([]rowsMerged, len(r.whole.Variants)), make([]int64, len(r.whole.Variants))
	for _, row := range byRow(t).Rows {
		if row.Place.day == r.day && row.Place.cell == r.cell {
			got[row.Place.variant].merge(row)
			null[row.Place.variant] += row.Null
		}
	}
	for v := range want.Total {
		if !sameMoments(want.Total[v], got[v].Moments) || null[v] != want.Null[v] {
			r.Fatalf("block %d running, cell %d, day %d, variant %d: %+v, %d null, want %+v, %d null", i, r.cell, r.day, v, got[v], null[v], want.Total[v], want.Null[v])
		}
	}
}

func (r restriction) checkQuantiles(i int) {
	at := 0
	for s, segment := range r.views.Segments {
		for value, text := range segment.Values {
			got := r.views.Blocks[i].Quantiles[at]
			at++
			r.day, r.age = max(len(r.views.Days)-1, 0), 0
			want := r.by(func(u *unit) bool { return attributeAtStart(u.randomised, segment.Name) == text }, nil).Blocks[i]
			if got.Segment != s || got.Value != value {
				r.Fatalf("quantiles of value %d of segment %d, want %d of %d", got.Value, got.Segment, value, s)
			}
			if diff := cmp.Diff(want.Quantiles, got.Quantiles, comparing()); diff != "" {
				r.Fatalf("quantiles of %s = %s (-want +got):\n%s", segment.Name, text, diff)
			}
			if !slices.Equal(got.Incomplete, want.Incomplete) || !slices.Equal(got.Null, want.Null) {
				r.Fatalf("quantiles of %s = %s: %v incomplete, %v null, want %v and %v", segment.Name, text, got.Incomplete, got.Null, want.Incomplete, want.Null)
			}
		}
	}
	if at != len(r.views.Blocks[i].Quantiles) {
		r.Fatalf("%d quantiles, want %d", len(r.views.Blocks[i].Quantiles), at)
	}
}

// rowsMerged are the moments of several rows.
type rowsMerged struct {
	stats.Moments
	Third []float64
}

// merge takes in a row, its third moments moved to the mean of both.
func (m *rowsMerged) merge(row viewRow) {
	if row.Moments.N == 0 {
		return
	}
	merged := m.Moments
	merged.Means, merged.Cross = slices.Clone(merged.Means), slices.Clone(merged.Cross)
	merged.Merge(&row.Moments)
	third := make([]float64, len(row.Third))
	for _, of := range []viewRow{{Moments: m.Moments, Third: m.Third}, row} {
		if of.Moments.N == 0 {
			continue
		}
		for i, p := range thirdPowers(map[int]int{1: 1, 4: 2}[len(third)]) {
			third[i] += moved(of, p, merged.Means)
		}
	}
	m.Moments, m.Third = merged, third
}

func moved(of viewRow, p [3]int, to []float64) float64 {
	n := float64(of.Moments.N)
	gap := func(i int) float64 { return of.Moments.Means[p[i]] - to[p[i]] }
	cross := func(i, j int) float64 { return of.Moments.Cov(p[i], p[j]) * (n - 1) }
	at := map[[3]int]int{{0, 0, 0}: 0, {0, 0, 1}: 1, {0, 1, 1}: 2, {1, 1, 1}: 3}[p]
	return of.Third[at] + gap(0)*cross(1, 2) + gap(1)*cross(0, 2) + gap(2)*cross(0, 1) + n*gap(0)*gap(1)*gap(2)
}

// skewness is BlockEvidence.Skewness.
func (m rowsMerged) skewness() float64 {
	if m.N == 0 {
		return 0
	}
	n := float64(m.N)
	second, third, size := m.Cov(0, 0)*(n-1)/n, m.Third[0]/n, math.Sqrt(m.Means[0]*m.Means[0]+m.Cov(0, 0)*(n-1)/n)
	if len(m.Third) == 4 {
		ratio := m.Means[0] / m.Means[1]
		second += -2*ratio*m.Cov(0, 1)*(n-1)/n + ratio*ratio*m.Cov(1, 1)*(n-1)/n
		third += (-3*ratio*m.Third[1] + 3*ratio*ratio*m.Third[2] - ratio*ratio*ratio*m.Third[3]) / n
		size += math.Abs(ratio) * math.Sqrt(m.Means[1]*m.Means[1]+m.Cov(1, 1)*(n-1)/n)
	}
	if x := third / math.Pow(second, 1.5); second > 0 && math.Sqrt(second) > 1e-12*size && finite(x) {
		return x
	}
	return 0
}

// tableOf is the table that holds the rows of an age; without one, an empty table.
func tableOf(s datasets.SampleViews, age int) *datasets.MomentTable {
	t := s.Units
	switch {
	case t == nil && age == 0:
		t = s.ByDay
	case t == nil:
		t = s.ByAge
	}
	if t == nil {
		t = &datasets.MomentTable{}
	}
	return t
}

// clusterInCell reports whether a cluster has the values of the cell.
func (r restriction) clusterInCell(cluster int) bool {
	for s, at := range r.views.Cells[r.cell] {
		if at >= 0 && r.whole.Exposure.Clusters[cluster].Segments[s] != at {
			return false
		}
	}
	return true
}

// merged are the rows of a sample up to the day, in the cell, by variant.
func (r restriction) merged(s datasets.SampleViews) (rows []rowsMerged, null []int64) {
	rows, null = make([]rowsMerged, len(r.whole.Variants)), make([]int64, len(r.whole.Variants))
	for _, row := range byRow(tableOf(s, r.age)).Rows {
		p := row.Place
		inside := p.cell == r.cell
		if r.query.Clustered {
			inside = r.clusterInCell(p.cell)
		}
		if inside && p.age == r.age && p.day <= r.day {
			rows[p.variant].merge(row)
			null[p.variant] += row.Null
		}
	}
	return rows, null
}
