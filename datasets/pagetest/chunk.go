package pagetest

import (
	"math/bits"

	"github.com/apache/arrow/go/v17/parquet/compress"
)

// chunk is a column of a row group.
type chunk struct {
	draw
	*Column
	out   []byte // the file so far
	cells []Cell
	codec compress.Compression
	crc   bool

	entries []Cell         // of the dictionary
	codes   map[string]int // the first entry of a cell, as plain bytes
	again   map[int]int    // a later entry that equals one
	width   int            // of codes
	old     bool           // the encoding's name of version 1
	coded   int            // rows from which on there are no codes, for a dictionary that grew too large

	start, dictionaryAt, dataAt int // in the file; dictionaryAt is 0 where there is none
	named                       bool
	uncompressed                int
	used                        []int32 // encodings
	pages                       []writtenPage
	indexed                     bool
	offsetIndex, columnIndex    span
}

// writtenPage is what an index says of a page.
type writtenPage struct {
	span
	row   int
	cells []Cell
}

func (f *file) chunk(c *Column, cells []Cell) *chunk {
	k := &chunk{draw: f.draw, Column: c, out: f.out, cells: cells, crc: f.oneIn(3), indexed: f.oneIn(4), named: !f.oneIn(4)}
	k.codec = pick(f.draw, codecs[0], codecs[1], codecs[1], codecs[f.IntN(len(codecs))])
	if c.Physical != Boolean && f.oneIn(2) {
		k.makeDictionary()
	}
	return k
}

// makeDictionary lists what occurs in the first rows, and some things more than once or without need.
func (c *chunk) makeDictionary() {
	c.coded = pick(c.draw, len(c.cells), len(c.cells), c.IntN(len(c.cells)+1))
	c.codes, c.again, c.old = map[string]int{}, map[int]int{}, c.oneIn(3)
	for _, cell := range c.cells[:c.coded] {
		if cell.Null {
			continue
		}
		key := string(c.appendPlain(nil, cell))
		at, known := c.codes[key]
		switch {
		case !known:
			c.codes[key] = len(c.entries)
			c.entries = append(c.entries, cell)
		case c.oneIn(20):
			c.again[at] = len(c.entries)
			c.entries = append(c.entries, cell)
		}
	}
	for _, cell := range c.cells[c.coded:] { // never referred to
		if !cell.Null && c.oneIn(10) {
			c.entries = append(c.entries, cell)
		}
	}
	c.width = bits.Len(uint(max(len(c.entries), 1) - 1))
	if c.oneIn(5) {
		c.width += c.IntN(33 - c.width)
	}
}

func (c *chunk) write() error {
	c.start = len(c.out)
	if c.codes != nil {
		c.dictionaryAt = len(c.out)
		if err := c.writeDictionary(); err != nil {
			return err
		}
	}
	c.dataAt = len(c.out)
	longest := max(1, pick(c.draw, len(c.cells)/60, len(c.cells)/8, len(c.cells)))
	for at := 0; at < len(c.cells); {
		n := min(len(c.cells)-at, 1+c.IntN(longest))
		if c.codes != nil && at < c.coded {
			n = min(n, c.coded-at)
		}
		if c.oneIn(20) {
			c.writeUnlisted()
		}
		if err := c.writeData(at, c.cells[at:at+n]); err != nil {
			return err
		}
		at += n
	}
	return nil
}

// code is one of the places of a cell in the dictionary.
func (c *chunk) code(cell Cell) uint32 {
	at := c.codes[string(c.appendPlain(nil, cell))]
	if other, ok := c.again[at]; ok && c.oneIn(2) {
		at = other
	}
	return uint32(at)
}
