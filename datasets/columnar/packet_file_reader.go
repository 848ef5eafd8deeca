package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"

	"github.com/zeebo/xxh3"

	"liftgate/datasets/internal/reuse"
)

// packetReader reads a packet file, from its start. Readers of one file may be used side by side, each by one goroutine. The file may say
// anything: what contradicts itself, its shape or the bounds is an error.
type packetReader struct {
	from    io.ReaderAt
	at, end int64
	shape   packetShape
	bounds  packetBounds
	head    []byte
	body    []byte
	ints    []uint64
	blocks  [partitions]packetBlock
	origin  *origin
	rows    int
	lines   bool
	seen    []bool // of the rows of a packet
}

// packetBounds say which numbers of a packet file are believed.
type packetBounds struct {
	variants int // variants, and variants that were found, are below it
	// remap says by attribute what becomes of each code of a label; nil: codes stay as they are, and are below codes of each attribute.
	remap [][]uint32
	codes []int
	// found is what found may be, exclusive.
	found int
}

// packetBlock is the rows of one partition.
type packetBlock struct {
	rows, size int
	checksum   uint64
}

// newPacketReader reads the packets that fill the first bytes of a file, up to end.
func newPacketReader(from io.ReaderAt, end int64, shape packetShape, bounds packetBounds) *packetReader {
	return &packetReader{from: from, end: end, shape: shape, bounds: bounds}
}

// next replaces what a packet holds by the rows of the next one that lie in the partitions from up to to, and gives io.EOF after the last one.
// A packet may have none of them.
func (r *packetReader) next(p *packet, from, to int) error {
	p.clear()
	if r.at == r.end {
		return io.EOF
	}
	if err := r.header(); err != nil {
		return fmt.Errorf("at byte %d: %w", r.at, err)
	}
	skip, size, rows, all := 0, 0, 0, 0
	for i, b := range r.blocks {
		all += b.size
		switch {
		case i < from:
			skip += b.size
		case i < to:
			size += b.size
			rows += b.rows
		}
	}
	body := r.at + int64(len(r.head))
	if int64(all) > r.end-body {
		return fmt.Errorf("at byte %d: %w", r.at, io.ErrUnexpectedEOF)
	}
	r.body = reuse.Slice(r.body, size+intSlack)
	clear(r.body[size:])
	if err := r.readAt(r.body[:size], body+int64(skip)); err != nil {
		return err
	}
	r.prepare(p, rows)
	if err := r.readBlocks(p, from, to); err != nil {
		return fmt.Errorf("at byte %d: %w", r.at, err)
	}
	r.at = body + int64(all)
	return nil
}

// readAt fills b. The end of the file is not where the packets end.
func (r *packetReader) readAt(b []byte, at int64) error {
	n, err := r.from.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	}
	return err
}

// firstHead is how many bytes of a header are read at first: most are shorter.
const firstHead = 2 << 10

// header reads the header at the place where the reader is.
func (r *packetReader) header() error {
	left := r.end - r.at
	if left < packetPrefix {
		return io.ErrUnexpectedEOF
	}
	r.head = reuse.Slice(r.head, int(min(firstHead, left)))
	if err := r.readAt(r.head, r.at); err != nil {
		return err
	}
	size := int64(binary.LittleEndian.Uint32(r.head[4:]))
	if binary.LittleEndian.Uint32(r.head) != packetMagic || size > left-packetPrefix {
		return errPackets
	}
	size += packetPrefix
	if have := int64(len(r.head)); size > have {
		r.head = slices.Grow(r.head, int(size-have))[:size]
		if err := r.readAt(r.head[have:], r.at+have); err != nil {
			return err
		}
	}
	r.head = r.head[:size]
	if xxh3.Hash(r.head[packetPrefix:]) != binary.LittleEndian.Uint64(r.head[8:]) {
		return errPackets
	}
	return r.parse(packetCursor{rest: r.head[packetPrefix:]})
}

func (r *packetReader) parse(c packetCursor) error {
	s := &r.shape
	has := c.byte()
	r.lines = has&hasLines != 0
	same := has&^hasLines == s.bits()
	for _, n := range [...]int{s.labels, s.words, s.cells, s.hashes} {
		same = c.uvarint() == uint64(n) && same
	}
	rows := c.uvarint()
	path, place := c.text(), c.text()
	if r.origin == nil || r.origin.path != path || r.origin.place != place {
		r.origin = &origin{path, place}
	}
	sum := uint64(0)
	for i := range r.blocks {
		n, size, checksum := c.uvarint(), uint64(0), uint64(0)
		if n > packetRows {
			return errPackets
		}
		if n > 0 {
			size, checksum = c.uvarint(), c.uint64()
		}
		if size > maxBlock {
			return errPackets
		}
		sum += n
		r.blocks[i] = packetBlock{int(n), int(size), checksum}
	}
	if !same || c.bad || len(c.rest) > 0 || rows > packetRows || sum != rows {
		return errPackets
	}
	r.rows = int(rows)
	return nil
}

// maxBlock is more bytes than a block has: more than a thousand columns of a whole packet.
const maxBlock = 1 << 28

