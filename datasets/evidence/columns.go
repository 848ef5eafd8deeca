package evidence

import (
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// Tables of many rows are written and read column by column.

// narrowest is the smallest type that holds all integers from low to high; nil for nothing but 0.
func narrowest(low, high int64) arrow.DataType {
	switch {
	case low == 0 && high == 0:
		return nil
	case low >= -1<<7 && high < 1<<7:
		return arrow.PrimitiveTypes.Int8
	case low >= -1<<15 && high < 1<<15:
		return arrow.PrimitiveTypes.Int16
	case low >= -1<<31 && high < 1<<31:
		return arrow.PrimitiveTypes.Int32
	default:
		return arrow.PrimitiveTypes.Int64
	}
}

// span is the range of the integers of a column, from 0.
type span struct{ low, high int64 }

func include[T int32 | int64](s *span, values []T) {
	if len(values) > 0 {
		s.low, s.high = min(s.low, int64(slices.Min(values))), max(s.high, int64(slices.Max(values)))
	}
}

// fieldsOf describes columns of integers of the types that their ranges need.
func fieldsOf(columns []described, spans []span) []arrow.Field {
	var out []arrow.Field
	for i, c := range columns {
		if t := narrowest(spans[i].low, spans[i].high); t != nil {
			out = append(out, arrow.Field{Name: c.name, Type: t, Metadata: description(c.doc)})
		}
	}
	return out
}

func description(doc string) arrow.Metadata {
	return arrow.NewMetadata([]string{"description"}, []string{doc})
}

func metadataOf(table string) *arrow.Metadata {
	m := arrow.NewMetadata([]string{"format", "table"}, []string{Format, table})
	return &m
}

// integers is a column of a type that holds the values.
func integers[T int32 | int64](values []T, t arrow.DataType) arrow.Array {
	var data []byte
	switch t.ID() {
	case arrow.INT8:
		data = arrow.Int8Traits.CastToBytes(converted[int8](values))
	case arrow.INT16:
		data = arrow.Int16Traits.CastToBytes(converted[int16](values))
	case arrow.INT32:
		data = arrow.Int32Traits.CastToBytes(converted[int32](values))
	default:
		data = arrow.Int64Traits.CastToBytes(converted[int64](values))
	}
	return column(t, len(values), nil, data)
}

func converted[To int8 | int16 | int32 | int64, From int8 | int16 | int32 | int64](values []From) []To {
	out := make([]To, len(values))
	for i, v := range values {
		out[i] = To(v)
	}
	return out
}

// lists is a column of lists of that many of the values each.
func lists(values []float64, width int) arrow.Array {
	rows := len(values) / width
	offsets := make([]int32, rows+1)
	for i := range offsets {
		offsets[i] = int32(i * width)
	}
	child := column(arrow.PrimitiveTypes.Float64, len(values), nil, arrow.Float64Traits.CastToBytes(values))
	defer child.Release()
	return column(listOfFloats, rows, []arrow.ArrayData{child.Data()}, arrow.Int32Traits.CastToBytes(offsets))
}

var listOfFloats = arrow.ListOfNonNullable(arrow.PrimitiveTypes.Float64)

// column has no nulls. Its memory is that of data.
func column(t arrow.DataType, rows int, children []arrow.ArrayData, data []byte) arrow.Array {
	d := array.NewData(t, rows, []*memory.Buffer{nil, memory.NewBufferBytes(data)}, children, 0, 0)
	defer d.Release()
	return array.MakeFromData(d)
}

// integersOf reads a column of integers of any width; one that is not there is 0 everywhere.
func integersOf[T int32 | int64](record arrow.Record, name string) ([]T, error) {
	at := record.Schema().FieldIndices(name)
	if len(at) == 0 {
		return make([]T, record.NumRows()), nil
	}
	a := record.Column(at[0])
	if len(at) > 1 || a.NullN() > 0 || int64(a.Len()) != record.NumRows() {
		return nil, fmt.Errorf("column %q has nulls or is there twice", name)
	}
	switch a := a.(type) {
	case *array.Int8:
		return converted[T](a.Int8Values()), nil
	case *array.Int16:
		return converted[T](a.Int16Values()), nil
	case *array.Int32:
		return converted[T](a.Int32Values()), nil
	case *array.Int64:
		values := converted[T](a.Int64Values())
		for i, v := range a.Int64Values() {
			if int64(values[i]) != v {
				return nil, fmt.Errorf("column %q: %d is too large", name, v)
			}
		}
		return values, nil
	}
	return nil, fmt.Errorf("column %q is %s, want integers", name, a.DataType())
}

// floatsOf reads a column of lists of that many numbers each.
func floatsOf(record arrow.Record, name string, width int) ([]float64, error) {
	at := record.Schema().FieldIndices(name)
	if len(at) != 1 {
		return nil, fmt.Errorf("it has %d columns %q, want one", len(at), name)
	}
	a, ok := record.Column(at[0]).(*array.List)
	if !ok || !arrow.TypeEqual(a.DataType(), listOfFloats) {
		return nil, fmt.Errorf("column %q is %s, want %s", name, record.Column(at[0]).DataType(), listOfFloats)
	}
	values := a.ListValues().(*array.Float64).Float64Values()
	if a.NullN() > 0 || a.ListValues().NullN() > 0 || a.Len() != int(record.NumRows()) {
		return nil, fmt.Errorf("column %q has nulls", name)
	}
	for i, offset := range a.Offsets()[:a.Len()+1] {
		if int(offset) != i*width || int(offset) > len(values) {
			return nil, fmt.Errorf("column %q: row %d has not %d numbers", name, i-1, width)
		}
	}
	return values[:a.Len()*width], nil
}

// integerLists is a column of lists, given where each ends.
func integerLists(values []int64, ends []int32, t arrow.DataType) arrow.Array {
	child := integers(values, t)
	defer child.Release()
	offsets := append([]int32{0}, ends...)
	return column(arrow.ListOfNonNullable(t), len(ends), []arrow.ArrayData{child.Data()}, arrow.Int32Traits.CastToBytes(offsets))
}

// integerListsOf reads a column of lists of integers of any width: all integers, and where each list ends; both are nil where there is no such
// column.
func integerListsOf(record arrow.Record, name string) (at func(i int) int64, ends []int32, err error) {
	place := record.Schema().FieldIndices(name)
	if len(place) == 0 {
		return nil, nil, nil
	}
	a, ok := record.Column(place[0]).(*array.List)
	if !ok || len(place) > 1 || a.NullN() > 0 || a.ListValues().NullN() > 0 || int64(a.Len()) != record.NumRows() {
		return nil, nil, fmt.Errorf("column %q is %s, has nulls or is there twice", name, record.Column(place[0]).DataType())
	}
	switch items := a.ListValues().(type) {
	case *array.Int8:
		at = func(i int) int64 { return int64(items.Value(i)) }
	case *array.Int16:
		at = func(i int) int64 { return int64(items.Value(i)) }
	case *array.Int32:
		at = func(i int) int64 { return int64(items.Value(i)) }
	case *array.Int64:
		at = items.Value
	default:
		return nil, nil, fmt.Errorf("column %q is %s, want lists of integers", name, a.DataType())
	}
	offsets := a.Offsets()[:a.Len()+1]
	if !slices.IsSorted(offsets) || offsets[0] != 0 || int(offsets[a.Len()]) != a.ListValues().Len() {
		return nil, nil, fmt.Errorf("column %q: its lists do not end in order", name)
	}
	return at, offsets[1:], nil
}
