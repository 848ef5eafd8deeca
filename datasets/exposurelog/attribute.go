package exposurelog

import (
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"liftgate/datasets/expr"
)

// Attribute is a column of values that may be null. It has one type, so that an analysis can ask of it again what was asked before the
// exposure: texts (also when untyped), numbers, booleans or times.
//
// Numbers are floats of 64 bits, as those of JSON are for most programs; Add refuses an integer that such a float does not hold exactly.
type Attribute struct {
	Name string
	Type expr.Type
}

// kind is the type of the column's values.
func (a *Attribute) kind() expr.Type {
	if a.Type == expr.Untyped {
		return expr.Text
	}
	return a.Type
}

func (a *Attribute) field() arrow.Field {
	f := arrow.Field{Name: a.Name, Nullable: true}
	switch a.kind() {
	case expr.Number:
		f.Type = arrow.PrimitiveTypes.Float64
	case expr.Bool:
		f.Type = arrow.FixedWidthTypes.Boolean
	case expr.Time:
		f.Type = arrow.FixedWidthTypes.Timestamp_us
	default:
		f.Type = arrow.BinaryTypes.String
	}
	return f
}

// check finds what the column cannot hold. The reason has no part of the value.
func (a *Attribute) check(v *expr.Value) error {
	switch {
	case v.Null():
	case v.Type != a.kind():
		return unfit("whose attribute %q is a %s in a column of type %s", a.Name, v.Type, a.kind())
	case v.Type == expr.Text && !utf8.ValidString(v.Text):
		return unfit("whose attribute %q is not UTF-8", a.Name)
	case v.Type == expr.Number && v.Exact && expr.CompareIntFloat(v.Int, float64(v.Int)) != 0:
		return unfit("whose attribute %q is an integer with too many digits for a column of numbers (above 2^53)", a.Name)
	case v.Type == expr.Number && !v.Exact && (math.IsNaN(v.Float) || math.IsInf(v.Float, 0)):
		return unfit("whose attribute %q is no finite number", a.Name)
	}
	return nil
}

// appendTo adds a value that was checked to the column.
func appendTo(column array.Builder, v *expr.Value) {
	if v.Null() {
		column.AppendNull()
		return
	}
	switch b := column.(type) {
	case *array.StringBuilder:
		b.Append(v.Text)
	case *array.Float64Builder:
		b.Append(v.Number())
	case *array.BooleanBuilder:
		b.Append(v.Bool)
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(v.Int))
	}
}

// UnfitError is the error of Add for an exposure that would spoil the log. It says nothing of what is in the exposure.
type UnfitError struct {
	Reason string // completes "an exposure ..."
}

func (u *UnfitError) Error() string { return "exposurelog: an exposure " + u.Reason }

func unfit(format string, args ...any) error { return &UnfitError{fmt.Sprintf(format, args...)} }
