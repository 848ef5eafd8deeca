package expr

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"
)

// Value is one cell or literal. The zero Value is null.
type Value struct {
	Type  Type // Untyped means null
	Bool  bool
	Exact bool    // a number held in Int rather than in Float
	Int   int64   // of an exact number; of a time, microseconds since 1970 in UTC
	Float float64 // of any other number
	Text  string
}

// BoolValue is a boolean.
func BoolValue(b bool) Value { return Value{Type: Bool, Bool: b} }

// IntValue is a number that is exact however large.
func IntValue(i int64) Value { return Value{Type: Number, Exact: true, Int: i} }

// FloatValue is any other number.
func FloatValue(f float64) Value { return Value{Type: Number, Float: f} }

// TextValue is a text.
func TextValue(s string) Value { return Value{Type: Text, Text: s} }

// TimeValue is a time, in microseconds since 1970 in UTC.
func TimeValue(us int64) Value { return Value{Type: Time, Int: us} }

// Null reports whether the value is absent.
func (v Value) Null() bool { return v.Type == Untyped }

// Number is the value of a number as float64.
func (v Value) Number() float64 {
	if v.Exact {
		return float64(v.Int)
	}
	return v.Float
}

// Compare orders two non-null values of one type: numbers exactly, whatever their representation, texts bytewise.
func Compare(a, b Value) int {
	switch a.Type {
	case Number:
		return compareNumbers(a, b)
	case Text:
		return strings.Compare(a.Text, b.Text)
	case Time:
		return cmp.Compare(a.Int, b.Int)
	default:
		return boolInt(a.Bool) - boolInt(b.Bool)
	}
}

func compareNumbers(a, b Value) int {
	switch {
	case a.Exact && b.Exact:
		return cmp.Compare(a.Int, b.Int)
	case a.Exact:
		return CompareIntFloat(a.Int, b.Float)
	case b.Exact:
		return -CompareIntFloat(b.Int, a.Float)
	default:
		return cmp.Compare(a.Float, b.Float)
	}
}

// CompareIntFloat compares an integer with a float without rounding either; NaN is below everything, as in cmp.Compare.
func CompareIntFloat(i int64, f float64) int {
	switch {
	case math.IsNaN(f), f < -(1 << 63):
		return 1
	case f >= 1<<63:
		return -1
	}
	whole := math.Floor(f)
	if c := cmp.Compare(i, int64(whole)); c != 0 {
		return c
	}
	if f > whole {
		return -1
	}
	return 0
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// String prints the value as a literal.
func (v Value) String() string {
	switch {
	case v.Null():
		return "null"
	case v.Type == Bool:
		return strconv.FormatBool(v.Bool)
	case v.Type == Text:
		return quote(v.Text)
	case v.Type == Time:
		return quote(time.UnixMicro(v.Int).UTC().Format(time.RFC3339Nano))
	case v.Exact:
		return strconv.FormatInt(v.Int, 10)
	default:
		return strconv.FormatFloat(v.Float, 'g', -1, 64)
	}
}

// Plain prints the value as a cell: as a literal without quotes, empty for null.
func (v Value) Plain() string {
	switch {
	case v.Null():
		return ""
	case v.Type == Text:
		return v.Text
	case v.Type == Time:
		return time.UnixMicro(v.Int).UTC().Format(time.RFC3339Nano)
	default:
		return v.String()
	}
}
