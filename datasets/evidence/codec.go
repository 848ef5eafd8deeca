package evidence

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"liftgate/datasets"
)

// Go types and their columns: a pointer is a column with nulls, a slice a list.

var timestamp = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}

// schemaOf derives a schema from the tags of a row type.
func schemaOf(table string, row reflect.Type) *arrow.Schema {
	fields := make([]arrow.Field, row.NumField())
	for i := range fields {
		f := row.Field(i)
		fields[i] = arrow.Field{
			Name:     f.Tag.Get("arrow"),
			Type:     dataType(f.Type),
			Nullable: f.Type.Kind() == reflect.Pointer,
		}
		if doc := f.Tag.Get("doc"); doc != "" {
			fields[i].Metadata = arrow.NewMetadata([]string{"description"}, []string{doc})
		}
	}
	metadata := arrow.NewMetadata([]string{"format", "table"}, []string{Format, table})
	return arrow.NewSchema(fields, &metadata)
}

func dataType(t reflect.Type) arrow.DataType {
	switch {
	case t == reflect.TypeFor[datasets.Instant]():
		return timestamp
	case t.Kind() == reflect.Pointer:
		return dataType(t.Elem())
	case t.Kind() == reflect.Slice:
		return arrow.ListOfNonNullable(dataType(t.Elem()))
	case t.Kind() == reflect.String:
		return arrow.BinaryTypes.String
	case t.Kind() == reflect.Float64:
		return arrow.PrimitiveTypes.Float64
	case t.Kind() == reflect.Bool:
		return arrow.FixedWidthTypes.Boolean
	default:
		return arrow.PrimitiveTypes.Int64
	}
}

// appendValue adds a field of a row to its column.
func appendValue(b array.Builder, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			b.AppendNull()
			return
		}
		v = v.Elem()
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(v.String())
	case *array.Float64Builder:
		b.Append(v.Float())
	case *array.BooleanBuilder:
		b.Append(v.Bool())
	case *array.Int64Builder:
		b.Append(v.Int())
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(v.Int()))
	case *array.ListBuilder:
		b.Append(true)
		for i := range v.Len() {
			appendValue(b.ValueBuilder(), v.Index(i))
		}
	}
}

// readValue sets a field of a row from its column; it panics when the column is of another type.
func readValue(a arrow.Array, row int, into reflect.Value) error {
	if a.IsNull(row) {
		if into.Kind() != reflect.Pointer {
			return fmt.Errorf("row %d is null", row)
		}
		return nil
	}
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
	}
	switch a := a.(type) {
	case *array.String:
		into.SetString(strings.Clone(a.Value(row))) // the column's memory is released
	case *array.Float64:
		into.SetFloat(a.Value(row))
	case *array.Boolean:
		into.SetBool(a.Value(row))
	case *array.Int64:
		into.SetInt(a.Value(row))
	case *array.Timestamp:
		into.SetInt(int64(a.Value(row)))
	case *array.List:
		start, end := a.ValueOffsets(row)
		if start == end {
			return nil
		}
		into.Set(reflect.MakeSlice(into.Type(), int(end-start), int(end-start)))
		for i := range into.Len() {
			if err := readValue(a.ListValues(), int(start)+i, into.Index(i)); err != nil {
				return err
			}
		}
	}
	return nil
}
