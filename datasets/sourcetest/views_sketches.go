package sourcetest

import (
	"cmp"
	"slices"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// sketches are nil where quantiles by segment are all there is.
func (b blockViewing) sketches() (*datasets.SketchTable, error) {
	if b.asOf == nil && (len(b.out.Segments) < 2 || !b.out.Crossed) {
		return nil, nil
	}
	complete, err := b.complete()
	if err != nil {
		return nil, err
	}
	var whole, ages []seen
	for _, s := range complete {
		switch {
		case s.age == 0:
			whole = append(whole, s)
		case b.query.Clustered:
			s.day = max(len(b.out.Days)-1, 0)
			ages = append(ages, s)
		default:
			ages = append(ages, s)
		}
	}
	out := byColumn(append(b.sketchRows(whole), b.sketchRows(ages)...))
	for _, s := range complete {
		out.Ages = max(out.Ages, s.age)
	}
	return out, nil
}

// sketchPlace is where a unit counts in a table of sketches.
type sketchPlace struct {
	place
	crossover bool
}

// sketchRow is a row of a table of sketches.
type sketchRow struct {
	sketchPlace
	N, Null int64
	Sketch  quantile.Sketch
}

// sketchRows are the rows of units, as finely as they are kept.
func (b blockViewing) sketchRows(units []seen) []sketchRow {
	everybody := func(s seen) []place { return []place{{s.age, s.day, -1, s.variant}} }
	var out []sketchRow
	for _, places := range []func(seen) []place{b.byCell, everybody} {
		for coarse := range quantile.MaxCoarse + 1 {
			out = b.changes(b.sketchesAt(units, places), coarse)
			if size(out) <= datasets.MaxSketchRows {
				return out
			}
		}
	}
	for i := range out {
		out[i].Sketch.Buckets, out[i].Sketch.Coarse = nil, 0
	}
	return out
}

// changes are what the rows of an age add to those of the age before, on the day before or, in a clustered query, on the same one.
func (b blockViewing) changes(rows []sketchRow, coarse int) []sketchRow {
	at := map[sketchPlace]*sketchRow{}
	row := func(p sketchPlace) *sketchRow {
		if at[p] == nil {
			at[p] = &sketchRow{sketchPlace: p}
		}
		return at[p]
	}
	oldest := 0
	for _, r := range rows {
		oldest = max(oldest, r.age)
	}
	for i := range rows {
		r := &rows[i]
		r.Sketch.Coarsen(coarse)
		row(r.sketchPlace).add(r, 1)
		next := r.sketchPlace
		if next.age++; !b.query.Clustered {
			next.day++
		}
		if r.age > 0 && next.age <= oldest && next.day < len(b.out.Days) {
			row(next).add(r, -1)
		}
	}
	var out []sketchRow
	for _, r := range at {
		if r.Sketch.Coarse = coarse; !r.empty() {
			out = append(out, *r)
		}
	}
	sortSketches(out)
	return out
}

// add adds sums, or takes them away.
func (r *sketchRow) add(o *sketchRow, sign int64) {
	r.N += sign * o.N
	r.Null += sign * o.Null
	r.Sketch.Units += sign * o.Sketch.Units
	r.Sketch.Rows += sign * o.Sketch.Rows
	r.Sketch.Squares += sign * o.Sketch.Squares
	sums := map[int32]quantile.SketchBucket{}
	for _, b := range r.Sketch.Buckets {
		sums[b.Bucket] = b
	}
	for _, b := range o.Sketch.Buckets {
		s := sums[b.Bucket]
		sums[b.Bucket] = quantile.SketchBucket{
			Bucket: b.Bucket, Rows: s.Rows + sign*b.Rows, Squares: s.Squares + sign*b.Squares, Products: s.Products + sign*b.Products,
		}
	}
	r.Sketch.Buckets = nil
	for _, s := range sums {
		if s.Rows != 0 || s.Squares != 0 || s.Products != 0 {
			r.Sketch.Buckets = append(r.Sketch.Buckets, s)
		}
	}
	slices.SortFunc(r.Sketch.Buckets, func(x, y quantile.SketchBucket) int { return cmp.Compare(x.Bucket, y.Bucket) })
}

func (r *sketchRow) empty() bool {
	s := &r.Sketch
	return r.N == 0 && r.Null == 0 && s.Units == 0 && s.Rows == 0 && s.Squares == 0 && len(s.Buckets) == 0
}

func sortSketches(rows []sketchRow) {
	slices.SortFunc(rows, func(x, y sketchRow) int {
		return cmp.Or(x.place.compare(y.place), cmp.Compare(ordinal(x.crossover), ordinal(y.crossover)))
	})
}

func size(rows []sketchRow) (n int) {
	for i := range rows {
		n += 1 + len(rows[i].Sketch.Buckets)
	}
	return n
}

// sketchesAt gives the rows of units by where they count: what the units complete by the end of each day add to those of the day before.
func (b blockViewing) sketchesAt(units []seen, places func(seen) []place) []sketchRow {
	at := map[sketchPlace]map[int][]seen{} // by place without the day, and by day
	for _, u := range units {
		for _, p := range places(u) {
			key := sketchPlace{p, u.crossover}
			key.day = 0
			if at[key] == nil {
				at[key] = map[int][]seen{}
			}
			at[key][u.day] = append(at[key][u.day], u)
		}
	}
	var out []sketchRow
	for key, days := range at {
		var before []seen
		for day := range max(len(b.out.Days), 1) {
			if len(days[day]) == 0 {
				continue
			}
			until := slices.Concat(before, days[day])
			row := b.sketchRow(until)
			row.sketchPlace, row.day = key, day
			earlier := b.sketchRow(before)
			row.add(&earlier, -1)
			out, before = append(out, row), until
		}
	}
	return out
}

func ordinal(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sketchRow is that of units, whatever their day.
func (b blockViewing) sketchRow(units []seen) (out sketchRow) {
	values := map[*randomised][]float64{}
	part := b.indexes[0]
	for _, u := range units {
		own := u.rows[part]
		if b.query.Values[part].Take != datasets.Rows {
			if u.values[part] == nil {
				out.Null++
				continue
			}
			own = []float64{*u.values[part]}
		}
		out.N++
		values[u.randomised] = append(values[u.randomised], own...)
	}
	sums := map[int32]*quantile.SketchBucket{}
	for _, own := range values {
		n := int64(len(own))
		out.Sketch.Units++
		out.Sketch.Rows += n
		out.Sketch.Squares += n * n
		for _, x := range own {
			bucket := quantile.BucketOf(x)
			below, upTo := countBuckets(own, bucket)
			if sums[bucket] == nil {
				sums[bucket] = &quantile.SketchBucket{Bucket: bucket}
			}
			// Each of the values in a bucket adds its part of what the bucket adds.
			sums[bucket].Rows++
			sums[bucket].Products += n
			sums[bucket].Squares += upTo + below
		}
	}
	for _, s := range sums {
		out.Sketch.Buckets = append(out.Sketch.Buckets, *s)
	}
	slices.SortFunc(out.Sketch.Buckets, func(x, y quantile.SketchBucket) int { return cmp.Compare(x.Bucket, y.Bucket) })
	return out
}

// countBuckets counts values in buckets below one, and up to it.
func countBuckets(values []float64, bucket int32) (below, upTo int64) {
	for _, x := range values {
		switch of := quantile.BucketOf(x); {
		case of < bucket:
			below++
			upTo++
		case of == bucket:
			upTo++
		}
	}
	return below, upTo
}

func byColumn(rows []sketchRow) *datasets.SketchTable {
	t := &datasets.SketchTable{}
	for _, r := range rows {
		t.Age, t.Day = append(t.Age, int32(r.age)), append(t.Day, int32(r.day))
		t.Cell, t.Variant = append(t.Cell, int32(r.cell)), append(t.Variant, int32(r.variant))
		t.Crossover, t.N, t.Null = append(t.Crossover, r.crossover), append(t.N, r.N), append(t.Null, r.Null)
		t.Units, t.Rows, t.Squares = append(t.Units, r.Sketch.Units), append(t.Rows, r.Sketch.Rows), append(t.Squares, r.Sketch.Squares)
		t.Coarse = append(t.Coarse, int32(r.Sketch.Coarse))
		t.Buckets = append(t.Buckets, r.Sketch.Buckets...)
		t.Ends = append(t.Ends, int32(len(t.Buckets)))
	}
	return t
}
