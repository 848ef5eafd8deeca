package pagetest

import (
	"encoding/binary"
	"hash/crc32"
)

// Page types of parquet.thrift.
const (
	dataPage       = 0
	indexPage      = 1
	dictionaryPage = 2
	dataPageV2     = 3
)

// page is a page that is being written.
type page struct {
	kind         int32
	body         []byte // as in the file
	uncompressed int
	head         int16 // of the field that describes this kind of page
	describe     func(h *compact)
}

func (c *chunk) writePage(p page) span {
	header := object(func(h *compact) {
		h.i32(1, p.kind)
		h.i32(2, int32(p.uncompressed))
		h.i32(3, int32(len(p.body)))
		if c.crc {
			h.i32(4, int32(crc32.ChecksumIEEE(p.body)))
		}
		h.object(p.head, p.describe)
	})
	at := span{len(c.out), len(header) + len(p.body)}
	c.out = append(append(c.out, header...), p.body...)
	c.uncompressed += len(header) + p.uncompressed
	return at
}

// writeUnlisted writes a page that a reader has to pass over.
func (c *chunk) writeUnlisted() {
	c.writePage(page{kind: indexPage, body: []byte("xyz"), uncompressed: 3, head: 6, describe: func(*compact) {}})
}

func (c *chunk) writeDictionary() error {
	data := c.plain(c.entries)
	body, err := compressed(c.codec, data)
	encoding := int32(plain)
	if c.old {
		encoding = plainDictionary
	}
	c.writePage(page{dictionaryPage, body, len(data), 7, func(h *compact) {
		h.i32(1, int32(len(c.entries)))
		h.i32(2, encoding)
		if c.oneIn(2) {
			h.boolean(3, false)
		}
	}})
	c.used = append(c.used, encoding)
	return err
}

// writeData writes a page of cells that start at the given row of the chunk.
func (c *chunk) writeData(row int, cells []Cell) error {
	var present []Cell
	levels := make([]uint32, len(cells))
	for i, cell := range cells {
		if !cell.Null {
			present, levels[i] = append(present, cell), 1
		}
	}
	encoding, values := c.values(present, row < c.coded)
	c.used = append(c.used, encoding)
	var p page
	var err error
	if c.oneIn(2) {
		p, err = c.version1(levels, values, encoding)
	} else {
		p, err = c.version2(levels, len(present), values, encoding)
	}
	c.pages = append(c.pages, writtenPage{c.writePage(p), row, cells})
	return err
}

// values encodes the cells that are not null.
func (c *chunk) values(present []Cell, coded bool) (encoding int32, data []byte) {
	encoding = pick(c.draw, c.encodings()...)
	if c.oneIn(3) {
		encoding = plain
	}
	if coded {
		encoding = rleDictionary
		if c.old {
			encoding = plainDictionary
		}
	}
	if len(present) == 0 && (coded || encoding == plain) && c.oneIn(2) {
		return encoding, nil
	}
	if !coded {
		return encoding, c.encode(c.Column, present, encoding)
	}
	return encoding, append([]byte{byte(c.width)}, c.hybrid(column(present, c.code), c.width)...)
}

func (c *chunk) version1(levels []uint32, values []byte, encoding int32) (page, error) {
	kind := int32(rle)
	data := values
	if c.Optional {
		if c.oneIn(4) {
			kind, data = bitPacked, append(packOld(levels), values...)
		} else {
			runs := c.hybrid(levels, 1)
			data = append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(runs))), runs...), values...)
		}
	}
	body, err := compressed(c.codec, data)
	return page{dataPage, body, len(data), 5, func(h *compact) {
		h.i32(1, int32(len(levels)))
		h.i32(2, encoding)
		h.i32(3, kind)
		h.i32(4, rle)
	}}, err
}

func (c *chunk) version2(levels []uint32, present int, values []byte, encoding int32) (page, error) {
	var runs []byte
	if c.Optional {
		runs = c.hybrid(levels, 1)
	}
	packed, shrunk, err := values, !c.oneIn(3), error(nil)
	if shrunk && len(values) > 0 {
		packed, err = compressed(c.codec, values)
	}
	return page{dataPageV2, append(runs, packed...), len(runs) + len(values), 8, func(h *compact) {
		h.i32(1, int32(len(levels)))
		h.i32(2, int32(len(levels)-present))
		h.i32(3, int32(len(levels)))
		h.i32(4, encoding)
		h.i32(5, int32(len(runs)))
		h.i32(6, 0)
		if !shrunk || c.oneIn(2) {
			h.boolean(7, shrunk)
		}
	}}, err
}
