package pagetest

import "slices"

// writers are some that wrote, or claim to have written, files of this format.
var writers = []string{"pagetest", "parquet-cpp-arrow version 24.0.0", "parquet-mr version 1.13.1 (build abc)", ""}

// footer is FileMetaData.
func (f *file) footer(rows int) []byte {
	return object(func(s *compact) {
		s.i32(1, int32(pick(f.draw, 1, 2)))
		schema := [][]byte{object(func(s *compact) {
			s.text(4, "schema")
			s.i32(5, int32(len(f.columns)))
		})}
		for i := range f.columns {
			schema = append(schema, object(func(s *compact) { f.element(s, &f.columns[i]) }))
		}
		s.list(2, thriftStruct, schema)
		s.i64(3, int64(rows))
		var groups [][]byte
		for _, g := range f.groups {
			groups = append(groups, object(func(s *compact) { f.rowGroup(s, g) }))
		}
		s.list(4, thriftStruct, groups)
		if by := pick(f.draw, writers...); by != "" {
			s.text(6, by)
		}
		if f.oneIn(4) {
			return
		}
		var orders [][]byte
		for range f.columns {
			orders = append(orders, object(func(s *compact) { s.object(1, func(*compact) {}) }))
		}
		s.list(7, thriftStruct, orders)
	})
}

func (f *file) rowGroup(s *compact, g group) {
	var chunks [][]byte
	total := 0
	for _, c := range g.chunks {
		total += c.uncompressed
		chunks = append(chunks, object(c.writeChunk))
	}
	s.list(1, thriftStruct, chunks)
	s.i64(2, int64(total))
	s.i64(3, int64(g.rows))
}

// writeChunk is ColumnChunk.
func (c *chunk) writeChunk(s *compact) {
	s.i64(2, int64(pick(c.draw, 0, c.start)))
	s.object(3, c.writeMetadata)
	if c.indexed {
		s.i64(4, int64(c.offsetIndex.at))
		s.i32(5, int32(c.offsetIndex.size))
		s.i64(6, int64(c.columnIndex.at))
		s.i32(7, int32(c.columnIndex.size))
	}
}

// writeMetadata is ColumnMetaData. Old writers do not name the place of a dictionary: data start with it.
func (c *chunk) writeMetadata(s *compact) {
	size := c.end() - c.start
	s.i32(1, c.Physical)
	slices.Sort(c.used)
	s.list(2, thriftI32, numbers(slices.Compact(c.used)...))
	s.list(3, thriftBinary, texts(c.Name))
	s.i32(4, int32(c.codec))
	s.i64(5, int64(len(c.cells)))
	s.i64(6, int64(c.uncompressed))
	s.i64(7, int64(size))
	if c.dictionaryAt > 0 && !c.named {
		s.i64(9, int64(c.dictionaryAt))
	} else {
		s.i64(9, int64(c.dataAt))
	}
	if c.dictionaryAt > 0 && c.named {
		s.i64(11, int64(c.dictionaryAt))
	}
	if !c.oneIn(3) {
		s.object(12, func(s *compact) { c.writeStatistics(s, c.cells) })
	}
}

// end is where the last page ends.
func (c *chunk) end() int { return len(c.out) }
