package evidence

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"liftgate/datasets"
)

// views writes the files of views, or removes them.
func (w *writer) views(ev *datasets.Evidence) {
	v := ev.Views
	wanted := v != nil
	if !wanted {
		v = &datasets.ViewEvidence{}
	}
	write(w, viewsTable, wanted, []viewsRow{{v.Crossed, v.Days}})
	write(w, segmentsTable, wanted, segmentRows(v))
	write(w, cellsTable, wanted, cellRows(v))
	write(w, clusterSegmentsTable, wanted && ev.Exposure.Clusters != nil, clusterSegmentsRows(ev))
	quantiles := viewQuantileRows(ev, v)
	write(w, viewQuantilesTable, wanted && len(quantiles) > 0, quantiles)
	w.sketches(ev, v)
	w.file(exposedTable, wanted, func() error { return writeExposed(w.dir, v.Exposed) })
	var parts []viewPart
	if wanted {
		parts = viewPartsOf(ev)
	}
	w.file(viewMomentsTable, wanted, func() error { return writeMoments(w.dir, parts) })
	rows := make([]viewPartRow, len(parts))
	for i := range parts {
		rows[i] = parts[i].row
	}
	write(w, viewPartsTable, wanted, rows)
}

func segmentRows(v *datasets.ViewEvidence) []segmentRow {
	var rows []segmentRow
	for _, s := range v.Segments {
		rows = append(rows, segmentRow{s.Name, s.Values})
	}
	return rows
}

func cellRows(v *datasets.ViewEvidence) []cellRow {
	var rows []cellRow
	for _, cell := range v.Cells {
		rows = append(rows, cellRow{wide(cell)})
	}
	return rows
}

func clusterSegmentsRows(ev *datasets.Evidence) []clusterSegmentsRow {
	var rows []clusterSegmentsRow
	for _, c := range ev.Exposure.Clusters {
		rows = append(rows, clusterSegmentsRow{wide(c.Segments)})
	}
	return rows
}

func wide(values []int) []int64 {
	out := make([]int64, len(values))
	for i, v := range values {
		out[i] = int64(v)
	}
	return out
}

