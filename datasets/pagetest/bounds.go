package pagetest

import "unicode/utf8"

// bounds are the plain bytes of the smallest and largest cell that is not null, in the order that the format defines for the column.
type bounds struct {
	low, high string
	nulls     int
	ok        bool
	number    bool // of a signed integer, for which the old fields are sound, too
}

func (c *Column) bounds(cells []Cell) bounds {
	m := c.Meaning
	b := bounds{number: (c.Physical == Int32 || c.Physical == Int64) && !m.Unsigned}
	text := c.Physical == ByteArray && (m.Kind == Text || m.Kind == None)
	var low, high Cell
	for _, cell := range cells {
		if cell.Null {
			b.nulls++
			continue
		}
		if !b.ok || cell.Int < low.Int || cell.Bytes < low.Bytes {
			low = cell
		}
		if !b.ok || cell.Int > high.Int || cell.Bytes > high.Bytes {
			high = cell
		}
		b.ok = true
	}
	b.ok = b.ok && (b.number || text)
	switch {
	case b.number:
		b.low, b.high = string(c.appendPlain(nil, low)), string(c.appendPlain(nil, high))
	case text:
		b.low, b.high = low.Bytes, high.Bytes
	}
	return b
}

// cut makes the bounds of a text shorter and wider.
func (b bounds) cut(n int) bounds {
	if b.number || n < 1 {
		return b
	}
	if n < len(b.low) && utf8.ValidString(b.low[:n]) {
		b.low = b.low[:n]
	}
	if n < len(b.high) && b.high[n-1] < 'z' {
		b.high = b.high[:n-1] + string(rune(b.high[n-1]+1))
	}
	return b
}

// writeStatistics describes the cells of a chunk or page.
func (c *chunk) writeStatistics(s *compact, cells []Cell) {
	b := c.bounds(cells).cut(c.IntN(8))
	count := c.IntN(4) > 0
	switch {
	case !b.ok || c.oneIn(8):
		s.i64(3, int64(b.nulls))
	case b.number && c.oneIn(3):
		s.text(1, b.high)
		s.text(2, b.low)
		if count {
			s.i64(3, int64(b.nulls))
		}
	default:
		if count {
			s.i64(3, int64(b.nulls))
		}
		only := c.IntN(8) // one of the bounds is as good as none
		if only != 0 {
			s.text(5, b.high)
		}
		if only != 1 {
			s.text(6, b.low)
		}
	}
}

func (c *chunk) writeOffsets(s *compact) {
	var places [][]byte
	for _, p := range c.pages {
		places = append(places, object(func(s *compact) {
			s.i64(1, int64(p.at))
			s.i32(2, int32(p.size))
			s.i64(3, int64(p.row))
		}))
	}
	s.list(1, thriftStruct, places)
}

func (c *chunk) writeBounds(s *compact) {
	var empty, lows, highs, nulls [][]byte
	for _, p := range c.pages {
		b := c.bounds(p.cells)
		flag := byte(thriftFalse)
		if b.nulls == len(p.cells) {
			flag = thriftTrue
		}
		empty = append(empty, []byte{flag})
		lows, highs = append(lows, texts(b.low)...), append(highs, texts(b.high)...)
		nulls = append(nulls, numbers(int64(b.nulls))...)
	}
	s.list(1, thriftTrue, empty)
	s.list(2, thriftBinary, lows)
	s.list(3, thriftBinary, highs)
	s.i32(4, 0)
	s.list(5, thriftI64, nulls)
}
