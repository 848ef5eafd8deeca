package arrowfile

import (
	"errors"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
)

var errShort = errors.New("a buffer is shorter than its column: the file is damaged")

// validate looks at what the Arrow library believes: that buffers are as long as their columns, that offsets grow and stay inside
// what they point into, and codes inside their dictionary. What it does not know, such as unions, is left to the guard around
// whoever reads it.
func validate(d arrow.ArrayData) error {
	end := d.Offset() + d.Len()
	if bits := buffer(d, 0); bits != nil && int64(len(bits)) < bitutil.BytesForBits(int64(end)) {
		return errShort
	}
	for _, c := range d.Children() {
		if err := validate(c); err != nil {
			return err
		}
	}
	switch t := d.DataType().(type) {
	case *arrow.StringType, *arrow.BinaryType:
		return offsets32(d, len(buffer(d, 2)))
	case *arrow.LargeStringType, *arrow.LargeBinaryType:
		return offsets64(d, len(buffer(d, 2)))
	case *arrow.ListType, *arrow.MapType:
		return offsets32(d, d.Children()[0].Len())
	case *arrow.LargeListType:
		return offsets64(d, d.Children()[0].Len())
	case *arrow.FixedSizeListType:
		return atLeast(d.Children()[0].Len(), end, int(t.Len()))
	case *arrow.StructType:
		return fields(d, end)
	case *arrow.DictionaryType:
		return codes(d)
	case arrow.ExtensionType:
		return nil
	case arrow.FixedWidthDataType:
		return atLeast(8*len(buffer(d, 1)), end, t.BitWidth())
	}
	return nil
}

func atLeast(have, n, each int) error {
	if each < 0 || each > 0 && have/each < n {
		return errShort
	}
	return nil
}

func fields(d arrow.ArrayData, end int) error {
	for _, c := range d.Children() {
		if c.Len() < end {
			return errShort
		}
	}
	return nil
}

func buffer(d arrow.ArrayData, i int) []byte {
	if all := d.Buffers(); i < len(all) && all[i] != nil {
		return all[i].Bytes()
	}
	return nil
}

func offsets32(d arrow.ArrayData, limit int) error {
	if d.Len() == 0 {
		return nil
	}
	raw := buffer(d, 1)
	if err := atLeast(len(raw), d.Offset()+d.Len()+1, arrow.Int32SizeBytes); err != nil {
		return err
	}
	return ascending(arrow.Int32Traits.CastFromBytes(raw)[d.Offset():][:d.Len()+1], limit)
}

func offsets64(d arrow.ArrayData, limit int) error {
	if d.Len() == 0 {
		return nil
	}
	raw := buffer(d, 1)
	if err := atLeast(len(raw), d.Offset()+d.Len()+1, arrow.Int64SizeBytes); err != nil {
		return err
	}
	return ascending(arrow.Int64Traits.CastFromBytes(raw)[d.Offset():][:d.Len()+1], limit)
}

func ascending[T int32 | int64](offsets []T, limit int) error {
	before := T(0)
	for _, at := range offsets {
		if at < before {
			return errors.New("an offset points backwards: the file is damaged")
		}
		before = at
	}
	if int64(before) > int64(limit) {
		return errors.New("an offset points beyond its data: the file is damaged")
	}
	return nil
}

// codes checks an array of a dictionary, and the dictionary.
func codes(d arrow.ArrayData) error {
	if err := validate(d.Dictionary()); err != nil {
		return err
	}
	width := d.DataType().(*arrow.DictionaryType).IndexType.(arrow.FixedWidthDataType).BitWidth()
	if err := atLeast(8*len(buffer(d, 1)), d.Offset()+d.Len(), width); err != nil {
		return err
	}
	arr := array.NewDictionaryData(d)
	defer arr.Release()
	size := arr.Dictionary().Len()
	for i := range arr.Len() {
		if !arr.IsNull(i) {
			if code := arr.GetValueIndex(i); code < 0 || code >= size {
				return fmt.Errorf("code %d points beyond a dictionary of %d: the file is damaged", code, size)
			}
		}
	}
	return nil
}
