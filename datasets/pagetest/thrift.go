package pagetest

import "encoding/binary"

// Types of the Thrift compact protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI32    = 5
	thriftI64    = 6
	thriftBinary = 8
	thriftList   = 9
	thriftStruct = 12
)

// compact writes a struct in the Thrift compact protocol, field by field in the order of their numbers.
type compact struct {
	out  []byte
	last int16
}

// object is a struct as it lies in another.
func object(fill func(c *compact)) []byte {
	var c compact
	fill(&c)
	return append(c.out, 0)
}

func (c *compact) head(id int16, kind byte) {
	if delta := id - c.last; delta > 0 && delta < 16 {
		c.out = append(c.out, byte(delta)<<4|kind)
	} else {
		c.out = binary.AppendVarint(append(c.out, kind), int64(id))
	}
	c.last = id
}

func (c *compact) i32(id int16, v int32) {
	c.head(id, thriftI32)
	c.out = binary.AppendVarint(c.out, int64(v))
}

func (c *compact) i64(id int16, v int64) {
	c.head(id, thriftI64)
	c.out = binary.AppendVarint(c.out, v)
}

func (c *compact) i8(id int16, v int8) {
	c.head(id, thriftByte)
	c.out = append(c.out, byte(v))
}

func (c *compact) boolean(id int16, v bool) {
	if v {
		c.head(id, thriftTrue)
	} else {
		c.head(id, thriftFalse)
	}
}

func (c *compact) text(id int16, s string) {
	c.head(id, thriftBinary)
	c.out = appendText(c.out, s)
}

func (c *compact) object(id int16, fill func(c *compact)) {
	c.head(id, thriftStruct)
	c.out = append(c.out, object(fill)...)
}

// list writes elements that are already encoded.
func (c *compact) list(id int16, kind byte, elements [][]byte) {
	c.head(id, thriftList)
	if n := len(elements); n < 15 {
		c.out = append(c.out, byte(n)<<4|kind)
	} else {
		c.out = binary.AppendUvarint(append(c.out, 0xf0|kind), uint64(n))
	}
	for _, e := range elements {
		c.out = append(c.out, e...)
	}
}

func appendText(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

func texts(list ...string) [][]byte {
	var out [][]byte
	for _, s := range list {
		out = append(out, appendText(nil, s))
	}
	return out
}

func numbers[T ~int32 | ~int64](list ...T) [][]byte {
	var out [][]byte
	for _, v := range list {
		out = append(out, binary.AppendVarint(nil, int64(v)))
	}
	return out
}
