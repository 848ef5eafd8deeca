package fold

import (
	"cmp"
	"slices"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// sketches makes the table of a quantile block's sketches; nil where quantiles by segment are all there is.
func (v *views) sketches(b *block) *datasets.SketchTable {
	if v.asOf == nil && (len(v.out.Segments) < 2 || !v.out.Crossed) {
		return nil
	}
	w := &viewBlock{views: v, block: b, schedule: newSchedule(v.cohorts, v.calendar, b.window), days: max(1, len(v.calendar.ends))}
	var rows sketchRows
	if v.query.Clustered {
		rows = w.clusterSketches()
	} else {
		rows = w.unitSketches()
	}
	t := rows.table()
	t.Ages = w.agesHeld()
	return t
}

// agesHeld is the largest age at which a unit was complete.
func (w *viewBlock) agesHeld() int {
	most := 0
	for _, set := range w.slabs {
		for _, s := range set {
			for age, day := range w.schedule.closed[w.schedule.class[s.cohort]] {
				if day >= 0 {
					most = max(most, age)
				}
			}
		}
	}
	return most
}

// sketchPlace is a row of a table of sketches.
type sketchPlace struct {
	age, day, cell, variant int32
	crossover               bool
}

func (p sketchPlace) compare(o sketchPlace) int {
	return cmp.Or(cmp.Compare(p.age, o.age), cmp.Compare(p.day, o.day), cmp.Compare(p.cell, o.cell), cmp.Compare(p.variant, o.variant),
		cmp.Compare(ordinal(p.crossover), ordinal(o.crossover)))
}

func ordinal(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sketchSums are those of a row.
type sketchSums struct {
	n, null int64 // the block's units, and those without a value
	quantile.Sketch
	loose []quantile.SketchBucket // that are still to be merged, in no order
}

// enter adds a unit's sketch, or takes it out again.
func (s *sketchSums) enter(o *quantile.Sketch, sign int64) {
	s.Units += sign * o.Units
	s.Rows += sign * o.Rows
	s.Squares += sign * o.Squares
	for _, b := range o.Buckets {
		s.loose = append(s.loose, quantile.SketchBucket{Bucket: b.Bucket, Rows: sign * b.Rows, Squares: sign * b.Squares, Products: sign * b.Products})
	}
	if len(s.loose) > 64+2*len(s.Buckets) {
		s.settle()
	}
}

// settle merges what is loose.
func (s *sketchSums) settle() {
	slices.SortFunc(s.loose, func(a, b quantile.SketchBucket) int { return cmp.Compare(a.Bucket, b.Bucket) })
	s.Merge(&quantile.Sketch{Buckets: quantile.SumBuckets(s.loose)})
	s.loose = s.loose[:0]
}

// add merges the units of another row, or takes them out again.
func (s *sketchSums) add(o *sketchSums, sign int64) {
	o.settle()
	s.n += sign * o.n
	s.null += sign * o.null
	if sign < 0 {
		s.enter(&o.Sketch, sign)
		return
	}
	s.settle()
	s.Merge(&o.Sketch)
}

// empty reports whether nothing is left.
func (s *sketchSums) empty() bool {
	return s.n == 0 && s.null == 0 && s.Units == 0 && s.Rows == 0 && s.Squares == 0 && len(s.Buckets) == 0
}

// sketchRows are rows of a table.
type sketchRows map[sketchPlace]*sketchSums

func (r sketchRows) at(p sketchPlace) *sketchSums {
	s := r[p]
	if s == nil {
		s = &sketchSums{}
		r[p] = s
	}
	return s
}

// clean drops what is empty, makes the rest so coarse, and tells how much is left.
func (r sketchRows) clean(coarse int) (size int) {
	for place, s := range r {
		s.settle()
		s.Coarsen(coarse)
		s.Buckets = slices.DeleteFunc(s.Buckets, func(b quantile.SketchBucket) bool { return b.Rows == 0 && b.Squares == 0 && b.Products == 0 })
		if s.empty() {
			delete(r, place)
			continue
		}
		size += 1 + len(s.Buckets)
	}
	return size
}

// table puts the rows in order.
func (r sketchRows) table() *datasets.SketchTable {
	places, buckets := make([]sketchPlace, 0, len(r)), 0
	for p, s := range r {
		places = append(places, p)
		buckets += len(s.Buckets)
	}
	slices.SortFunc(places, sketchPlace.compare)
	t := &datasets.SketchTable{Buckets: make([]quantile.SketchBucket, 0, buckets)}
	for _, p := range places {
		s := r[p]
		r[p] = nil // its memory is needed for the others
		t.Age, t.Day = append(t.Age, p.age), append(t.Day, p.day)
		t.Cell, t.Variant = append(t.Cell, p.cell), append(t.Variant, p.variant)
		t.Crossover, t.N, t.Null = append(t.Crossover, p.crossover), append(t.N, s.n), append(t.Null, s.null)
		t.Units, t.Rows, t.Squares = append(t.Units, s.Units), append(t.Rows, s.Rows), append(t.Squares, s.Squares)
		t.Coarse = append(t.Coarse, int32(s.Coarse))
		t.Buckets = append(t.Buckets, s.Buckets...)
		t.Ends = append(t.Ends, int32(len(t.Buckets)))
	}
	return t
}

// How finely rows are kept.
type fineness int

const (
	byCell      fineness = iota
	ofEverybody          // in no cell
	countsOnly           // without buckets
)

// atAges gives the rows of one age after the other, in ascending order: what they add to those of the age before.
type atAges func(age int32) sketchRows

// finest makes rows as finely as they may be kept.
func finest(ages []int32, rows func(fineness) atAges) sketchRows {
	for f := byCell; ; f++ {
		out, size := sketchRows{}, 0
		for at, i := rows(f), 0; i < len(ages) && size <= datasets.MaxSketchRows; i++ {
			size = out.take(at(ages[i]), size, f)
		}
		if size <= datasets.MaxSketchRows || f == countsOnly {
			return out
		}
	}
}

// take takes over the rows of an age, and joins buckets until they are few enough, or cannot be joined any more. It tells how many there are.
func (r sketchRows) take(own sketchRows, size int, f fineness) int {
	coarse := 0
	for _, s := range r {
		coarse = s.Coarse
		break
	}
	size += own.clean(coarse)
	for place, s := range own {
		r[place] = s
	}
	if f == countsOnly {
		for _, s := range own {
			s.Buckets = nil
		}
		return 0
	}
	for size > datasets.MaxSketchRows && coarse < quantile.MaxCoarse {
		coarse++
		size = r.clean(coarse)
	}
	return size
}

// finestOfAll is finest for whole windows, and for ages by themselves.
func (w *viewBlock) finestOfAll(rows func(fineness) atAges) sketchRows {
	out := finest([]int32{0}, rows)
	var ages []int32
	for age := range w.agesHeld() {
		ages = append(ages, int32(age)+1)
	}
	for place, s := range finest(ages, rows) {
		out[place] = s
	}
	return out
}

// slotOf is the last slot whose steps count at an age.
func (w *viewBlock) slotOf(age int32) int32 {
	if age == 0 {
		return int32(w.schedule.ages)
	}
	return age - 1
}
