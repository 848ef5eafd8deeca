package tabular

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/parquet"

	"liftgate/datasets/internal/reuse"
)

func (c *chunk) decodePage() (Column, error) {
	levels, data, err := c.split()
	if err != nil {
		return Column{}, err
	}
	valid, present, err := c.validity(levels)
	if err != nil {
		return Column{}, err
	}
	cells := Column{Kind: c.leaf.kind}
	if present > 0 { // of a page of nulls, some writers store no values at all
		if cells, err = c.present(data, present); err != nil {
			return Column{}, err
		}
	}
	cells.spread(valid, &c.spread)
	return cells, nil
}

// present decodes the n cells of the page that are not null.
func (c *chunk) present(data []byte, n int) (cells Column, err error) {
	if err := c.leaf.checkEncoding(c.page.Encoding); err != nil {
		return Column{}, err
	}
	switch c.page.Encoding {
	case parquet.Encodings.RLEDict, parquet.Encodings.PlainDict:
		return c.lookup(data, n)
	case parquet.Encodings.Plain:
		if n == c.rows && c.leaf.kind == Text && c.leaf.physical == parquet.Types.ByteArray && len(data) < math.MaxUint32 {
			cells.Kind, cells.Data = Text, data
			cells.Offsets, err = offsetsOf(data, n, c.offsets)
			c.offsets = cells.Offsets
			return cells, err
		}
	}
	if c.values, err = c.leaf.decode(c.page.Encoding, data, n, c.values); err != nil {
		return Column{}, err
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
	valid = reuse.Slice(c.spread.Valid, c.rows)
	c.spread.Valid = valid
	if old {
		present, err = readOldLevels(levels, valid)
	} else {
		present, err = readLevels(levels, valid)
	}
	if err != nil || present == c.rows {
		return nil, present, err
	}
	return valid, present, nil
}

// lookup decodes codes into the chunk's dictionary.
func (c *chunk) lookup(data []byte, n int) (Column, error) {
	c.codes = reuse.Slice(c.codes, n)
	codes := c.codes
	if n > 0 {
		if len(data) == 0 {
			return Column{}, errShort
		}
		if err := readHybrid(data[1:], int(data[0]), codes); err != nil {
			return Column{}, err
		}
	}
	return c.cellsOf(codes)
}

func (c *chunk) cellsOf(codes []uint32) (Column, error) {
	if c.dict == nil {
		return Column{}, errors.New("a column's dictionary is missing")
	}
	return c.dict.at(codes, &c.gathered)
}

// at gives the cells of a dictionary for codes into it. It may reuse the memory of an old column.
func (c *Column) at(codes []uint32, old *Column) (Column, error) {
	size := uint32(max(len(c.Texts), len(c.Ints), len(c.Floats)))
	for _, code := range codes {
		if code >= size {
			return Column{}, fmt.Errorf("code %d points beyond a dictionary of %d", code, size)
		}
	}
	if c.Kind == Text {
		return Column{Kind: Text, Dict: c.Dict, Codes: codes}, nil
	}
	return Column{
		Kind: c.Kind, Ints: gather(c.Ints, codes, &old.Ints), Floats: gather(c.Floats, codes, &old.Floats),
		Exact: gather(c.Exact, codes, &old.Exact),
	}, nil
}

func gather[T any](from []T, codes []uint32, old *[]T) []T {
	if from == nil {
		return nil
	}
	out := reuse.Slice(*old, len(codes))
	*old = out
	for i, code := range codes {
		out[i] = from[code]
	}
	return out
}
