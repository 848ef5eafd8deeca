package untrusted

import (
	"encoding/binary"
	"errors"
)

// Types of the Thrift compact protocol.
const (
	thriftStop   = 0
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

// maxDepth bounds how deep metadata may nest.
const maxDepth = 32

var errThrift = errors.New("metadata are damaged")

// compact reads the Thrift compact protocol. After the first mistake, err is set and every read gives zero.
//
// No length that it reads is believed beyond what is left of the data, so that a damaged one costs no memory.
type compact struct {
	data []byte
	pos  int
	err  error
}

func (c *compact) fail() {
	if c.err == nil {
		c.err = errThrift
	}
	c.pos = len(c.data)
}

func (c *compact) byte() byte {
	if c.pos >= len(c.data) {
		c.fail()
		return 0
	}
	b := c.data[c.pos]
	c.pos++
	return b
}

func (c *compact) uvarint() uint64 {
	v, n := binary.Uvarint(c.data[c.pos:])
	if n <= 0 {
		c.fail()
		return 0
	}
	c.pos += n
	return v
}

func (c *compact) varint() int64 {
	v := c.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

func (c *compact) advance(n uint64) {
	if n > uint64(len(c.data)-c.pos) {
		c.fail()
		return
	}
	c.pos += int(n)
}

// fields calls visit for each field of a struct; visit reads the field's value, whose type is given, or returns false to have
// it skipped.
func (c *compact) fields(depth int, visit func(id int16, typ byte) bool) {
	if depth > maxDepth {
		c.fail()
	}
	id := int16(0)
	for c.err == nil {
		head := c.byte()
		typ := head & 15
		if typ == thriftStop {
			return
		}
		if delta := int16(head >> 4); delta != 0 {
			id += delta
		} else {
			id = int16(c.varint())
		}
		if !visit(id, typ) {
			c.skip(typ, depth)
		}
	}
}

// skip passes over a value of the given type.
func (c *compact) skip(typ byte, depth int) {
	switch typ {
	case thriftTrue, thriftFalse:
	case thriftByte:
		c.byte()
	case thriftI16, thriftI32, thriftI64:
		c.uvarint()
	case thriftDouble:
		c.advance(8)
	case thriftBinary:
		c.advance(c.uvarint())
	case thriftList, thriftSet:
		c.skipList(depth)
	case thriftMap:
		c.skipMap(depth)
	case thriftStruct:
		c.fields(depth+1, func(int16, byte) bool { return false })
	default:
		c.fail()
	}
}

func (c *compact) skipList(depth int) {
	head := c.byte()
	size := uint64(head >> 4)
	if size == 15 {
		size = c.uvarint()
	}
	c.skipElements(size, depth, head&15)
}

func (c *compact) skipMap(depth int) {
	size := c.uvarint()
	if size == 0 {
		return
	}
	types := c.byte()
	c.skipElements(size, depth, types>>4, types&15)
}

// skipElements passes over the elements of a container, in which a boolean takes a byte.
func (c *compact) skipElements(size uint64, depth int, types ...byte) {
	if depth > maxDepth || size > uint64(len(c.data)-c.pos) {
		c.fail()
	}
	for ; size > 0 && c.err == nil; size-- {
		for _, typ := range types {
			if typ == thriftTrue || typ == thriftFalse {
				typ = thriftByte
			}
			c.skip(typ, depth+1)
		}
	}
}
