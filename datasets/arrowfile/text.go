package arrowfile

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// printable tells whether a column can be a column of texts: nested values cannot, nor can bytes of fixed length.
func printable(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return printable(t.ValueType)
	case arrow.ExtensionType:
		return printable(t.StorageType())
	case arrow.NestedType, *arrow.FixedSizeBinaryType:
		return false
	}
	return true
}

// printer gives the cells of a column as texts that read back as the same values; empty for null.
func printer(a arrow.Array) func(row int) (string, error) {
	text := cellText(a)
	if a.NullN() == 0 && a.DataType().ID() != arrow.DICTIONARY {
		return text
	}
	return func(row int) (string, error) {
		if a.IsNull(row) {
			return "", nil
		}
		return text(row)
	}
}

func cellText(a arrow.Array) func(row int) (string, error) {
	switch a := a.(type) {
	case *array.Dictionary:
		words := printer(a.Dictionary())
		return func(row int) (string, error) { return words(a.GetValueIndex(row)) }
	case array.ExtensionArray:
		return cellText(a.Storage())
	case *array.Float64:
		return func(row int) (string, error) { return strconv.FormatFloat(a.Value(row), 'g', -1, 64), nil }
	case *array.Float32:
		return func(row int) (string, error) { return strconv.FormatFloat(float64(a.Value(row)), 'g', -1, 32), nil }
	case *array.Timestamp:
		return timestampText(a)
	case *array.Date32:
		return func(row int) (string, error) { return a.Value(row).ToTime().Format(time.DateOnly), nil }
	case *array.Date64:
		return func(row int) (string, error) { return a.Value(row).ToTime().Format(time.DateOnly), nil }
	case *array.Decimal128:
		scale := a.DataType().(arrow.DecimalType).GetScale()
		return func(row int) (string, error) { return decimalText(a.Value(row).BigInt(), scale), nil }
	case *array.Decimal256:
		scale := a.DataType().(arrow.DecimalType).GetScale()
		return func(row int) (string, error) { return decimalText(a.Value(row).BigInt(), scale), nil }
	case *array.Null:
		return func(int) (string, error) { return "", nil }
	}
	if key := textOf(a); key != nil {
		return func(row int) (string, error) {
			s := key(row)
			if !utf8.ValidString(s) {
				return "", errors.New("the text is not UTF-8; write Parquet or Arrow")
			}
			return s, nil
		}
	}
	return func(row int) (string, error) { return a.ValueStr(row), nil }
}

// decimalText writes all the places of a decimal, also those that are zero.
func decimalText(unscaled *big.Int, scale int32) string {
	digits := new(big.Int).Abs(unscaled).String()
	switch {
	case scale > 0:
		digits = strings.Repeat("0", max(int(scale)+1-len(digits), 0)) + digits
		digits = digits[:len(digits)-int(scale)] + "." + digits[len(digits)-int(scale):]
	case digits != "0":
		digits += strings.Repeat("0", -int(scale))
	}
	if unscaled.Sign() < 0 {
		return "-" + digits
	}
	return digits
}

// timestampText writes a time with a zone in UTC, and one without a zone without.
func timestampText(a *array.Timestamp) func(row int) (string, error) {
	t := a.DataType().(*arrow.TimestampType)
	layout := "2006-01-02T15:04:05.999999999"
	if t.TimeZone != "" {
		layout += "Z"
	}
	return func(row int) (string, error) { return a.Value(row).ToTime(t.Unit).UTC().Format(layout), nil }
}

// textOf reads columns of texts and bytes; nil for others. Its texts share the column's memory.
func textOf(a arrow.Array) func(row int) string {
	switch a := a.(type) {
	case *array.String:
		return a.Value
	case *array.LargeString:
		return a.Value
	case *array.StringView:
		return a.Value
	case *array.Binary:
		return a.ValueString
	case *array.LargeBinary:
		return a.ValueString
	case *array.BinaryView:
		return a.ValueString
	}
	return nil
}

// wholeOf reads columns of integers that fit int64; nil for others.
func wholeOf(a arrow.Array) func(row int) int64 {
	switch a := a.(type) {
	case *array.Int8:
		return func(row int) int64 { return int64(a.Value(row)) }
	case *array.Int16:
		return func(row int) int64 { return int64(a.Value(row)) }
	case *array.Int32:
		return func(row int) int64 { return int64(a.Value(row)) }
	case *array.Int64:
		return a.Value
	case *array.Uint8:
		return func(row int) int64 { return int64(a.Value(row)) }
	case *array.Uint16:
		return func(row int) int64 { return int64(a.Value(row)) }
	case *array.Uint32:
		return func(row int) int64 { return int64(a.Value(row)) }
	}
	return nil
}
