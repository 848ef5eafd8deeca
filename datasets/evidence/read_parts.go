package evidence

import (
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"liftgate/datasets"
)

// viewSamples are in their order.
var viewSamples = []datasets.Sample{datasets.Total, datasets.WithoutCrossover, datasets.Uncapped, datasets.WithoutTop}

// viewMoments reads the parts of view_moments.arrow that are wanted.
func (r *reader) viewMoments() {
	rows := rowsOf[viewPartRow](r, viewPartsTable)
	if r.only != nil {
		rows = touched(rows, int64(r.only.Age))
	}
	if r.err != nil {
		return
	}
	m := momentsReader{reader: r, rows: map[*datasets.MomentTable]int{}}
	tables := make([]*datasets.MomentTable, len(rows))
	for i := range rows {
		if tables[i] = m.table(&rows[i]); r.err != nil {
			return
		}
	}
	r.eachPart(viewMomentsTable, viewPartsTable, rows, func(i int, record arrow.Record) error { return m.appendPart(tables[i], &rows[i], record) })
}

// touched are the parts that a cut at an age is made of: those of the age, or of whole windows in a block of which Total has none of that
// age. Of the others the rows are left out. No cut is made of Running and Cohorts.
func touched(parts []viewPartRow, age int64) []viewPartRow {
	held := map[int64]int64{} // the age of a block
	for _, p := range parts {
		if p.Sample == string(datasets.Total) && !isDaily(p) && p.Age == age && p.Rows > 0 {
			held[p.Block] = age
		}
	}
	var out []viewPartRow
	for _, p := range parts {
		if isDaily(p) {
			continue
		}
		if p.Age != held[p.Block] {
			p.Rows = 0
		}
		out = append(out, p)
	}
	return out
}

// isDaily reports whether a part is of Running or of Cohorts.
func isDaily(p viewPartRow) bool { return p.By == byRunning || p.By == byCohort }

// momentsReader puts the tables of moments together.
type momentsReader struct {
	*reader
	rows map[*datasets.MomentTable]int // that are to come
}

// table is the one that a part belongs to; the first part of a table makes it.
func (m *momentsReader) table(p *viewPartRow) *datasets.MomentTable {
	if p.Block < 0 || p.Block >= int64(len(m.ev.Blocks)) || m.ev.Blocks[p.Block].Total == nil {
		m.failf(viewPartsTable, "block %d has no moments", p.Block)
		return nil
	}
	dim := len(m.ev.Blocks[p.Block].Components)
	if p.Age < 0 || p.Age > maxAge || p.Rows < 0 || p.Rows > p.Bytes/8 || p.Parts < 1 || p.Parts > 2 || p.Parts > int64(dim) {
		m.failf(viewPartsTable, "a part of %d rows in %d bytes, at age %d, with %d parts of %d components", p.Rows, p.Bytes, p.Age, p.Parts, dim)
		return nil
	}
	slot := m.slot(p)
	if slot == nil {
		m.failf(viewPartsTable, "sample %q by %q of block %d does not belong there", p.Sample, p.By, p.Block)
		return nil
	}
	if *slot == nil {
		*slot = &datasets.MomentTable{Dim: dim, Parts: int(p.Parts)}
	}
	if t := *slot; t.Parts != int(p.Parts) {
		m.failf(viewPartsTable, "block %d has %d parts and %d", p.Block, t.Parts, p.Parts)
	}
	m.rows[*slot] += int(p.Rows)
	return *slot
}

// maxAge is more days than there may be.
const maxAge = 1 << 20

