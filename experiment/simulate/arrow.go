package simulate

import (
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

var (
	textType = arrow.BinaryTypes.String
	wordType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint16, ValueType: textType}
	timeType = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
)

func (c *column) arrowType() arrow.DataType {
	switch {
	case c.time != nil:
		return timeType
	case c.whole != nil:
		return arrow.PrimitiveTypes.Int32
	case c.number != nil:
		return arrow.PrimitiveTypes.Float64
	case c.code != nil:
		return wordType
	}
	return textType
}

// array is the column over some rows. The caller releases it.
func (c *column) array(of *crowd, rows []row) arrow.Array {
	valid := &validity{bits: make([]byte, bitutil.BytesForBits(int64(len(rows))))}
	switch {
	case c.time != nil:
		return c.times(rows)
	case c.whole != nil:
		return c.wholes(rows, valid)
	case c.number != nil:
		return c.numbers(rows, valid)
	case c.code != nil:
		return c.codes(of, rows, valid)
	}
	return c.texts(of, rows, valid)
}

// validity collects which rows have a value.
type validity struct {
	bits  []byte
	nulls int
}

func (v *validity) set(i int, ok bool) {
	if ok {
		bitutil.SetBit(v.bits, i)
	} else {
		v.nulls++
	}
}

// data puts Arrow data together from Go memory.
func (v *validity) data(t arrow.DataType, n int, buffers ...[]byte) arrow.ArrayData {
	all := []*memory.Buffer{nil}
	if v.nulls > 0 {
		all[0] = memory.NewBufferBytes(v.bits)
	}
	for _, b := range buffers {
		all = append(all, memory.NewBufferBytes(b))
	}
	return array.NewData(t, n, all, nil, v.nulls, 0)
}

func made(data arrow.ArrayData) arrow.Array {
	defer data.Release()
	return array.MakeFromData(data)
}

func (c *column) times(rows []row) arrow.Array {
	out := make([]int64, len(rows))
	for i := range rows {
		out[i] = int64(c.time(&rows[i]))
	}
	return made((&validity{}).data(timeType, len(rows), arrow.Int64Traits.CastToBytes(out)))
}

func (c *column) wholes(rows []row, valid *validity) arrow.Array {
	out := make([]int32, len(rows))
	for i := range rows {
		v := c.whole(&rows[i])
		out[i] = int32(max(v, 0))
		valid.set(i, v >= 0)
	}
	return made(valid.data(arrow.PrimitiveTypes.Int32, len(rows), arrow.Int32Traits.CastToBytes(out)))
}

func (c *column) numbers(rows []row, valid *validity) arrow.Array {
	out := make([]float64, len(rows))
	for i := range rows {
		out[i] = c.number(&rows[i])
		valid.set(i, !math.IsNaN(out[i]))
	}
	return made(valid.data(arrow.PrimitiveTypes.Float64, len(rows), arrow.Float64Traits.CastToBytes(out)))
}

func (c *column) codes(of *crowd, rows []row, valid *validity) arrow.Array {
	words := c.words(of)
	null := 0
	if words[0] == "" {
		null = 1
	}
	out := make([]uint16, len(rows))
	for i := range rows {
		code := c.code(of, &rows[i]) - null
		out[i] = uint16(max(code, 0))
		valid.set(i, code >= 0)
	}
	indices := made(valid.data(arrow.PrimitiveTypes.Uint16, len(rows), arrow.Uint16Traits.CastToBytes(out)))
	defer indices.Release()
	dictionary := textArray(words[null:])
	defer dictionary.Release()
	return array.NewDictionaryArray(wordType, indices, dictionary)
}

func textArray(words []string) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendValues(words, nil)
	return b.NewArray()
}

func (c *column) texts(of *crowd, rows []row, valid *validity) arrow.Array {
	offsets := make([]int32, 1, len(rows)+1)
	bytes := make([]byte, 0, 20*len(rows))
	for i := range rows {
		bytes = c.text(bytes, of, &rows[i])
		valid.set(i, len(bytes) > int(offsets[i]))
		offsets = append(offsets, int32(len(bytes)))
	}
	return made(valid.data(textType, len(rows), arrow.Int32Traits.CastToBytes(offsets), bytes))
}
