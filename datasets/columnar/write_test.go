package columnar_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// shape is how a table is written to files.
type shape struct {
	*rand.Rand
	format string // parquet, file, stream, csv
	types  []arrow.DataType
}

func newShape(seed uint64, format string, t *sourcetest.Table) *shape {
	s := &shape{Rand: rand.New(rand.NewPCG(seed, 7)), format: format}
	for i, c := range t.Columns {
		s.types = append(s.types, s.arrowType(t, i, c))
	}
	return s
}

func choose[T any](s *shape, from ...T) T { return from[s.IntN(len(from))] }

// arrowType picks a type that holds every cell of a column.
func (s *shape) arrowType(t *sourcetest.Table, i int, c datasets.Column) arrow.DataType {
	plain := s.plainType(t, i, c)
	coded := plain.ID() == arrow.STRING || s.format != "parquet" && (plain.ID() == arrow.INT64 || plain.ID() == arrow.FLOAT64)
	if coded && s.IntN(3) == 0 {
		index := choose[arrow.DataType](s, arrow.PrimitiveTypes.Int16, arrow.PrimitiveTypes.Uint32)
		if len(t.Rows) < 100 {
			index = choose[arrow.DataType](s, arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Uint16)
		}
		return &arrow.DictionaryType{IndexType: index, ValueType: plain}
	}
	return plain
}

