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
		leaveOtherAges(rows, int64(r.only.Age))
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
// without such an age.
func leaveOtherAges(parts []viewPartRow, age int64) {
	held := map[int64]bool{}
	for _, p := range parts {
		held[p.Block] = held[p.Block] || p.Age == age
	}
	for i := range parts {
		if p := &parts[i]; age > 0 && held[p.Block] && (p.Age == 0 || p.Age > age) || p.Age > 0 && (age == 0 || !held[p.Block]) {
			p.Rows = 0
		}
	}
}

// appendSketches adds the rows of a part to its table.
func (r *reader) appendSketches(t *datasets.SketchTable, p *sketchPartRow, record arrow.Record) error {
	if n := len(t.Age); n > 0 && int64(t.Age[n-1]) >= p.Age {
		return errors.New("the age is out of its place")
	}
	before, rows := len(t.Age), int(record.NumRows())
	t.Age = append(t.Age, slices.Repeat([]int32{int32(p.Age)}, rows)...)
	t.Coarse = append(t.Coarse, slices.Repeat([]int32{int32(p.Coarse)}, rows)...)
	for i, c := range []*[]int32{&t.Day, &t.Cell, &t.Variant} {
		if err := appendIntegers(c, record, sketchColumns[1+i].name); err != nil {
			return err
		}
	}
	crossover, err := integersOf[int32](record, sketchColumns[4].name)
	if err != nil {
		return err
	}
	for _, c := range crossover {
		t.Crossover = append(t.Crossover, c != 0)
	}
	for i, c := range []*[]int64{&t.N, &t.Null, &t.Units, &t.Rows, &t.Squares} {
		if err := appendIntegers(c, record, sketchColumns[5+i].name); err != nil {
			return err
		}
	}
	if err := appendBuckets(t, record); err != nil {
		return err
	}
	return r.checkSketches(t, before)
}

// appendBuckets adds the lists of rows, which end at the same places in all columns.
func appendBuckets(t *datasets.SketchTable, record arrow.Record) error {
	var lists [][]int64
	var ends []int32
	for i, c := range bucketColumns {
		values, own, err := integerListsOf(record, c.name)
		switch {
		case err != nil:
			return err
		case i == 0:
			ends = own
		case own == nil:
			values = make([]int64, len(lists[0]))
		case !slices.Equal(own, ends):
			return fmt.Errorf("lists of column %q end elsewhere than those of %q", c.name, bucketColumns[0].name)
		}
		lists = append(lists, values)
	}
	if ends == nil {
		return fmt.Errorf("it has no column %q", bucketColumns[0].name)
	}
	first := int32(len(t.Buckets))
	for _, end := range ends {
		t.Ends = append(t.Ends, first+end)
	}
	for i, bucket := range lists[0] {
		if bucket < -int64(quantile.LastBucket) || bucket > int64(quantile.LastBucket) {
			return fmt.Errorf("there is no bucket %d", bucket)
		}
		rows, squares := lists[1][i], lists[1][i]+lists[2][i]
		t.Buckets = append(t.Buckets, quantile.SketchBucket{Bucket: int32(bucket), Rows: rows, Squares: squares, Products: squares + lists[3][i]})
	}
	return nil
}

// checkSketches looks at what positions point to, and at the order of rows and buckets.
func (r *reader) checkSketches(t *datasets.SketchTable, from int) error {
	days, cells, variants := int32(r.days()), int32(len(r.ev.Views.Cells)), int32(len(r.ev.Variants))
	for i := from; i < len(t.Age); i++ {
		inside := t.Day[i] >= 0 && t.Day[i] < days && t.Cell[i] >= -1 && t.Cell[i] < cells && t.Variant[i] >= 0 && t.Variant[i] < variants
		s := t.Sketch(i)
		counts := t.Age[i] > 1 || t.N[i] >= 0 && t.Null[i] >= 0 && s.Units >= 0 && s.Rows >= 0 && s.Squares >= 0 // else changes
		if !inside || !counts || !bucketsFit(&s, t.Age[i] > 1) {
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
