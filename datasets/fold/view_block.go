package fold

import (
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/internal/parallel"
	"liftgate/stats/skewed"
)

// viewBlock is one block while its views are taken.
type viewBlock struct {
	*views
	block    *block
	powers   skewed.Powers
	center   []float64 // that is taken off components before their powers are summed
	schedule *schedule
	days     int  // 1 in a unit table
	alone    bool // there are too many rows: ages are kept in no cell
}

// add takes in a block that was measured: its columns are capped by now.
func (v *views) add(b *block) error {
	if v == nil {
		return nil
	}
	var out datasets.BlockViews
	var err error
	switch {
	case b.out.Failed != "":
	case b.spec.Quantile != nil:
		if len(v.out.Segments) > 0 {
			b.spread()
		}
		if out.Quantiles, err = v.quantiles(b); err == nil {
			out.Sketches = v.sketches(b)
		}
	case v.stacked():
		out = v.stack(b)
	default:
		b.spread()
		out = v.newBlock(b).measure()
	}
	v.out.Blocks = append(v.out.Blocks, out)
	return err
}

func (v *views) newBlock(b *block) *viewBlock {
	w := &viewBlock{
		views: v, block: b,
		powers:   b.powers(),
		schedule: newSchedule(v.cohorts, v.calendar, b.window),
		days:     max(1, len(v.calendar.ends)),
	}
	w.powers.Whole = w.wholeSums()
	w.center = make([]float64, w.powers.Dim)
	if !w.powers.Whole {
		w.findCenter()
	}
	w.alone = w.tooMany()
	return w
}

// wholeSums reports whether components are counts that are small enough for sums of their powers to be exact.
func (w *viewBlock) wholeSums() bool {
	if w.lineOf == nil || w.block.spec.Cap != nil {
		return false
	}
	most, units := 1.0, 0.0
	for _, m := range w.fold.parts {
		units += float64(m.Bounds[len(m.Bounds)-1])
		for _, c := range w.block.components {
			switch rows := w.lineOf[c].Rows; {
			case !slices.Contains([]datasets.Take{datasets.Any, datasets.Count, datasets.Distinct}, w.query.Values[c].Take):
				return false
			case rows >= 0:
				most = max(most, float64(m.Lines[rows].Most))
			case len(m.Values[c]) > 0:
				most = max(most, slices.Max(m.Values[c]))
			}
		}
		m.Release()
	}
	return units*most*most*most <= 1<<52
}

func (w *viewBlock) centred() bool {
	return slices.ContainsFunc(w.center, func(c float64) bool { return c != 0 })
}

// tooMany reports whether Units, or ByAge, would have too many rows with all ages in all cells.
func (w *viewBlock) tooMany() bool {
	most := 0
	for _, slabs := range w.slabs {
		most += len(slabs) * (w.schedule.ages + 1)
	}
	if most <= datasets.MaxViewRows {
		return false
	}
	seen, rows := map[viewSlab]bool{}, map[viewRowPlace]bool{}
	for set, slabs := range w.slabs {
		for _, s := range slabs {
			own := viewSlab{variant: s.variant, cell: w.cellOf(set, s.cell), class: w.schedule.class[s.cohort]}
			if seen[own] {
				continue
			}
			seen[own] = true
			for age, day := range w.schedule.closed[own.class] {
				if day >= 0 && (age > 0 || !w.query.Clustered) {
					rows[viewRowPlace{int32(age), w.dayAt(age, day), own.cell, own.variant}] = true
				}
			}
			if len(rows) > datasets.MaxViewRows {
				return true
			}
		}
	}
	return false
}

// cellOf is the cell of a slab of a set, in a clustered query the place of its cluster.
func (w *viewBlock) cellOf(set int, cell int32) int32 {
	if w.query.Clustered {
		return w.places[set][cell]
	}
	return cell
}

// dayAt is the day by which units that became complete on a day are counted.
func (w *viewBlock) dayAt(age int, day int32) int32 {
	if w.query.Clustered && age > 0 {
		return int32(w.days) - 1
	}
	return day
}

// viewSums is what is added up of a block.
type viewSums struct {
	slabs           *blockSlabs
	whole, uncapped *powerTable // by slab and stratum; uncapped is nil without a cap
	past            *past       // nil where nothing is asked of it
}