func (s *shape) plainType(t *sourcetest.Table, i int, c datasets.Column) arrow.DataType {
	switch c.Type {
	case expr.Text:
		return choose[arrow.DataType](s, arrow.BinaryTypes.String, arrow.BinaryTypes.LargeString, arrow.BinaryTypes.String, arrow.BinaryTypes.Binary)
	case expr.Bool:
		return arrow.FixedWidthTypes.Boolean
	case expr.Time:
		zone := choose(s, "", "UTC", "America/New_York")
		unit := arrow.Microsecond
		if s.IntN(2) == 0 && s.format != "parquet" {
			unit = arrow.Nanosecond
		}
		if every(t, i, func(v expr.Value) bool { return v.Int%1_000_000 == 0 }) && s.IntN(2) == 0 {
			unit = choose(s, arrow.Second, arrow.Millisecond)
		}
		if every(t, i, func(v expr.Value) bool { return v.Int%int64(datasets.Day) == 0 }) && s.IntN(2) == 0 {
			return choose[arrow.DataType](s, arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Date64)
		}
		return &arrow.TimestampType{Unit: unit, TimeZone: zone}
	}
	exact := every(t, i, func(v expr.Value) bool { return v.Exact })
	if !exact {
		thousandths := func(v expr.Value) bool { return math.Abs(v.Float) < 1e15 && v.Float*1000 == math.Trunc(v.Float*1000) }
		if every(t, i, thousandths) && s.IntN(3) == 0 {
			return &arrow.Decimal128Type{Precision: 20, Scale: 3}
		}
		if every(t, i, func(v expr.Value) bool { return float64(float32(v.Float)) == v.Float || !finite(v.Float) }) && s.IntN(3) == 0 {
			return arrow.PrimitiveTypes.Float32
		}
		return arrow.PrimitiveTypes.Float64
	}
	if every(t, i, func(v expr.Value) bool { return int64(int8(v.Int)) == v.Int }) && s.IntN(2) == 0 {
		return choose[arrow.DataType](s, arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Int16, arrow.PrimitiveTypes.Int32)
	}
	if every(t, i, func(v expr.Value) bool { return v.Int >= 0 }) && s.IntN(3) == 0 {
		return arrow.PrimitiveTypes.Uint64
	}
	return arrow.PrimitiveTypes.Int64
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func every(t *sourcetest.Table, i int, ok func(expr.Value) bool) bool {
	for _, r := range t.Rows {
		if !r[i].Null() && !ok(r[i]) {
			return false
		}
	}
	return true
}

func (s *shape) schema(t *sourcetest.Table) *arrow.Schema {
	var fields []arrow.Field
	for i, c := range t.Columns {
		nulls := !every(t, i, func(expr.Value) bool { return true }) || hasNull(t, i) || s.IntN(2) == 0
		fields = append(fields, arrow.Field{Name: c.Name, Type: s.types[i], Nullable: nulls})
	}
	return arrow.NewSchema(fields, nil)
}

func hasNull(t *sourcetest.Table, i int) bool {
	for _, r := range t.Rows {
		if r[i].Null() {
			return true
		}
	}
	return false
}

func record(schema *arrow.Schema, rows [][]expr.Value) arrow.Record {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, r := range rows {
		for i, v := range r {
			appendCell(b.Field(i), v)
		}
	}
	return b.NewRecord()
}

func appendCell(b array.Builder, v expr.Value) {
	if v.Null() {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(v.Text)
	case *array.LargeStringBuilder:
		b.Append(v.Text)
	case *array.BinaryBuilder:
		b.AppendString(v.Text)
	case *array.BooleanBuilder:
		b.Append(v.Bool)
	case *array.TimestampBuilder:
		unit := int64(b.Type().(*arrow.TimestampType).Unit.Multiplier())
		if unit >= 1000 {
			b.Append(arrow.Timestamp(v.Int / (unit / 1000)))
		} else {
			b.Append(arrow.Timestamp(v.Int*1000 + 7))
		}
	case *array.Float64Builder:
		b.Append(v.Number())
	case *array.Float32Builder:
		b.Append(float32(v.Number()))
	case *array.Decimal128Builder:
		b.Append(decimal128.FromI64(int64(v.Float * 1000)))
	case *array.Int8Builder:
		b.Append(int8(v.Int))
	case *array.Int16Builder:
		b.Append(int16(v.Int))
	case *array.Int32Builder:
		b.Append(int32(v.Int))
	case *array.Int64Builder:
		b.Append(v.Int)
	case *array.Uint64Builder:
		b.Append(uint64(v.Int))
	case *array.Date32Builder:
		b.Append(arrow.Date32(v.Int / int64(datasets.Day)))
	case *array.Date64Builder:
		b.Append(arrow.Date64(v.Int / 1000))
	case array.DictionaryBuilder:
		appendCoded(b, v)
	default:
		panic(fmt.Sprintf("no way to write %T", b))
	}
}

func appendCoded(b array.DictionaryBuilder, v expr.Value) {
	one := array.NewBuilder(memory.DefaultAllocator, b.Type().(*arrow.DictionaryType).ValueType)
	defer one.Release()
	appendCell(one, v)
	arr := one.NewArray()
	defer arr.Release()
	if err := b.AppendArray(arr); err != nil {
		panic(err)
	}
}

// write puts the rows of a table into files and sets its Dir and Files.
func (s *shape) write(tb testing.TB, t *sourcetest.Table) {
	tb.Helper()
	dir, err := os.MkdirTemp(tb.TempDir(), "table")
	if err != nil {
		tb.Fatal(err)
	}
	t.Spec.Dir = dir
	files := 1 + s.IntN(3)
	schema := s.schema(t)
	at := 0
	for i := range files {
		end := len(t.Rows)
		if i < files-1 {
			end = at + s.IntN(end-at+1)
		}
		ext := map[string]string{"parquet": ".parquet", "file": ".arrow", "stream": ".arrows", "csv": ".csv"}[s.format]
		name := filepath.Join(dir, fmt.Sprintf("part-%d%s", i, ext))
		if err := s.writeFile(name, schema, t, t.Rows[at:end]); err != nil {
			tb.Fatal(err)
		}
		at = end
		t.Spec.Files = []string{"*" + ext}
	}
}

func (s *shape) writeFile(name string, schema *arrow.Schema, t *sourcetest.Table, rows [][]expr.Value) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	switch s.format {
	case "csv":
		return s.writeCSV(f, t, rows)
	case "parquet":
		return s.writeParquet(f, schema, rows)
	}
	var w interface {
		Write(arrow.Record) error
		Close() error
	}
	options := []ipc.Option{ipc.WithSchema(schema)}
	switch s.IntN(3) {
	case 0:
		options = append(options, ipc.WithZstd())
	case 1:
		options = append(options, ipc.WithLZ4())
	}
	if s.format == "stream" {
		w = ipc.NewWriter(f, options...)
	} else if w, err = ipc.NewFileWriter(f, options...); err != nil {
		return err
	}
	for _, piece := range s.pieces(rows, s.format == "file") {
		r := record(schema, piece)
		err := w.Write(r)
		r.Release()
		if err != nil {
			return err
		}
	}
	return w.Close()
}

