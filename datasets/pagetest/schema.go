package pagetest

// Converted types of parquet.thrift.
const (
	convertedText    = 0
	convertedEnum    = 4
	convertedDecimal = 5
	convertedDate    = 6
	convertedMillis  = 9
	convertedMicros  = 10
	convertedUint8   = 11
	convertedInt8    = 15
	convertedJSON    = 19
)

// element is SchemaElement: with the old name of the column's meaning, the new one, or both.
func (f *file) element(s *compact, c *Column) {
	s.i32(1, c.Physical)
	if c.Physical == FixedBytes {
		s.i32(2, int32(c.Length))
	}
	optional := int32(0)
	if c.Optional {
		optional = 1
	}
	s.i32(3, optional)
	s.text(4, c.Name)
	text := f.IntN(3)
	old, hasOld := c.Meaning.converted(text)
	writeOld, writeNew := hasOld && f.IntN(3) > 0, f.IntN(3) > 0
	if !writeOld {
		writeNew = true
	}
	if writeOld {
		s.i32(6, old)
	}
	if c.Meaning.Kind == Decimal {
		s.i32(7, int32(c.Meaning.Scale))
		s.i32(8, int32(c.Meaning.Precision))
	}
	if writeNew && c.Meaning.Kind != None {
		s.object(10, func(s *compact) { c.Meaning.write(s, text) })
	}
}

// converted is the old name, where there is one. There are several kinds of text.
func (m Meaning) converted(text int) (name int32, ok bool) {
	switch m.Kind {
	case Text:
		return []int32{convertedText, convertedEnum, convertedJSON}[text], true
	case Integer:
		size := map[int]int32{8: 0, 16: 1, 32: 2, 64: 3}[m.Bits]
		if m.Unsigned {
			return convertedUint8 + size, true
		}
		return convertedInt8 + size, true
	case Decimal:
		return convertedDecimal, true
	case Date:
		return convertedDate, true
	case Timestamp:
		return map[int]int32{1e3: convertedMillis, 1e6: convertedMicros}[m.Unit], m.UTC && m.Unit < 1e9
	}
	return 0, false
}

// write is LogicalType.
func (m Meaning) write(s *compact, text int) {
	none := func(*compact) {}
	switch m.Kind {
	case Text:
		s.object([]int16{1, 4, 12}[text], none)
	case Integer:
		s.object(10, func(s *compact) {
			s.i8(1, int8(m.Bits))
			s.boolean(2, !m.Unsigned)
		})
	case Decimal:
		s.object(5, func(s *compact) {
			s.i32(1, int32(m.Scale))
			s.i32(2, int32(m.Precision))
		})
	case Date:
		s.object(6, none)
	case Timestamp:
		s.object(8, func(s *compact) {
			s.boolean(1, m.UTC)
			s.object(2, func(s *compact) { s.object(map[int]int16{1e3: 1, 1e6: 2, 1e9: 3}[m.Unit], none) })
		})
	case Half:
		s.object(15, none)
	}
}