// sum goes through the units of a group.
func (w *viewBlock) sum(g int, slabs *blockSlabs) *viewSums {
	out := &viewSums{slabs: slabs, whole: w.whole(g, slabs, true)}
	if w.block.out.Uncapped != nil {
		out.uncapped = w.whole(g, slabs, false)
	}
	if w.asOf != nil && !(w.query.Clustered && w.schedule.ages == 0) {
		out.past = newPast(w, slabs)
		out.past.follow(g)
	}
	return out
}

func (s *viewSums) merge(o *viewSums) {
	s.whole.merge(o.whole)
	s.uncapped.merge(o.uncapped)
	if s.past != nil {
		s.past.merge(o.past)
	}
}

// viewRows are the rows of the tables of a block.
type viewRows struct {
	whole, ages      map[datasets.Sample][]viewRow
	running, cohorts []viewRow
}

func (w *viewBlock) rows(s *viewSums) viewRows {
	out := viewRows{whole: map[datasets.Sample][]viewRow{}, ages: map[datasets.Sample][]viewRow{}}
	if w.sparse() {
		for _, t := range []*powerTable{s.whole, s.uncapped} {
			if t != nil {
				t.countZeros(s.slabs.whole, w.strata())
			}
		}
	}
	for _, sample := range w.block.samples() {
		if sample == datasets.Uncapped {
			out.whole[sample] = w.wholeRows(s.slabs, s.uncapped, sample)
		} else {
			out.whole[sample] = w.wholeRows(s.slabs, s.whole, sample)
		}
	}
	if w.daily() {
		out.cohorts = w.cohortRows(s.slabs, s.whole)
	}
	if s.past != nil {
		s.past.fill(&out)
	}
	return out
}

// sumAll gives the rows of all sets.
func (w *viewBlock) sumAll() []viewRows {
	if w.query.Clustered {
		out := make([]viewRows, len(w.groups))
		parallel.Each(w.workers, len(out), func(g int) { out[g] = w.rows(w.sum(g, w.slabsOf(g))) })
		return out
	}
	slabs, sums := w.slabsOf(0), make([]*viewSums, len(w.groups))
	parallel.Each(w.workers, len(sums), func(g int) { sums[g] = w.sum(g, slabs) })
	for g, s := range sums[1:] {
		sums[0].merge(s)
		sums[g+1] = nil
	}
	return []viewRows{w.rows(sums[0])}
}

// measure makes the tables. What is far from the center is measured from 0.
func (w *viewBlock) measure() datasets.BlockViews {
	out := w.measureFrom()
	if w.centred() {
		fromZero := *w
		fromZero.center = make([]float64, w.powers.Dim)
		w.takeFar(out, fromZero.measureFrom())
	}
	return out
}

// measureFrom makes the tables of what is left of numbers when the center is taken off.
func (w *viewBlock) measureFrom() (out datasets.BlockViews) {
	var rows viewRows
	for i, r := range w.sumAll() {
		if i == 0 {
			rows = r
			continue
		}
		for _, sample := range w.block.samples() {
			rows.whole[sample] = append(rows.whole[sample], r.whole[sample]...)
			rows.ages[sample] = append(rows.ages[sample], r.ages[sample]...)
		}
	}
	samples := w.block.samples()
	out.Samples = make([]datasets.SampleViews, len(samples))
	parallel.Each(w.workers, len(samples)+2, func(i int) {
		switch {
		case i < len(samples):
			out.Samples[i] = w.sampleViews(samples[i], &rows)
		case !w.daily():
		case i == len(samples):
			out.Running = w.table(joined(w.powers, rows.running))
		default:
			out.Cohorts = w.table(joined(w.powers, rows.cohorts))
		}
	})
	return out
}

// daily reports whether units are told apart by the day of their exposure: they have Running and Cohorts.
func (w *viewBlock) daily() bool { return !w.query.Clustered && w.asOf != nil }

func (w *viewBlock) sampleViews(sample datasets.Sample, rows *viewRows) datasets.SampleViews {
	out := datasets.SampleViews{Sample: sample}
	whole, ages := rows.whole[sample], rows.ages[sample]
	if !w.query.Clustered {
		out.Units = w.table(joined(w.powers, append(whole, ages...)))
		return out
	}
	out.ByDay = w.table(joined(w.powers, whole))
	if sample == datasets.Total || sample == datasets.Uncapped {
		out.ByAge = w.table(joined(w.powers, ages))
	}
	return out
}
