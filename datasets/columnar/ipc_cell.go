package columnar

import (
	"fmt"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// arrowKind is what an Arrow type means here, or why it is not supported.
func arrowKind(t arrow.DataType) (k kind, why string) {
	switch t := t.(type) {
	case *arrow.StringType, *arrow.LargeStringType, *arrow.StringViewType, *arrow.BinaryType, *arrow.LargeBinaryType, *arrow.BinaryViewType:
		return text, ""
	case *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Int64Type,
		*arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type, *arrow.Uint64Type:
		return integer, ""
	case *arrow.Float16Type, *arrow.Float32Type, *arrow.Float64Type:
		return number, ""
	case arrow.DecimalType:
		if t.GetScale() < 0 || t.GetScale() > 76 {
			return unsupported, fmt.Sprintf("decimals of scale %d are not supported", t.GetScale())
		}
		return number, ""
	case *arrow.TimestampType, *arrow.Date32Type, *arrow.Date64Type:
		return instant, ""
	case *arrow.BooleanType:
		return boolean, ""
	case *arrow.NullType:
		return untyped, ""
	case *arrow.DictionaryType:
		return arrowKind(t.ValueType)
	case arrow.ExtensionType:
		return arrowKind(t.StorageType())
	default:
		return unsupported, fmt.Sprintf("columns of type %v are not supported", t)
	}
}

// arrowDictionary is the dictionary that the last batch of a column referred to.
type arrowDictionary struct {
	data  arrow.ArrayData
	cells *column
}

// readArrow reads rows a up to b of an array.
func readArrow(arr arrow.Array, a, b int, zone *time.Location, memo *arrowDictionary) (*column, error) {
	switch arr := arr.(type) {
	case *array.Dictionary:
		return readArrowDictionary(arr, a, b, zone, memo)
	case array.ExtensionArray:
		return readArrow(arr.Storage(), a, b, zone, memo)
	}
	k, why := arrowKind(arr.DataType())
	c := &column{kind: k}
	if k == unsupported {
		return nil, fmt.Errorf("%s", why)
	}
	if arr.NullN() > 0 && k != untyped {
		c.valid = make([]bool, b-a)
		for i := range c.valid {
			c.valid[i] = arr.IsValid(a + i)
		}
	}
	err := c.fill(arr, a, b)
	if err == nil && k == instant {
		err = arrowClock(arr.DataType()).convert(c.ints, zone)
	}
	return c, err
}

func (c *column) fill(arr arrow.Array, a, b int) error {
	switch arr := arr.(type) {
	case *array.String:
		c.texts = texts(c, a, b, arr.Value)
	case *array.LargeString:
		c.texts = texts(c, a, b, arr.Value)
	case *array.StringView:
		c.texts = texts(c, a, b, arr.Value)
	case *array.Binary:
		c.texts = texts(c, a, b, arr.ValueString)
	case *array.LargeBinary:
		c.texts = texts(c, a, b, arr.ValueString)
	case *array.BinaryView:
		c.texts = texts(c, a, b, arr.ValueString)
	case *array.Int8:
		c.ints = widen(arr.Int8Values()[a:b])
	case *array.Int16:
		c.ints = widen(arr.Int16Values()[a:b])
	case *array.Int32:
		c.ints = widen(arr.Int32Values()[a:b])
	case *array.Int64:
		c.ints = widen(arr.Int64Values()[a:b])
	case *array.Uint8:
		c.ints = widen(arr.Uint8Values()[a:b])
	case *array.Uint16:
		c.ints = widen(arr.Uint16Values()[a:b])
	case *array.Uint32:
		c.ints = widen(arr.Uint32Values()[a:b])
	case *array.Uint64:
		c.fillUnsigned(arr.Uint64Values()[a:b])
	default:
		return c.fillOthers(arr, a, b)
	}
	return nil
}

func (c *column) fillUnsigned(values []uint64) {
	c.ints = widen(values)
	for i, v := range c.ints {
		if v < 0 && !c.null(i) {
			c.overflow(i)
		}
	}
}

func (c *column) fillOthers(arr arrow.Array, a, b int) error {
	switch arr := arr.(type) {
	case *array.Timestamp:
		c.ints = widen(arr.TimestampValues()[a:b])
	case *array.Date32:
		c.ints = widen(arr.Date32Values()[a:b])
	case *array.Date64:
		c.ints = widen(arr.Date64Values()[a:b])
	case *array.Float64:
		c.floats = append([]float64(nil), arr.Float64Values()[a:b]...)
	case *array.Float32:
		c.floats = make([]float64, b-a)
		for i, v := range arr.Float32Values()[a:b] {
			c.floats[i] = float64(v)
		}
	case *array.Float16:
		c.floats = make([]float64, b-a)
		for i, v := range arr.Values()[a:b] {
			c.floats[i] = float64(v.Float32())
		}
	case *array.Boolean:
		c.ints = make([]int64, b-a)
		for i := range c.ints {
			if !c.null(i) && arr.Value(a+i) {
				c.ints[i] = 1
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

func texts(c *column, a, b int, value func(int) string) []string {
	out := make([]string, b-a)
	for i := range out {
		if !c.null(i) {
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

func readArrowDictionary(arr *array.Dictionary, a, b int, zone *time.Location, memo *arrowDictionary) (*column, error) {
	if memo.data != arr.Dictionary().Data() {
		cells, err := readArrow(arr.Dictionary(), 0, arr.Dictionary().Len(), zone, &arrowDictionary{})
		if err != nil {
			return nil, err
		}
		if cells.kind == text && cells.dict == nil {
			cells.dict = &dictionary{texts: cells.texts}
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
		codes[i], valid[i] = uint32(code), !memo.cells.null(code)
	}
	if size == 0 {
		return &column{kind: memo.cells.kind, valid: valid, codes: codes, dict: memo.cells.dict}, nil
	}
	c, err := memo.cells.at(codes, &column{})
	c.valid = valid
	return &c, err
}
