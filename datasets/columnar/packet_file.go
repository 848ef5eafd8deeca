package columnar

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"math/bits"

	"github.com/zeebo/xxh3"

	"liftgate/datasets/internal/reuse"
)

// A packet file is packets that were bucketed by partition, one after the other in canonical order. Each is a header and, for every
// partition that has rows, a block: its rows column by column, so that the rows of one partition, or of some in a row, are read
// without the others. Numbers are little-endian. A header is
//
//	magic, bytes of the header after it, both uint32; checksum of these bytes, uint64
//	shape, 1 byte for what columns there are and uvarints for how many; rows, uvarint
//	path and place of the origin, texts behind uvarint lengths
//	by partition its rows, uvarint, and if there are any the bytes of its block, uvarint, and their checksum, uint64
//
// Checksums are XXH3 (64 bits). Keys and hashes are 16 bytes; other columns are packed, see packInts.

// packetMagic starts the header of a packet.
const packetMagic = 0x316b706c

// packetShape says which columns the packets of a file have. Lines are there in packets of CSV files.
type packetShape struct {
	times, variants, clusters, barred, found bool

	labels int // attributes
	words  int // of marks, a row
	cells  int
	hashes int
}

// shape is that of packets of exposures.
func (e *enrolment) shape() packetShape {
	return packetShape{
		times: true, variants: true, clusters: e.table.Cluster != "", barred: e.assigned.eligible != nil, found: e.assigned.rule != nil,
		labels: len(e.labels),
	}
}

// shape is that of packets of events.
func (t *tablePlan) shape() packetShape {
	return packetShape{times: true, words: t.cells.words, cells: t.cells.numbers, hashes: t.cells.hashes}
}

// bits are the columns that are there or not.
func (s *packetShape) bits() (b byte) {
	for i, has := range [...]bool{s.times, s.variants, s.clusters, s.barred, s.found} {
		if has {
			b |= 1 << i
		}
	}
	return b
}

// hasLines is the bit of a packet that has lines.
const hasLines = 1 << 7

// packetWriter writes a packet file. It is used by one goroutine at a time.
type packetWriter struct {
	shape packetShape
	bytes int64             // of the packets that were written
	rows  [partitions]int64 // by partition
	to    io.Writer
	head  []byte
	body  []byte
	ints  []uint64
}

func newPacketWriter(to io.Writer, shape packetShape) *packetWriter {
	return &packetWriter{shape: shape, to: to}
}

// write adds a packet that was bucketed. Texts are left out.
func (w *packetWriter) write(p *packet) error {
	w.body = w.body[:0]
	var blocks []byte
	for i := range partitions {
		from, to := p.start[i], p.start[i+1]
		blocks = binary.AppendUvarint(blocks, uint64(to-from))
		if from == to {
			continue
		}
		w.rows[i] += int64(to - from)
		at := len(w.body)
		w.appendBlock(p, int(from), int(to))
		blocks = binary.AppendUvarint(blocks, uint64(len(w.body)-at))
		blocks = binary.LittleEndian.AppendUint64(blocks, xxh3.Hash(w.body[at:]))
	}
	w.header(p, blocks)
	for _, b := range [][]byte{w.head, w.body} {
		if _, err := w.to.Write(b); err != nil {
			return err
		}
	}
	w.bytes += int64(len(w.head) + len(w.body))
	return nil
}

const packetPrefix = 16 // bytes of a header before those that the checksum is of

func (w *packetWriter) header(p *packet, blocks []byte) {
	s := &w.shape
	h := reuse.Slice(w.head, packetPrefix)
	b := s.bits()
	if len(p.lines) > 0 {
		b |= hasLines
	}
	h = append(h, b)
	for _, n := range [...]int{s.labels, s.words, s.cells, s.hashes, len(p.keys)} {
		h = binary.AppendUvarint(h, uint64(n))
	}
	for _, text := range [...]string{p.origin.path, p.origin.place} {
		h = append(binary.AppendUvarint(h, uint64(len(text))), text...)
	}
	h = append(h, blocks...)
	binary.LittleEndian.PutUint32(h, packetMagic)
	binary.LittleEndian.PutUint32(h[4:], uint32(len(h)-packetPrefix))
	binary.LittleEndian.PutUint64(h[8:], xxh3.Hash(h[packetPrefix:]))
	w.head = h
}

// appendBlock adds the rows from up to to, those of one partition.
func (w *packetWriter) appendBlock(p *packet, from, to int) {
	s := &w.shape
	w.body = appendKeys(w.body, p.keys[from:to])
	appendInts(w, p.order[from:to], func(x int32) uint64 { return uint64(x) })
	if len(p.lines) > 0 {
		appendInts(w, p.order[from:to], func(row int32) uint64 { return uint64(p.lines[row]) })
	}
	if s.times {
		appendInts(w, p.times[from:to], func(x int64) uint64 { return uint64(x) ^ 1<<63 })
	}
	if s.variants {
		appendInts(w, p.variant[from:to], func(x uint16) uint64 { return uint64(x) })
	}
	if s.clusters {
		w.body = appendKeys(w.body, p.cluster[from:to])
	}
	if s.barred {
		appendInts(w, p.barred[from:to], func(x bool) uint64 {
			if x {
				return 1
			}
			return 0
		})
	}
	if s.found {
		appendInts(w, p.found[from:to], func(x int32) uint64 { return uint64(int64(x) + 1) })
	}
	for i := range s.labels {
		appendInts(w, p.labels[i][from:to], func(x uint32) uint64 { return uint64(x) })
	}
	if s.words > 0 {
		appendInts(w, p.marks[from*s.words:to*s.words], func(x uint64) uint64 { return x })
	}
	for i := range s.cells {
		appendInts(w, p.cells[i][from:to], func(x float64) uint64 { return bits.ReverseBytes64(math.Float64bits(x)) })
	}
	for i := range s.hashes {
		w.body = appendKeys(w.body, p.hashes[i][from:to])
	}
}

func appendKeys(to []byte, keys []key) []byte {
	for _, k := range keys {
		to = binary.LittleEndian.AppendUint64(to, k.hi)
		to = binary.LittleEndian.AppendUint64(to, k.lo)
	}
	return to
}

func appendInts[T any](w *packetWriter, column []T, number func(T) uint64) {
	w.ints = reuse.Slice(w.ints, len(column))
	for i, x := range column {
		w.ints[i] = number(x)
	}
	w.body = packInts(w.body, w.ints)
}

// packInts appends numbers: in how many bytes (0 to 8) each of them, less the smallest, is stored, that smallest one in 8 bytes, and
// the differences. Numbers of money end in zero bytes and counts in even more, so those are stored with the order of bytes reversed.
func packInts(to []byte, numbers []uint64) []byte {
	least, most := uint64(math.MaxUint64), uint64(0)
	for _, x := range numbers {
		least, most = min(least, x), max(most, x)
	}
	width := 0
	if len(numbers) > 0 {
		width = (bits.Len64(most-least) + 7) / 8
	}
	to = append(to, byte(width))
	to = binary.LittleEndian.AppendUint64(to, least)
	if width == 0 {
		return to
	}
	at := len(to)
	to = append(to, make([]byte, width*len(numbers)+8)...) // the last number is put down with 8 bytes
	for i, x := range numbers {
		binary.LittleEndian.PutUint64(to[at+i*width:], x-least)
	}
	return to[:at+width*len(numbers)]
}

// errPackets means that a packet file is not what was written.
var errPackets = errors.New("damaged packets")
