package pagetest

import (
	"encoding/binary"
	"math"
)

// Encodings of parquet.thrift.
const (
	plain           = 0
	plainDictionary = 2
	rle             = 3
	bitPacked       = 4
	deltaPacked     = 5
	deltaLength     = 6
	deltaPrefix     = 7
	rleDictionary   = 8
	streamSplit     = 9
)

// encodings are those that a page of the column may have, without a dictionary.
func (c *Column) encodings() []int32 {
	switch c.Physical {
	case Boolean:
		return []int32{plain, rle}
	case Int32, Int64:
		return []int32{plain, deltaPacked, streamSplit}
	case Float, Double:
		return []int32{plain, streamSplit}
	case ByteArray:
		return []int32{plain, deltaLength, deltaPrefix}
	case FixedBytes:
		return []int32{plain, deltaPrefix, streamSplit}
	default:
		return []int32{plain}
	}
}

// encode writes cells that are not null.
func (d draw) encode(c *Column, cells []Cell, encoding int32) []byte {
	switch encoding {
	case rle:
		out := d.hybrid(column(cells, func(c Cell) uint32 { return uint32(c.Int) }), 1)
		return append(binary.LittleEndian.AppendUint32(nil, uint32(len(out))), out...)
	case deltaPacked:
		return d.delta(column(cells, func(c Cell) int64 { return c.Int }), c.Physical == Int32)
	case deltaLength:
		return d.deltaLength(column(cells, func(c Cell) string { return c.Bytes }))
	case deltaPrefix:
		return d.deltaPrefix(column(cells, func(c Cell) string { return c.Bytes }))
	case streamSplit:
		return split(c.plain(cells), len(cells))
	}
	return c.plain(cells)
}

func column[T any](cells []Cell, of func(Cell) T) []T {
	out := make([]T, len(cells))
	for i, c := range cells {
		out[i] = of(c)
	}
	return out
}

func (c *Column) plain(cells []Cell) []byte {
	if c.Physical == Boolean {
		return pack(nil, column(cells, func(c Cell) uint64 { return uint64(c.Int) }), 1)
	}
	var out []byte
	for _, cell := range cells {
		out = c.appendPlain(out, cell)
	}
	return out
}

func (c *Column) appendPlain(out []byte, cell Cell) []byte {
	word := binary.LittleEndian
	switch c.Physical {
	case Int32:
		return word.AppendUint32(out, uint32(cell.Int))
	case Int64:
		return word.AppendUint64(out, uint64(cell.Int))
	case Float:
		return word.AppendUint32(out, math.Float32bits(float32(cell.Float)))
	case Double:
		return word.AppendUint64(out, math.Float64bits(cell.Float))
	case ByteArray:
		out = word.AppendUint32(out, uint32(len(cell.Bytes)))
	}
	return append(out, cell.Bytes...)
}

// split puts the first bytes of all n values first, then the second ones.
func split(plain []byte, n int) []byte {
	if n == 0 {
		return nil
	}
	width := len(plain) / n
	out := make([]byte, len(plain))
	for i, b := range plain {
		out[i%width*n+i/width] = b
	}
	return out
}
