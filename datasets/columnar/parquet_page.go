package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/parquet"
)

func (c *chunk) decodePage() (column, error) {
	levels, data, err := c.split()
	if err != nil {
		return column{}, err
	}
	valid, present, err := c.validity(levels)
	if err != nil {
		return column{}, err
	}
	cells := column{kind: c.leaf.kind}
	if present > 0 { // of a page of nulls, some writers store no values at all
		if cells, err = c.present(data, present); err != nil {
			return column{}, err
		}
	}
	cells.spread(valid, &c.spread)
	return cells, nil
}

// present decodes the n cells of the page that are not null.
func (c *chunk) present(data []byte, n int) (cells column, err error) {
	switch c.page.Encoding {
	case parquet.Encodings.RLEDict, parquet.Encodings.PlainDict:
		return c.lookup(data, n)
	case parquet.Encodings.Plain:
		if n == c.rows && c.leaf.kind == text && c.leaf.physical == parquet.Types.ByteArray && len(data) < math.MaxUint32 {
			cells.kind, cells.data = text, data
			cells.offsets, err = offsetsOf(data, n, c.offsets)
			c.offsets = cells.offsets
			return cells, err
		}
	}
	if c.values, err = c.leaf.decode(c.page.Encoding, data, n, c.values); err != nil {
		return column{}, err
	}
	return c.leaf.convert(c.values, c.zone)
}

// split takes a page apart into definition levels and values.
func (c *chunk) split() (levels, data []byte, err error) {
	p := c.page
	if p.V2 {
		return c.splitV2()
	}
	data, err = c.decompress(p.data, p.Uncompressed)
	if err != nil || !c.leaf.optional {
		return nil, data, err
	}
	if p.LevelEncoding == parquet.Encodings.BitPacked {
		size := (c.rows + 7) / 8
		if size > len(data) {
			return nil, nil, errShort
		}
		return data[:size], data[size:], nil
	}
	if len(data) < 4 {
		return nil, nil, errShort
	}
	size := int64(binary.LittleEndian.Uint32(data)) + 4
	if size > int64(len(data)) {
		return nil, nil, errShort
	}
	return data[4:size], data[size:], nil
}

func (c *chunk) splitV2() (levels, data []byte, err error) {
	p := c.page
	before := p.RepetitionBytes + p.DefinitionBytes
	levels = p.data[p.RepetitionBytes:before]
	if p.PlainValues {
		if int64(len(p.data)) != p.Uncompressed {
			return nil, nil, errSize
		}
		c.buffer = append(c.buffer[:0], p.data[before:]...)
		return levels, c.buffer, nil
	}
	if p.Uncompressed == before {
		return levels, nil, nil
	}
	data, err = c.decompress(p.data[before:], p.Uncompressed-before)
	return levels, data, err
}

// validity tells which rows of the page have a value, nil for all, and how many do.
func (c *chunk) validity(levels []byte) (valid []bool, present int, err error) {
	if !c.leaf.optional {
		return nil, c.rows, nil
	}
	old := !c.page.V2 && c.page.LevelEncoding == parquet.Encodings.BitPacked
	if !old && allDefined(levels, c.rows) {
		return nil, c.rows, nil
	}
	c.levels = resized(c.levels, c.rows)
	defined := c.levels
	if old {
		err = readOldLevels(levels, defined)
	} else {
		err = readHybrid(levels, 1, defined)
	}
	if err != nil {
		return nil, 0, err
	}
	c.spread.valid = resized(c.spread.valid, c.rows)
	valid = c.spread.valid
	for i, d := range defined {
		if d > 1 {
			return nil, 0, errLevels
		}
		valid[i] = d == 1
		present += int(d)
	}
	if present == c.rows {
		return nil, present, nil
	}
	return valid, present, nil
}

// lookup decodes codes into the chunk's dictionary.
func (c *chunk) lookup(data []byte, n int) (column, error) {
	if c.dict == nil {
		return column{}, errors.New("a column's dictionary is missing")
	}
	c.codes = resized(c.codes, n)
	codes := c.codes
	if n > 0 {
		if len(data) == 0 {
			return column{}, errShort
		}
		if err := readHybrid(data[1:], int(data[0]), codes); err != nil {
			return column{}, err
		}
	}
	return c.dict.at(codes, &c.gathered)
}

// at gives the cells of a dictionary for codes into it. It may reuse the memory of an old column.
func (c *column) at(codes []uint32, old *column) (column, error) {
	size, largest := uint32(max(len(c.texts), len(c.ints), len(c.floats))), uint32(0)
	for _, code := range codes {
		largest = max(largest, code)
	}
	if len(codes) > 0 && largest >= size {
		return column{}, fmt.Errorf("code %d points beyond a dictionary of %d", largest, size)
	}
	if c.kind == text {
		return column{kind: text, dict: c.dict, codes: codes}, nil
	}
	return column{
		kind: c.kind, ints: gather(c.ints, codes, &old.ints), floats: gather(c.floats, codes, &old.floats),
		exact: gather(c.exact, codes, &old.exact),
	}, nil
}

func gather[T any](from []T, codes []uint32, old *[]T) []T {
	if from == nil {
		return nil
	}
	out := resized(*old, len(codes))
	*old = out
	for i, code := range codes {
		out[i] = from[code]
	}
	return out
}

// spread moves the cells that are present to their rows. It may reuse the memory of an old column.
func (c *column) spread(valid []bool, old *column) {
	if valid == nil {
		return
	}
	c.valid = valid
	c.codes, c.texts = spread(c.codes, valid, &old.codes), spread(c.texts, valid, &old.texts)
	c.ints, c.floats = spread(c.ints, valid, &old.ints), spread(c.floats, valid, &old.floats)
	c.exact = spread(c.exact, valid, &old.exact)
}

func spread[T any](present []T, valid []bool, old *[]T) []T {
	if present == nil {
		return nil
	}
	out := resized(*old, len(valid))
	*old = out
	next := 0
	var zero T
	for i, ok := range valid {
		if ok {
			out[i] = present[next]
			next++
		} else {
			out[i] = zero
		}
	}
	return out
}