// pieces cuts rows; a dictionary may not change between the batches of an IPC file, so such are written whole.
func (s *shape) pieces(rows [][]expr.Value, whole bool) [][][]expr.Value {
	for _, t := range s.types {
		whole = whole && t.ID() == arrow.DICTIONARY
	}
	var out [][][]expr.Value
	for len(rows) > 0 {
		n := 1 + s.IntN(len(rows))
		if s.coded() {
			n = len(rows)
		}
		out = append(out, rows[:n])
		rows = rows[n:]
	}
	return out
}

func (s *shape) coded() bool {
	for _, t := range s.types {
		if t.ID() == arrow.DICTIONARY && s.format == "file" {
			return true
		}
	}
	return false
}

func (s *shape) writeParquet(f *os.File, schema *arrow.Schema, rows [][]expr.Value) error {
	scale := int64(1 + len(rows)/16) // so that large tables do not fall into thousands of pieces
	codec := choose(s, compress.Codecs.Uncompressed, compress.Codecs.Snappy)
	if s.IntN(4) == 0 { // slow to write
		codec = choose(s, compress.Codecs.Gzip, compress.Codecs.Zstd, compress.Codecs.Brotli)
	}
	props := []parquet.WriterProperty{
		parquet.WithCompression(codec), parquet.WithCompressionLevel(1),
		parquet.WithDictionaryDefault(s.IntN(2) == 0),
		parquet.WithDataPageVersion(choose(s, parquet.DataPageV1, parquet.DataPageV2)),
		parquet.WithDataPageSize(scale * choose[int64](s, 16, 64, 1<<16)),
		parquet.WithBatchSize(scale * choose[int64](s, 1, 3, 1024)),
		parquet.WithStats(s.IntN(3) > 0),
		parquet.WithMaxRowGroupLength(scale * choose[int64](s, 1, 5, 1000)),
	}
	if s.IntN(3) == 0 {
		for i, c := range schema.Fields() {
			switch s.types[i].ID() {
			case arrow.INT64, arrow.INT32:
				props = append(props, parquet.WithDictionaryFor(c.Name, false), parquet.WithEncodingFor(c.Name, parquet.Encodings.DeltaBinaryPacked))
			case arrow.STRING:
				e := choose(s, parquet.Encodings.DeltaLengthByteArray, parquet.Encodings.DeltaByteArray)
				props = append(props, parquet.WithDictionaryFor(c.Name, false), parquet.WithEncodingFor(c.Name, e))
			}
		}
	}
	w, err := pqarrow.NewFileWriter(schema, f, parquet.NewWriterProperties(props...), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return err
	}
	for _, piece := range s.pieces(rows, false) {
		r := record(schema, piece)
		err := w.Write(r)
		r.Release()
		if err != nil {
			return err
		}
	}
	return w.Close()
}

func (s *shape) writeCSV(f *os.File, t *sourcetest.Table, rows [][]expr.Value) error {
	if s.IntN(2) == 0 {
		if _, err := f.WriteString("\xef\xbb\xbf"); err != nil {
			return err
		}
	}
	w := csv.NewWriter(f)
	w.UseCRLF = s.IntN(2) == 0
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Name)
	}
	if err := w.Write(head); err != nil {
		return err
	}
	for _, r := range rows {
		var cells []string
		for _, v := range r {
			if v.Type == expr.Bool && t.Columns[len(cells)].Name != "new" { // which serves as a label, and those are texts in CSV
				cells = append(cells, choose(s, v.Plain(), strings.ToUpper(v.Plain())))
				continue
			}
			cells = append(cells, s.csvCell(v))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func (s *shape) csvCell(v expr.Value) string {
	if v.Type == expr.Time {
		at := time.UnixMicro(v.Int).UTC()
		layouts := []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999", "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05.999999 UTC"}
		if v.Int%int64(datasets.Day) == 0 {
			layouts = append(layouts, time.DateOnly)
		}
		return at.Format(choose(s, layouts...))
	}
	return v.Plain()
}
