package tabular

import (
	"fmt"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// arrowKind is what an Arrow type means here, or why it is not supported.
func arrowKind(t arrow.DataType) (k Kind, why string) {
	switch t := t.(type) {
	case *arrow.StringType, *arrow.LargeStringType, *arrow.StringViewType, *arrow.BinaryType, *arrow.LargeBinaryType, *arrow.BinaryViewType:
		return Text, ""
	case *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Int64Type,
		*arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type, *arrow.Uint64Type:
		return Integer, ""
	case *arrow.Float16Type, *arrow.Float32Type, *arrow.Float64Type:
		return Number, ""
	case arrow.DecimalType:
		if t.GetScale() < 0 || t.GetScale() > 76 {
			return Unsupported, fmt.Sprintf("decimals of scale %d are not supported", t.GetScale())
		}
		return Number, ""
	case *arrow.TimestampType, *arrow.Date32Type, *arrow.Date64Type:
		return Instant, ""
	case *arrow.BooleanType:
		return Boolean, ""
	case *arrow.NullType:
		return Untyped, ""
	case *arrow.DictionaryType:
		return arrowKind(t.ValueType)
	case arrow.ExtensionType:
		return arrowKind(t.StorageType())
	default:
		return Unsupported, fmt.Sprintf("columns of type %v are not supported", t)
	}
}

// arrowDictionary is the dictionary that the last batch of a column referred to.
type arrowDictionary struct {
	data  arrow.ArrayData
	cells *Column
}

// readArrow reads rows a up to b of an array.
func readArrow(arr arrow.Array, a, b int, zone *time.Location, memo *arrowDictionary) (*Column, error) {
	switch arr := arr.(type) {
	case *array.Dictionary:
		return readArrowDictionary(arr, a, b, zone, memo)
	case array.ExtensionArray:
		return readArrow(arr.Storage(), a, b, zone, memo)
	}
	k, why := arrowKind(arr.DataType())
	c := &Column{Kind: k}
	if k == Unsupported {
		return nil, fmt.Errorf("%s", why)
	}
	if arr.NullN() > 0 && k != Untyped {
		c.Valid = make([]bool, b-a)
		for i := range c.Valid {
			c.Valid[i] = arr.IsValid(a + i)
		}
	}
	err := c.fill(arr, a, b)
	if err == nil && k == Instant {
		err = arrowClock(arr.DataType()).convert(c.Ints, zone)
	}
	return c, err
}

func (c *Column) fill(arr arrow.Array, a, b int) error {
	switch arr := arr.(type) {
	case *array.String:
		c.Texts = texts(c, a, b, arr.Value)
	case *array.LargeString:
		c.Texts = texts(c, a, b, arr.Value)
	case *array.StringView:
		c.Texts = texts(c, a, b, arr.Value)
	case *array.Binary:
		c.Texts = texts(c, a, b, arr.ValueString)
	case *array.LargeBinary:
		c.Texts = texts(c, a, b, arr.ValueString)
	case *array.BinaryView:
		c.Texts = texts(c, a, b, arr.ValueString)
	case *array.Int8:
		c.Ints = widen(arr.Int8Values()[a:b])
	case *array.Int16:
		c.Ints = widen(arr.Int16Values()[a:b])
	case *array.Int32:
		c.Ints = widen(arr.Int32Values()[a:b])
	case *array.Int64:
		c.Ints = widen(arr.Int64Values()[a:b])
	case *array.Uint8:
		c.Ints = widen(arr.Uint8Values()[a:b])
	case *array.Uint16:
		c.Ints = widen(arr.Uint16Values()[a:b])
	case *array.Uint32:
		c.Ints = widen(arr.Uint32Values()[a:b])
	case *array.Uint64:
		c.fillUnsigned(arr.Uint64Values()[a:b])
	default:
		return c.fillOthers(arr, a, b)
	}
	return nil
}

func (c *Column) fillUnsigned(values []uint64) {
	c.Ints = widen(values)
	for i, v := range c.Ints {
		if v < 0 && !c.Null(i) {
			c.overflow(i)
		}
	}
}

func (c *Column) fillOthers(arr arrow.Array, a, b int) error {
	switch arr := arr.(type) {
	case *array.Timestamp:
		c.Ints = widen(arr.TimestampValues()[a:b])
	case *array.Date32:
		c.Ints = widen(arr.Date32Values()[a:b])
	case *array.Date64:
		c.Ints = widen(arr.Date64Values()[a:b])
	case *array.Float64:
		c.Floats = append([]float64(nil), arr.Float64Values()[a:b]...)
	case *array.Float32:
		c.Floats = make([]float64, b-a)
		for i, v := range arr.Float32Values()[a:b] {
			c.Floats[i] = float64(v)
		}
	case *array.Float16:
		c.Floats = make([]float64, b-a)
		for i, v := range arr.Values()[a:b] {
			c.Floats[i] = float64(v.Float32())
		}
	case *array.Boolean:
		c.Ints = make([]int64, b-a)
		for i := range c.Ints {
			if !c.Null(i) && arr.Value(a+i) {
				c.Ints[i] = 1
			}
		}
	case *array.Decimal128:
		for _, v := range arr.Values()[a:b] {
			c.addDecimal(v.BigInt(), int(arr.DataType().(arrow.DecimalType).GetScale()))
		}
	case *array.Decimal256:
		for _, v := range arr.Values()[a:b] {
			c.addDecimal(v.BigInt(), int(arr.DataType().(arrow.DecimalType).GetScale()))
		}
	case *array.Null:
	default:
		return fmt.Errorf("columns of type %v are not supported", arr.DataType())
	}
	return nil
}

func texts(c *Column, a, b int, value func(int) string) []string {
	out := make([]string, b-a)
	for i := range out {
		if !c.Null(i) {
			out[i] = value(a + i)
		}
	}
	return out
}

func widen[T ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64](values []T) []int64 {
	out := make([]int64, len(values))
	for i, v := range values {
		out[i] = int64(v)
	}
	return out
}

func arrowClock(t arrow.DataType) clock {
	switch t := t.(type) {
	case *arrow.TimestampType:
		return clock{unit: t.Unit.Multiplier(), local: t.TimeZone == ""}
	case *arrow.Date64Type:
		return clock{unit: time.Millisecond, local: true}
	default:
		return clock{unit: 24 * time.Hour, local: true}
	}
}

func readArrowDictionary(arr *array.Dictionary, a, b int, zone *time.Location, memo *arrowDictionary) (*Column, error) {
	if memo.data != arr.Dictionary().Data() {
		cells, err := readArrow(arr.Dictionary(), 0, arr.Dictionary().Len(), zone, &arrowDictionary{})
		if err != nil {
			return nil, err
		}
		if cells.Kind == Text && cells.Dict == nil {
			cells.Dict = &Dictionary{Texts: cells.Texts}
		}
		memo.data, memo.cells = arr.Dictionary().Data(), cells
	}
	codes := make([]uint32, b-a)
	valid := make([]bool, b-a)
	size := arr.Dictionary().Len()
	for i := range codes {
		if arr.IsNull(a + i) {
			continue
		}
		code := arr.GetValueIndex(a + i)
		if code < 0 || code >= size {
			return nil, fmt.Errorf("code %d points beyond a dictionary of %d", code, size)
		}
		codes[i], valid[i] = uint32(code), !memo.cells.Null(code)
	}
	if size == 0 {
		return &Column{Kind: memo.cells.Kind, Valid: valid, Codes: codes, Dict: memo.cells.Dict}, nil
	}
	c, err := memo.cells.at(codes, &Column{})
	c.Valid = valid
	return &c, err
}