// prepare makes room in a packet.
func (r *packetReader) prepare(p *packet, rows int) {
	s := &r.shape
	p.origin = r.origin
	p.keys, p.order = reuse.Slice(p.keys, rows)[:0], reuse.Slice(p.order, rows)[:0]
	if r.lines {
		p.lines = reuse.Slice(p.lines, r.rows)
		clear(p.lines)
	}
	p.labels, p.cells, p.hashes = columnsFor(p.labels, s.labels), columnsFor(p.cells, s.cells), columnsFor(p.hashes, s.hashes)
	r.seen = reuse.Slice(r.seen, r.rows)
	clear(r.seen)
}

func columnsFor[T any](columns [][]T, n int) [][]T {
	for len(columns) < n {
		columns = append(columns, nil)
	}
	return columns
}

func (r *packetReader) readBlocks(p *packet, from, to int) error {
	at := 0
	p.start[0] = 0
	for i, b := range r.blocks {
		p.start[i+1] = p.start[i]
		if i < from || i >= to || b.rows == 0 {
			continue
		}
		bytes := r.body[at : at+b.size : at+b.size+intSlack]
		at += b.size
		if xxh3.Hash(bytes) != b.checksum {
			return errPackets
		}
		if err := r.readBlock(packetCursor{rest: bytes}, p, i, b.rows); err != nil {
			return err
		}
		p.start[i+1] += int32(b.rows)
	}
	return nil
}

// readBlock adds the rows of one partition.
func (r *packetReader) readBlock(c packetCursor, p *packet, partition, n int) error {
	s := &r.shape
	p.keys = c.keys(p.keys, n)
	r.order(&c, p, n)
	if s.times {
		p.times = takeInts(r, &c, p.times, n, math.MaxUint64, func(x uint64) int64 { return int64(x ^ 1<<63) })
	}
	if s.variants {
		p.variant = takeInts(r, &c, p.variant, n, uint64(r.bounds.variants), func(x uint64) uint16 { return uint16(x) })
	}
	if s.clusters {
		p.cluster = c.keys(p.cluster, n)
	}
	if s.barred {
		p.barred = takeInts(r, &c, p.barred, n, 2, func(x uint64) bool { return x != 0 })
	}
	if s.found {
		p.found = takeInts(r, &c, p.found, n, uint64(r.bounds.found+1), func(x uint64) int32 { return int32(int64(x) - 1) })
	}
	for i := range s.labels {
		r.labels(&c, p, i, n)
	}
	if s.words > 0 {
		p.marks = takeInts(r, &c, p.marks, n*s.words, math.MaxUint64, func(x uint64) uint64 { return x })
	}
	for i := range s.cells {
		p.cells[i] = takeInts(r, &c, p.cells[i], n, math.MaxUint64, func(x uint64) float64 { return math.Float64frombits(bits.ReverseBytes64(x)) })
	}
	for i := range s.hashes {
		p.hashes[i] = c.keys(p.hashes[i], n)
	}
	if c.bad || len(c.rest) > 0 {
		return errPackets
	}
	for _, k := range p.keys[len(p.keys)-n:] {
		if k.partition() != partition {
			return errPackets
		}
	}
	return nil
}

// order reads where the rows stood, each at a place of its own and after the one before, and their lines.
func (r *packetReader) order(c *packetCursor, p *packet, n int) {
	p.order = takeInts(r, c, p.order, n, uint64(r.rows), func(x uint64) int32 { return int32(x) })
	last := int32(-1)
	for _, row := range p.order[len(p.order)-min(n, len(p.order)):] {
		if row <= last || r.seen[row] {
			c.bad = true
			return
		}
		r.seen[row], last = true, row
	}
	if !r.lines {
		return
	}
	lines := r.takeInts(c, n, math.MaxInt32)
	if c.bad {
		return
	}
	for i, line := range lines {
		p.lines[p.order[len(p.order)-n+i]] = int(line)
	}
}

func (r *packetReader) labels(c *packetCursor, p *packet, attribute, n int) {
	if r.bounds.remap == nil {
		p.labels[attribute] = takeInts(r, c, p.labels[attribute], n, uint64(r.bounds.codes[attribute]), func(x uint64) uint32 { return uint32(x) })
		return
	}
	becomes := r.bounds.remap[attribute]
	p.labels[attribute] = takeInts(r, c, p.labels[attribute], n, uint64(len(becomes)), func(x uint64) uint32 { return becomes[x] })
}

// takeInts reads n numbers below a bound. A cursor that has gone bad gives none.
func takeInts[T any](r *packetReader, c *packetCursor, to []T, n int, below uint64, cell func(uint64) T) []T {
	for _, x := range r.takeInts(c, n, below) {
		to = append(to, cell(x))
	}
	return to
}

// intSlack is how many bytes beyond a block may be looked at.
const intSlack = 8

// takeInts reads what packInts wrote.
func (r *packetReader) takeInts(c *packetCursor, n int, below uint64) []uint64 {
	width, least := int(c.byte()), c.uint64()
	if c.bad || width > 8 || width*n > len(c.rest) {
		c.bad = true
		return nil
	}
	packed := c.rest[: width*n+intSlack : width*n+intSlack]
	c.rest = c.rest[width*n:]
	r.ints = reuse.Slice(r.ints, n)
	mask, over := uint64(1)<<(8*width)-1, false
	if width == 8 {
		mask = math.MaxUint64
	}
	for i := range r.ints {
		x := binary.LittleEndian.Uint64(packed[i*width:])&mask + least
		over = over || x >= below && below != math.MaxUint64
		r.ints[i] = x
	}
	c.bad = over
	if over {
		return nil
	}
	return r.ints
}