// slot is where the table of a part belongs; nil when nowhere.
func (m *momentsReader) slot(p *viewPartRow) **datasets.MomentTable {
	b := &m.ev.Views.Blocks[p.Block]
	sample, clustered := datasets.Sample(p.Sample), m.ev.Exposure.Clusters != nil
	known := slices.Index(viewSamples, sample)
	if known < 0 || clustered != (p.By == byCluster) {
		return nil
	}
	switch p.By {
	case byRunning:
		return &b.Running
	case byCohort:
		return &b.Cohorts
	}
	if n := len(b.Samples); n == 0 || b.Samples[n-1].Sample != sample {
		if n > 0 && slices.Index(viewSamples, b.Samples[n-1].Sample) > known {
			return nil
		}
		if b.Samples == nil {
			b.Samples = make([]datasets.SampleViews, 0, len(viewSamples)) // so that a slot stays where it is
		}
		b.Samples = append(b.Samples, datasets.SampleViews{Sample: sample})
	}
	s := &b.Samples[len(b.Samples)-1]
	switch {
	case p.By == byCell:
		return &s.Units
	case p.By == byCluster && p.Age == 0:
		return &s.ByDay
	case p.By == byCluster:
		return &s.ByAge
	}
	return nil
}

// appendPart adds the rows of a part to its table.
func (m *momentsReader) appendPart(t *datasets.MomentTable, p *viewPartRow, record arrow.Record) error {
	if n := len(t.Age); n > 0 && int64(t.Age[n-1]) >= p.Age {
		return errors.New("the age is out of its place")
	}
	if len(t.Age) == 0 {
		grow(t, m.rows[t])
	}
	before := len(t.Age)
	for range p.Rows {
		t.Age = append(t.Age, int32(p.Age))
	}
	for i, c := range []*[]int32{&t.Day, &t.Cell, &t.Variant} {
		if err := appendIntegers(c, record, momentColumns[1+i].name); err != nil {
			return err
		}
	}
	for i, c := range []*[]int64{&t.N, &t.Null} {
		if err := appendIntegers(c, record, momentColumns[4+i].name); err != nil {
			return err
		}
	}
	for i, c := range []*[]float64{&t.Means, &t.Cross, &t.Third} {
		values, err := floatsOf(record, listColumns[i].name, widths(t.Dim, t.Parts)[i])
		if err != nil {
			return err
		}
		*c = append(*c, values...)
	}
	return m.check(t, p, before)
}

func appendIntegers[T int32 | int64](to *[]T, record arrow.Record, name string) error {
	values, err := integersOf[T](record, name)
	*to = append(*to, values...)
	return err
}

// grow makes room for rows.
func grow(t *datasets.MomentTable, rows int) {
	t.Age = make([]int32, 0, rows)
	for _, c := range []*[]int32{&t.Day, &t.Cell, &t.Variant} {
		*c = make([]int32, 0, rows)
	}
	for _, c := range []*[]int64{&t.N, &t.Null} {
		*c = make([]int64, 0, rows)
	}
	for i, c := range []*[]float64{&t.Means, &t.Cross, &t.Third} {
		*c = make([]float64, 0, rows*widths(t.Dim, t.Parts)[i])
	}
}

// check looks at what positions point to, and at the order of rows.
func (m *momentsReader) check(t *datasets.MomentTable, p *viewPartRow, from int) error {
	days, cells, variants := int32(m.days()), int32(len(m.ev.Views.Cells)), int32(len(m.ev.Variants))
	if p.By == byCluster {
		cells = int32(len(m.ev.Exposure.Clusters))
	}
	least := int32(0)
	if p.Age > 0 {
		least = -1
	}
	for i := from; i < len(t.Age); i++ {
		inside := t.Day[i] >= 0 && t.Day[i] < days && t.Cell[i] >= least && t.Cell[i] < cells && t.Variant[i] >= 0 && t.Variant[i] < variants
		if !inside || t.N[i] < 0 || t.Null[i] < 0 {
			return fmt.Errorf("row %d does not fit the others", i-from)
		}
		if i > from && !before(t, i-1, i) {
			return fmt.Errorf("row %d is out of its place", i-from)
		}
	}
	return nil
}

func before(t *datasets.MomentTable, i, j int) bool {
	if t.Day[i] != t.Day[j] {
		return t.Day[i] < t.Day[j]
	}
	if t.Cell[i] != t.Cell[j] {
		return t.Cell[i] < t.Cell[j]
	}
	return t.Variant[i] < t.Variant[j]
}
