package evidence

import (
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// viewSketches reads the parts of view_sketches.arrow that are wanted. Files from before there were sketches have none.
func (r *reader) viewSketches() {
	own, there := later[sketchPartRow](r, viewSketchPartsTable)
	if !there || r.err != nil {
		return
	}
	var rows []viewPartRow
	for i := range own {
		rows = append(rows, own[i].part())
	}
	if r.only != nil {
		leaveOtherAges(rows, r.only)
	}
	for i := range rows {
		if p := &rows[i]; p.Block < 0 || p.Block >= int64(len(r.ev.Blocks)) || r.ev.Blocks[p.Block].Quantiles == nil {
			r.failf(viewSketchPartsTable, "block %d has no quantiles", p.Block)
			return
		} else if c := own[i].Coarse; p.Age < 0 || p.Age > maxAge || p.Rows < 0 || p.Rows > p.Bytes/8 || c < 0 || c > quantile.MaxCoarse {
			r.failf(viewSketchPartsTable, "a part of %d rows in %d bytes, at age %d, %d times joined", p.Rows, p.Bytes, p.Age, c)
			return
		}
		b := &r.ev.Views.Blocks[rows[i].Block]
		if b.Sketches == nil {
			b.Sketches = &datasets.SketchTable{}
		}
		b.Sketches.Ages = max(b.Sketches.Ages, int(rows[i].Age))
	}
	r.eachPart(viewSketchesTable, viewSketchPartsTable, rows, func(i int, record arrow.Record) error {
		return r.appendSketches(r.ev.Views.Blocks[rows[i].Block].Sketches, &own[i], record)
	})
}

// leaveOtherAges leaves out the rows that a cut at an age is not made of: it is made of that age and the ones below, or of whole windows in a block
// without such an age. One by nothing but a segment is made of exact quantiles.
func leaveOtherAges(parts []viewPartRow, c *datasets.Cut) {
	held, age, exact := map[int64]bool{}, int64(c.Age), c.Age == 0 && c.Day == nil && len(c.Segments) <= 1
	for _, p := range parts {
		held[p.Block] = held[p.Block] || p.Age == age
	}
	for i := range parts {
		if p := &parts[i]; exact || age > 0 && held[p.Block] && (p.Age == 0 || p.Age > age) || p.Age > 0 && (age == 0 || !held[p.Block]) {
			p.Rows = 0
		}
	}
}

// appendSketches adds the rows of a part to its table, as far as they are wanted.
func (r *reader) appendSketches(t *datasets.SketchTable, p *sketchPartRow, record arrow.Record) error {
	if n := len(t.Age); n > 0 && int64(t.Age[n-1]) >= p.Age {
		return errors.New("the age is out of its place")
	}
	var columns [][]int64
	for _, c := range sketchColumns[1:] {
		values, err := integersOf[int64](record, c.name)
		if err != nil {
			return err
		}
		columns = append(columns, values)
	}
	lists, ends, err := bucketLists(record)
	if err != nil {
		return err
	}
	before, wanted, from, row := len(t.Age), r.wantedCells(), 0, make([]int64, len(columns))
	for i, end := range ends {
		for c := range columns {
			row[c] = columns[c][i]
		}
		if day, cell := row[0], row[1]; day < 0 || day >= int64(r.days()) || cell < -1 || cell >= int64(len(r.ev.Views.Cells)) || row[2] < 0 || row[2] >= int64(len(r.ev.Variants)) {
			return fmt.Errorf("row %d does not fit the others", i)
		} else if wanted == nil || cell < 0 || wanted[cell] {
			if err := appendBuckets(t, lists, from, int(end)); err != nil {
				return err
			}
			appendSketch(t, p, row)
		}
		from = int(end)
	}
	return checkSketches(t, before)
}

// wantedCells are those of the cut that is read; nil for all.
func (r *reader) wantedCells() []bool {
	if r.only == nil || len(r.only.Segments) == 0 {
		return nil
	}
	v := r.ev.Views
	wanted := make([]bool, len(v.Cells))
	for i, cell := range v.Cells {
		wanted[i] = true
		for s, value := range cell {
			if text, asked := r.only.Segments[v.Segments[s].Name]; asked {
				wanted[i] = wanted[i] && value == slices.Index(v.Segments[s].Values, text)
			}
		}
	}
	return wanted
}

// appendSketch adds a row, given its sketchColumns but for the part.
func appendSketch(t *datasets.SketchTable, p *sketchPartRow, row []int64) {
	t.Age, t.Day = append(t.Age, int32(p.Age)), append(t.Day, int32(row[0]))
	t.Cell, t.Variant, t.Crossover = append(t.Cell, int32(row[1])), append(t.Variant, int32(row[2])), append(t.Crossover, row[3] != 0)
	t.N, t.Null = append(t.N, row[4]), append(t.Null, row[5])
	t.Units, t.Rows, t.Squares = append(t.Units, row[6]), append(t.Rows, row[7]), append(t.Squares, row[8])
	t.Coarse, t.Ends = append(t.Coarse, int32(p.Coarse)), append(t.Ends, int32(len(t.Buckets)))
}

// bucketLists are the integers of bucketColumns, whose lists end at the same places.
func bucketLists(record arrow.Record) (lists []func(i int) int64, ends []int32, err error) {
	for i, c := range bucketColumns {
		at, own, err := integerListsOf(record, c.name)
		switch {
		case err != nil:
			return nil, nil, err
		case i == 0:
			ends = own
		case own == nil:
			at = func(int) int64 { return 0 }
		case !slices.Equal(own, ends):
			return nil, nil, fmt.Errorf("lists of column %q end elsewhere than those of %q", c.name, bucketColumns[0].name)
		}
		lists = append(lists, at)
	}
	if ends == nil {
		return nil, nil, fmt.Errorf("it has no column %q", bucketColumns[0].name)
	}
	return lists, ends, nil
}

// appendBuckets adds the buckets of a row.
func appendBuckets(t *datasets.SketchTable, lists []func(i int) int64, from, to int) error {
	if n := to - from; cap(t.Buckets)-len(t.Buckets) < n {
		t.Buckets = slices.Grow(t.Buckets, max(n, len(t.Buckets))) // append copies large lists more often
	}
	for i := from; i < to; i++ {
		bucket, rows := lists[0](i), lists[1](i)
		if bucket < -int64(quantile.LastBucket) || bucket > int64(quantile.LastBucket) {
			return fmt.Errorf("there is no bucket %d", bucket)
		}
		squares := rows + lists[2](i)
		t.Buckets = append(t.Buckets, quantile.SketchBucket{Bucket: int32(bucket), Rows: rows, Squares: squares, Products: squares + lists[3](i)})
	}
	return nil
}

// checkSketches looks at the counts of rows, and at their order.
func checkSketches(t *datasets.SketchTable, from int) error {
	for i := from; i < len(t.Age); i++ {
		s := t.Sketch(i)
		counts := t.Age[i] > 1 || t.N[i] >= 0 && t.Null[i] >= 0 && s.Units >= 0 && s.Rows >= 0 && s.Squares >= 0 // else changes
		if !counts || !bucketsFit(&s, t.Age[i] > 1) {
			return fmt.Errorf("row %d does not fit the others", i-from)
		}
		if i > from && !sketchBefore(t, i-1, i) {
			return fmt.Errorf("row %d is out of its place", i-from)
		}
	}
	return nil
}

// bucketsFit reports whether buckets are in order and hold all values; without any, they are not kept.
func bucketsFit(s *quantile.Sketch, changes bool) bool {
	rows := int64(0)
	for i, b := range s.Buckets {
		if i > 0 && b.Bucket <= s.Buckets[i-1].Bucket || !changes && (b.Rows < 0 || b.Squares < 0 || b.Products < 0) {
			return false
		}
		rows += b.Rows
	}
	return len(s.Buckets) == 0 || rows == s.Rows
}

func sketchBefore(t *datasets.SketchTable, i, j int) bool {
	switch {
	case t.Day[i] != t.Day[j]:
		return t.Day[i] < t.Day[j]
	case t.Cell[i] != t.Cell[j]:
		return t.Cell[i] < t.Cell[j]
	case t.Variant[i] != t.Variant[j]:
		return t.Variant[i] < t.Variant[j]
	default:
		return !t.Crossover[i] && t.Crossover[j]
	}
}
