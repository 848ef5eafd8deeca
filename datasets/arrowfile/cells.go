package arrowfile

import (
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"liftgate/datasets/expr"
)

// Keys reads a column of keys: texts, or integers as their decimal text. The function gives the key of a row, empty for null; it
// shares the column's memory and is for one goroutine.
func Keys(a arrow.Array) (func(row int) string, error) {
	switch c := a.(type) {
	case *array.Dictionary:
		return codedKeys(c)
	case array.ExtensionArray:
		return Keys(c.Storage())
	case *array.Null:
		return func(int) string { return "" }, nil
	case *array.Uint64:
		return presentKeys(a, func(row int) string { return strconv.FormatUint(c.Value(row), 10) }), nil
	}
	if text := textOf(a); text != nil {
		return presentKeys(a, text), nil
	}
	if whole := wholeOf(a); whole != nil {
		return presentKeys(a, func(row int) string { return strconv.FormatInt(whole(row), 10) }), nil
	}
	return nil, fmt.Errorf("the column is %v; a key is a text or an integer", a.DataType())
}

func presentKeys(a arrow.Array, key func(int) string) func(int) string {
	if a.NullN() == 0 {
		return key
	}
	return func(row int) string {
		if a.IsNull(row) {
			return ""
		}
		return key(row)
	}
}

func codedKeys(a *array.Dictionary) (func(row int) string, error) {
	words, err := Keys(a.Dictionary())
	if err != nil {
		return nil, err
	}
	return presentKeys(a, func(row int) string { return words(a.GetValueIndex(row)) }), nil
}

// TypeOf tells what a condition takes a column for. A CSV column is a text here.
func TypeOf(t arrow.DataType) (expr.Type, error) {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return TypeOf(t.ValueType)
	case arrow.ExtensionType:
		return TypeOf(t.StorageType())
	case *arrow.NullType:
		return expr.Untyped, nil
	case *arrow.BooleanType:
		return expr.Bool, nil
	case *arrow.StringType, *arrow.LargeStringType, *arrow.StringViewType, *arrow.BinaryType, *arrow.LargeBinaryType, *arrow.BinaryViewType:
		return expr.Text, nil
	case *arrow.TimestampType, *arrow.Date32Type, *arrow.Date64Type:
		return expr.Time, nil
	case *arrow.Decimal128Type, *arrow.Decimal256Type, *arrow.Float16Type, *arrow.Float32Type, *arrow.Float64Type:
		return expr.Number, nil
	}
	if arrow.IsInteger(t.ID()) {
		return expr.Number, nil
	}
	return expr.Untyped, fmt.Errorf("columns of type %v are not supported", t)
}

// Values reads a column as what [TypeOf] takes it for. Times without a zone are in the given one, UTC when nil. The function
// shares the column's memory and is for one goroutine.
func Values(a arrow.Array, zone *time.Location) (func(row int) expr.Value, error) {
	value, err := valueOf(a, zone)
	if err != nil {
		return nil, err
	}
	return func(row int) expr.Value {
		if a.IsNull(row) {
			return expr.Value{}
		}
		return value(row)
	}, nil
}

func valueOf(a arrow.Array, zone *time.Location) (func(row int) expr.Value, error) {
	switch a := a.(type) {
	case *array.Dictionary:
		words, err := Values(a.Dictionary(), zone)
		return func(row int) expr.Value { return words(a.GetValueIndex(row)) }, err
	case array.ExtensionArray:
		return valueOf(a.Storage(), zone)
	case *array.Null:
		return func(int) expr.Value { return expr.Value{} }, nil
	case *array.Boolean:
		return func(row int) expr.Value { return expr.BoolValue(a.Value(row)) }, nil
	case *array.Timestamp, *array.Date32, *array.Date64:
		return instantOf(a, zone), nil
	}
	if text := textOf(a); text != nil {
		return func(row int) expr.Value { return expr.TextValue(text(row)) }, nil
	}
	if whole := wholeOf(a); whole != nil {
		return func(row int) expr.Value { return expr.IntValue(whole(row)) }, nil
	}
	if number := numberOf(a); number != nil {
		return number, nil
	}
	return nil, fmt.Errorf("columns of type %v are not supported", a.DataType())
}

// numberOf reads columns of numbers that are not all integers of 64 bits; nil for others.
func numberOf(a arrow.Array) func(row int) expr.Value {
	switch a := a.(type) {
	case *array.Uint64:
		return func(row int) expr.Value {
			if v := a.Value(row); int64(v) < 0 {
				return expr.FloatValue(float64(v))
			}
			return expr.IntValue(int64(a.Value(row)))
		}
	case *array.Float64:
		return func(row int) expr.Value { return expr.FloatValue(a.Value(row)) }
	case *array.Float32:
		return func(row int) expr.Value { return expr.FloatValue(float64(a.Value(row))) }
	case *array.Float16:
		return func(row int) expr.Value { return expr.FloatValue(float64(a.Value(row).Float32())) }
	case *array.Decimal128:
		scale := a.DataType().(arrow.DecimalType).GetScale()
		return func(row int) expr.Value { return decimal(a.Value(row).BigInt(), scale) }
	case *array.Decimal256:
		scale := a.DataType().(arrow.DecimalType).GetScale()
		return func(row int) expr.Value { return decimal(a.Value(row).BigInt(), scale) }
	}
	return nil
}

// decimal is exact when it is an integer, else the nearest float.
func decimal(unscaled *big.Int, scale int32) expr.Value {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(scale, -scale))), nil)
	if scale <= 0 {
		power.Mul(power, unscaled)
		if power.IsInt64() {
			return expr.IntValue(power.Int64())
		}
		f, _ := new(big.Float).SetInt(power).Float64()
		return expr.FloatValue(f)
	}
	f, _ := new(big.Rat).SetFrac(unscaled, power).Float64()
	return expr.FloatValue(f)
}

// instantOf reads times in microseconds since 1970, rounding down.
func instantOf(a arrow.Array, zone *time.Location) func(row int) expr.Value {
	local, at := true, func(int) time.Time { return time.Time{} }
	switch a := a.(type) {
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		local = t.TimeZone == ""
		at = func(row int) time.Time { return a.Value(row).ToTime(t.Unit) }
	case *array.Date32:
		at = func(row int) time.Time { return a.Value(row).ToTime() }
	case *array.Date64:
		at = func(row int) time.Time { return a.Value(row).ToTime() }
	}
	if !local || zone == nil || zone == time.UTC {
		return func(row int) expr.Value { return expr.TimeValue(at(row).UnixMicro()) }
	}
	return func(row int) expr.Value {
		t := at(row).UTC()
		return expr.TimeValue(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UnixMicro())
	}
}
