package arrowfile

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/compute"
	"github.com/apache/arrow/go/v17/arrow/flight"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// A row group ends at either of these, so that its pages, which are kept until it does, and the readers of the file need
// bounded memory.
const (
	groupRows  = 1 << 17
	groupBytes = 64 << 20
)

// codedType is how a text column comes that is given as a dictionary.
var codedType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int16, ValueType: arrow.BinaryTypes.String}

// CodedType is the type of the columns of WriteOptions.Coded in records.
func CodedType() arrow.DataType { return codedType }

// parquetEncoder writes row groups of a size that does not depend on that of the records.
type parquetEncoder struct {
	writer *pqarrow.FileWriter
	schema *arrow.Schema // of the records
}

func newParquetEncoder(to *sink, schema *arrow.Schema, o WriteOptions) (encoder, error) {
	given := slices.Clone(schema.Fields())
	for i, f := range given {
		if err := storable(f.Type); err != nil {
			return nil, fmt.Errorf("column %q: %w", f.Name, err)
		}
		switch coded, ok := f.Type.(*arrow.DictionaryType); {
		case slices.Contains(o.Coded, f.Name):
			given[i].Type = codedType
		case ok && !textual(coded.ValueType):
			given[i].Type = coded.ValueType
		}
	}
	metadata := schema.Metadata()
	e := &parquetEncoder{schema: arrow.NewSchema(given, &metadata)}
	var err error
	e.writer, err = pqarrow.NewFileWriter(e.schema, to, parquet.NewWriterProperties(parquetProperties(schema, o)...), pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, err
	}
	stored := flight.SerializeSchema(schema, memory.DefaultAllocator)
	return e, e.writer.AppendKeyValueMetadata(storedSchema, base64.StdEncoding.EncodeToString(stored))
}

// parquetProperties leave out statistics of texts, which cost more than they let a reader skip (and arrow-go 17 counts the nulls
// of required dictionary columns wrong).
func parquetProperties(schema *arrow.Schema, o WriteOptions) []parquet.WriterProperty {
	out := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(groupRows), parquet.WithCreatedBy("liftgate"),
	}
	for _, f := range schema.Fields() {
		switch f.Type.(type) {
		case *arrow.StringType, *arrow.LargeStringType, *arrow.BinaryType, *arrow.LargeBinaryType, *arrow.DictionaryType:
			out = append(out, parquet.WithStatsFor(f.Name, false))
		case *arrow.Float32Type, *arrow.Float64Type:
			out = append(out, parquet.WithDictionaryFor(f.Name, false))
		}
	}
	for _, name := range o.Unique {
		out = append(out, parquet.WithDictionaryFor(name, false), parquet.WithStatsFor(name, false))
		if f, ok := schema.FieldsByName(name); ok && arrow.IsPrimitive(f[0].Type.ID()) { // hashes do not shrink
			out = append(out, parquet.WithCompressionFor(name, compress.Codecs.Uncompressed))
		}
	}
	return out
}

// storable refuses the types that the library would answer with a panic or, worse, with wrong values.
func storable(t arrow.DataType) error {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return storable(t.ValueType)
	case arrow.ExtensionType:
		return storable(t.StorageType())
	case arrow.DecimalType:
		if t.GetScale() >= 0 && t.GetScale() <= t.GetPrecision() {
			return nil
		}
	case arrow.NestedType:
		if _, isUnion := t.(arrow.UnionType); isUnion {
			break
		}
		switch t.ID() {
		case arrow.LIST_VIEW, arrow.LARGE_LIST_VIEW, arrow.RUN_END_ENCODED, arrow.LARGE_LIST:
			return fmt.Errorf("%v cannot be stored in Parquet here", t)
		}
		for _, f := range t.Fields() {
			if err := storable(f.Type); err != nil {
				return err
			}
		}
		return nil
	case *arrow.StringViewType, *arrow.BinaryViewType, *arrow.MonthIntervalType, *arrow.DayTimeIntervalType, *arrow.MonthDayNanoIntervalType, *arrow.DurationType:
	default:
		return nil
	}
	return fmt.Errorf("%v cannot be stored in Parquet here", t)
}

func (e *parquetEncoder) write(record arrow.Record) error {
	if e.writer.RowGroupTotalBytesWritten() >= groupBytes {
		e.writer.NewBufferedRowGroup()
	}
	columns := make([]arrow.Array, 0, record.NumCols())
	defer func() { releaseAll(columns) }()
	for i, c := range record.Columns() {
		stored, err := stored(c, e.schema.Field(i).Type)
		if err != nil {
			return fmt.Errorf("column %q: %w", record.ColumnName(i), err)
		}
		columns = append(columns, stored)
	}
	whole := array.NewRecord(e.schema, columns, record.NumRows())
	defer whole.Release()
	return e.writer.WriteBuffered(whole)
}

func (e *parquetEncoder) close() error { return e.writer.Close() }

// textual tells the dictionaries that the library writes as such; it takes the codes of others for values.
func textual(t arrow.DataType) bool {
	return t.ID() == arrow.STRING || t.ID() == arrow.BINARY || t.ID() == arrow.LARGE_STRING || t.ID() == arrow.LARGE_BINARY
}

// stored gives a dictionary as what it stands for where the column wants that. The caller releases it.
func stored(a arrow.Array, want arrow.DataType) (arrow.Array, error) {
	coded, ok := a.(*array.Dictionary)
	switch {
	case ok && want.ID() != arrow.DICTIONARY:
		return compute.TakeArray(context.Background(), coded.Dictionary(), coded.Indices())
	case ok && coded.Dictionary().NullN() > 0:
		return nil, errors.New("a dictionary that holds null cannot be stored in Parquet here")
	}
	a.Retain()
	return a, nil
}
