package evidence

import (
	"os"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"liftgate/datasets"
)

// sketches writes the files of sketches, or removes them.
func (w *writer) sketches(ev *datasets.Evidence, v *datasets.ViewEvidence) {
	var parts []*sketchPart
	for i := range v.Blocks {
		parts = append(parts, sketchPartsOf(ev, i, v.Blocks[i].Sketches)...)
	}
	w.file(viewSketchesTable, len(parts) > 0, func() error { return writeSketches(w.dir, parts) })
	rows := make([]sketchPartRow, len(parts))
	for i, p := range parts {
		rows[i] = sketchPartRow{p.row.Block, p.row.Metric, p.row.Age, p.coarse, p.row.Rows, p.row.Offset, p.row.Bytes, p.row.SHA256}
	}
	write(w, viewSketchPartsTable, len(parts) > 0, rows)
}

// sketchPart is the rows of one age of a table of sketches, column by column.
type sketchPart struct {
	row     viewPartRow
	coarse  int64
	columns [][]int64 // of sketchColumns
	lists   [][]int64 // of bucketColumns
	ends    []int32   // of the lists
}

// sketchPartsOf lists the parts of a table, one for each age, with or without rows.
func sketchPartsOf(ev *datasets.Evidence, block int, t *datasets.SketchTable) []*sketchPart {
	if t == nil {
		return nil
	}
	parts := make([]*sketchPart, t.Ages+1)
	for age := range parts {
		parts[age] = &sketchPart{
			row:     viewPartRow{Block: int64(block), Metric: ev.Blocks[block].Metric, Age: int64(age)},
			columns: make([][]int64, len(sketchColumns)), lists: make([][]int64, len(bucketColumns)),
		}
	}
	for r, age := range t.Age {
		parts[age].coarse = int64(t.Coarse[r])
		parts[age].add(t, r)
	}
	return parts
}

func (p *sketchPart) add(t *datasets.SketchTable, r int) {
	crossover := int64(0)
	if t.Crossover[r] {
		crossover = 1
	}
	for i, x := range []int64{0, int64(t.Day[r]), int64(t.Cell[r]), int64(t.Variant[r]), crossover, t.N[r], t.Null[r], t.Units[r], t.Rows[r], t.Squares[r]} {
		p.columns[i] = append(p.columns[i], x)
	}
	for _, b := range t.Sketch(r).Buckets {
		for i, x := range []int64{int64(b.Bucket), b.Rows, b.Squares - b.Rows, b.Products - b.Squares} {
			p.lists[i] = append(p.lists[i], x)
		}
	}
	p.ends = append(p.ends, int32(len(p.lists[0])))
	p.row.Rows++
}

func writeSketches(dir string, parts []*sketchPart) error {
	spans, ofLists := make([]span, len(sketchColumns)), make([]span, len(bucketColumns))
	rows := make([]*viewPartRow, len(parts))
	for i, p := range parts {
		rows[i] = &p.row
		for r := range p.columns[0] {
			p.columns[0][r] = int64(i)
		}
		for c := range spans {
			include(&spans[c], p.columns[c])
		}
		for c := range ofLists {
			include(&ofLists[c], p.lists[c])
		}
	}
	fields := fieldsOf(sketchColumns, spans)
	ofLists[0].high = max(ofLists[0].high, 1) // so that there are lists even if all are empty, or hold zeros
	for _, f := range fieldsOf(bucketColumns, ofLists) {
		f.Type = arrow.ListOfNonNullable(f.Type)
		fields = append(fields, f)
	}
	schema := arrow.NewSchema(fields, metadataOf(viewSketchesTable))
	return createFile(dir, viewSketchesTable, func(f *os.File) error {
		return writeParts(f, schema, rows, func(i int) arrow.Record { return parts[i].record(schema, spans, ofLists) })
	})
}

// record is the part as a record batch.
func (p *sketchPart) record(schema *arrow.Schema, spans, ofLists []span) arrow.Record {
	var arrays []arrow.Array
	defer func() { releaseAll(arrays) }()
	for i, c := range p.columns {
		if t := narrowest(spans[i].low, spans[i].high); t != nil {
			arrays = append(arrays, integers(c, t))
		}
	}
	for i, c := range p.lists {
		if t := narrowest(ofLists[i].low, ofLists[i].high); t != nil {
			arrays = append(arrays, integerLists(c, p.ends, t))
		}
	}
	return array.NewRecord(schema, arrays, p.row.Rows)
}