func viewQuantileRows(ev *datasets.Evidence, v *datasets.ViewEvidence) []viewQuantileRow {
	var rows []viewQuantileRow
	for i, b := range v.Blocks {
		for _, q := range b.Quantiles {
			as := datasets.BlockEvidence{Quantiles: q.Quantiles, QuantilesWithoutCrossover: q.WithoutCrossover}
			for k, r := range quantileRowsOf(ev.Variants, i, &as) {
				row := viewQuantileRow{
					r.Block, int64(q.Segment), int64(q.Value), r.Sample, r.Variant, r.Q, r.Rows, r.Value, r.N, r.Means, r.Cross, r.Ranks, r.Values, nil, nil,
				}
				if k < len(q.Incomplete) { // rows of the sample total come first, by variant
					row.Incomplete, row.Null = &q.Incomplete[k], &q.Null[k]
				}
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func writeExposed(dir string, rows []datasets.Exposed) error {
	columns := make([][]int64, len(exposedColumns))
	for _, x := range rows {
		for i, n := range []int64{int64(x.Day), int64(x.Cell), int64(x.Variant), x.Units, x.Crossover, x.AnalysisUnits} {
			columns[i] = append(columns[i], n)
		}
	}
	spans := make([]span, len(columns))
	for i := range columns {
		include(&spans[i], columns[i])
	}
	schema := arrow.NewSchema(fieldsOf(exposedColumns, spans), metadataOf(exposedTable))
	var arrays []arrow.Array
	defer func() { releaseAll(arrays) }()
	for i := range columns {
		if t := narrowest(spans[i].low, spans[i].high); t != nil {
			arrays = append(arrays, integers(columns[i], t))
		}
	}
	record := array.NewRecord(schema, arrays, int64(len(rows)))
	defer record.Release()
	return createFile(dir, exposedTable, func(f *os.File) error { return writeRecord(f, record) })
}

func releaseAll(arrays []arrow.Array) {
	for _, a := range arrays {
		a.Release()
	}
}

// viewPart is the rows of one age of a table of moments.
type viewPart struct {
	row      viewPartRow
	table    *datasets.MomentTable
	from, to int
}

// viewPartsOf lists the parts of all tables; a table without rows is a part, too.
func viewPartsOf(ev *datasets.Evidence) []viewPart {
	var parts []viewPart
	for i := range ev.Views.Blocks {
		add := func(sample datasets.Sample, by string, t *datasets.MomentTable, emptyAge int) {
			if t == nil {
				return
			}
			row := viewPartRow{Block: int64(i), Metric: ev.Blocks[i].Metric, Sample: string(sample), By: by, Age: int64(emptyAge), Parts: int64(t.Parts)}
			if len(t.Age) == 0 {
				parts = append(parts, viewPart{row: row, table: t})
			}
			for from := 0; from < len(t.Age); {
				to := from + 1
				for to < len(t.Age) && t.Age[to] == t.Age[from] {
					to++
				}
				row.Age, row.Rows = int64(t.Age[from]), int64(to-from)
				parts = append(parts, viewPart{row, t, from, to})
				from = to
			}
		}
		b := &ev.Views.Blocks[i]
		for _, s := range b.Samples {
			add(s.Sample, byCell, s.Units, 0)
			add(s.Sample, byCluster, s.ByDay, 0)
			add(s.Sample, byCluster, s.ByAge, 1)
		}
		add(datasets.Total, byRunning, b.Running, 0)
		add(datasets.Total, byCohort, b.Cohorts, 0)
	}
	return parts
}

// writeMoments writes a record batch for each part with rows, and says in the part where.
func writeMoments(dir string, parts []viewPart) error {
	spans := make([]span, len(momentColumns))
	spans[0].high = int64(max(len(parts)-1, 0))
	for _, p := range parts {
		for i, c := range [][]int32{p.table.Day, p.table.Cell, p.table.Variant} {
			include(&spans[1+i], c[p.from:p.to])
		}
		include(&spans[4], p.table.N[p.from:p.to])
		include(&spans[5], p.table.Null[p.from:p.to])
	}
	fields := fieldsOf(momentColumns, spans)
	for _, c := range listColumns {
		fields = append(fields, arrow.Field{Name: c.name, Type: listOfFloats, Metadata: description(c.doc)})
	}
	schema := arrow.NewSchema(fields, metadataOf(viewMomentsTable))
	rows := make([]*viewPartRow, len(parts))
	for i := range parts {
		rows[i] = &parts[i].row
	}
	return createFile(dir, viewMomentsTable, func(f *os.File) error {
		return writeParts(f, schema, rows, func(i int) arrow.Record { return parts[i].record(i, schema, spans) })
	})
}

// writeParts writes the record batch of each part that has rows, and says in the part where.
func writeParts(f *os.File, schema *arrow.Schema, parts []*viewPartRow, batch func(i int) arrow.Record) error {
	w, err := ipc.NewFileWriter(f, ipc.WithSchema(schema))
	if err != nil {
		return err
	}
	for i, p := range parts {
		if p.Rows == 0 {
			continue
		}
		record := batch(i)
		err := w.Write(record)
		record.Release()
		if err != nil {
			return errors.Join(err, w.Close())
		}
		end, err := f.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		p.Bytes = end // until the start is known
	}
	if err := w.Close(); err != nil {
		return err
	}
	return locate(f, parts)
}

// record is the part as a record batch.
func (p *viewPart) record(number int, schema *arrow.Schema, spans []span) arrow.Record {
	t, rows := p.table, p.to-p.from
	numbers := make([]int32, rows)
	for i := range numbers {
		numbers[i] = int32(number)
	}
	var arrays []arrow.Array
	defer func() { releaseAll(arrays) }()
	for i, c := range [][]int32{numbers, t.Day[p.from:p.to], t.Cell[p.from:p.to], t.Variant[p.from:p.to]} {
		if as := narrowest(spans[i].low, spans[i].high); as != nil {
			arrays = append(arrays, integers(c, as))
		}
	}
	for i, c := range [][]int64{t.N[p.from:p.to], t.Null[p.from:p.to]} {
		if as := narrowest(spans[4+i].low, spans[4+i].high); as != nil {
			arrays = append(arrays, integers(c, as))
		}
	}
	for i, c := range [][]float64{t.Means, t.Cross, t.Third} {
		width := widths(t.Dim, t.Parts)[i]
		arrays = append(arrays, lists(c[p.from*width:p.to*width], width))
	}
	return array.NewRecord(schema, arrays, int64(rows))
}

// widths are how many means, cross products and third moments a row has.
func widths(dim, parts int) [3]int {
	third := 1
	if parts == 2 {
		third = 4
	}
	return [3]int{dim, dim * (dim + 1) / 2, third}
}

// locate says where record batches start, given where they end, and hashes them.
func locate(f *os.File, parts []*viewPartRow) error {
	head, err := schemaBytes(f)
	if err != nil {
		return err
	}
	start := int64(schemaStart + len(head))
	for _, row := range parts {
		if row.Rows == 0 {
			continue
		}
		row.Offset, row.Bytes, start = start, row.Bytes-start, row.Bytes
		batch := make([]byte, row.Bytes)
		if _, err := f.ReadAt(batch, row.Offset); err != nil {
			return err
		}
		row.SHA256 = sumOf(head, batch)
	}
	return nil
}

// schemaStart is where the schema begins in an Arrow file.
const schemaStart = 8

// schemaBytes reads the schema's message from an Arrow file: a mark, the length of what follows, and that.
func schemaBytes(r io.ReaderAt) ([]byte, error) {
	var prefix [8]byte
	if _, err := r.ReadAt(prefix[:], schemaStart); err != nil {
		return nil, err
	}
	const largest = 1 << 20
	n := binary.LittleEndian.Uint32(prefix[4:])
	if binary.LittleEndian.Uint32(prefix[:]) != 0xFFFFFFFF || n > largest {
		return nil, errors.New("it does not start with a schema")
	}
	head := make([]byte, len(prefix)+int(n))
	_, err := r.ReadAt(head, schemaStart)
	return head, err
}

func sumOf(pieces ...[]byte) string {
	h := sha256.New()
	for _, p := range pieces {
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}
