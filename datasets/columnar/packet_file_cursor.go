package columnar

import "encoding/binary"

// packetCursor reads bytes one after the other. Where there are not enough it goes bad, and gives zeros.
type packetCursor struct {
	rest []byte
	bad  bool
}

func (c *packetCursor) take(n int) []byte {
	if n < 0 || n > len(c.rest) {
		c.fail()
		return nil
	}
	out := c.rest[:n]
	c.rest = c.rest[n:]
	return out
}

func (c *packetCursor) byte() byte {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *packetCursor) uint64() uint64 {
	if b := c.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (c *packetCursor) uvarint() uint64 {
	x, n := binary.Uvarint(c.rest)
	c.pass(n)
	return x
}

func (c *packetCursor) varint() int64 {
	x, n := binary.Varint(c.rest)
	c.pass(n)
	return x
}

// pass goes over the bytes of a varint, which are none or fewer when it has no end or is too long. Its value is 0 then.
func (c *packetCursor) pass(n int) {
	if n <= 0 {
		c.fail()
		return
	}
	c.rest = c.rest[n:]
}

func (c *packetCursor) fail() { c.bad, c.rest = true, c.rest[:0] }

func (c *packetCursor) text() string {
	n := c.uvarint()
	if n > uint64(len(c.rest)) {
		c.fail()
		return ""
	}
	return string(c.take(int(n)))
}

func (c *packetCursor) keys(to []key, n int) []key {
	b := c.take(16 * n)
	for ; len(b) > 0; b = b[16:] {
		to = append(to, key{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])})
	}
	return to
}
