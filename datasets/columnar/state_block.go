package columnar

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"liftgate/datasets/internal/reuse"
)

// A block of a state is what was kept of up to packetRows rows of a part:
//
//	remainder: rows without a unit, of ignored variants, outside the schedule and without a time, uvarints; times of strays, uvarint and
//	varints, each less the one before
//	rows, uvarint, and if there are any
//	the times that they lie in, from and up to, varints
//	texts of each attribute that they have: uvarint, then texts behind uvarint lengths
//	one packet, as in a packet file; codes of attributes are 0 for null and 1 for the first text

// blockWriter writes packets, one a block. It is used by one goroutine at a time.
type blockWriter struct {
	shape  packetShape
	labels []*labels
	body   bytes.Buffer
	packet *packetWriter
	local  []localCodes // by attribute
	block  []byte
}

func newBlockWriter(shape packetShape, l []*labels) *blockWriter {
	w := &blockWriter{shape: shape, labels: l, local: make([]localCodes, len(l))}
	w.packet = newPacketWriter(&w.body, shape)
	return w
}

// write gives the block of a packet that was bucketed. It is valid until the next one.
func (w *blockWriter) write(p *packet, t *remainder) ([]byte, error) {
	b := w.block[:0]
	for _, n := range [...]int64{t.nullUnit, t.ignored, t.outside, t.nullTime, int64(len(t.strays))} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	before := int64(0)
	for _, at := range t.strays {
		b = binary.AppendVarint(b, at-before)
		before = at
	}
	b = binary.AppendUvarint(b, uint64(len(p.keys)))
	if w.block = b; len(p.keys) == 0 {
		return b, nil
	}
	first, last := slices.Min(p.times), slices.Max(p.times)
	b = binary.AppendVarint(b, first)
	b = binary.AppendVarint(b, last)
	global, from := p.labels, p.origin
	p.labels, p.origin = make([][]uint32, len(global)), &origin{} // the state knows the file
	for i := range w.local {
		p.labels[i] = w.local[i].code(global[i])
		b = w.local[i].appendTexts(b, w.labels[i])
	}
	w.body.Reset()
	err := w.packet.write(p)
	p.labels, p.origin = global, from
	b = append(b, w.body.Bytes()...)
	w.block = b
	return b, err
}

// localCodes give the codes that occur in a block numbers of their own.
type localCodes struct {
	known []uint32 // by code, the local one; 0 when it has none yet
	used  []uint32 // the codes of 1, 2 and so on
	out   []uint32
}

func (l *localCodes) code(codes []uint32) []uint32 {
	for _, code := range l.used {
		l.known[code] = 0
	}
	l.used, l.out = l.used[:0], reuse.Slice(l.out, len(codes))
	for i, code := range codes {
		if code == 0 {
			l.out[i] = 0
			continue
		}
		for int(code) >= len(l.known) {
			l.known = append(l.known, make([]uint32, len(l.known)+64)...)
		}
		if l.known[code] == 0 {
			l.used = append(l.used, code)
			l.known[code] = uint32(len(l.used))
		}
		l.out[i] = l.known[code]
	}
	return l.out
}

func (l *localCodes) appendTexts(b []byte, names *labels) []byte {
	b = binary.AppendUvarint(b, uint64(len(l.used)))
	names.mu.RLock()
	defer names.mu.RUnlock()
	for _, code := range l.used {
		text := names.texts[code]
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return b
}

// blockReader reads blocks. It is used by one goroutine at a time. What contradicts itself is an error.
type blockReader struct {
	shape  packetShape
	bounds packetBounds
	labels []*labels
	cursor packetCursor
	file   bytes.Reader
	rows   int

	remainder   remainder
	first, last int64 // the times that the rows lie in
}

// open reads what comes before the rows.
func (r *blockReader) open(block []byte) error {
	r.cursor = packetCursor{rest: block}
	c := &r.cursor
	var n [5]int64
	for i := range n {
		n[i] = int64(c.uvarint())
	}
	r.remainder = remainder{nullUnit: n[0], ignored: n[1], outside: n[2], nullTime: n[3], strays: r.remainder.strays[:0]}
	at := int64(0)
	for i := int64(0); i < n[4] && !c.bad; i++ {
		at += c.varint()
		r.remainder.strays = append(r.remainder.strays, at)
	}
	r.rows = int(c.uvarint())
	if r.rows > 0 {
		r.first, r.last = c.varint(), c.varint()
	}
	if c.bad || r.rows < 0 || r.rows > packetRows || min(n[0], n[1], n[2], n[3], n[4]) < 0 || r.rows == 0 && len(c.rest) > 0 {
		return errPackets
	}
	return nil
}

// read reads the rows of the block that was opened.
func (r *blockReader) read(p *packet) error {
	bounds := r.bounds
	for _, l := range r.labels {
		bounds.remap = append(bounds.remap, r.codes(l))
	}
	if r.cursor.bad {
		return errPackets
	}
	r.file.Reset(r.cursor.rest)
	packets := newPacketReader(&r.file, int64(len(r.cursor.rest)), r.shape, bounds)
	if err := packets.next(p, 0, partitions); err != nil {
		return err
	}
	if len(p.keys) != r.rows || packets.at != packets.end {
		return fmt.Errorf("%d rows of %d: %w", len(p.keys), r.rows, errPackets)
	}
	return nil
}

// codes gives the codes of an attribute's texts in this analysis.
func (r *blockReader) codes(l *labels) []uint32 {
	c := &r.cursor
	n := c.uvarint()
	if n > uint64(r.rows) {
		c.bad = true
		return nil
	}
	out := make([]uint32, 1, n+1)
	for range n {
		if c.bad {
			return nil
		}
		out = append(out, l.code(c.text()))
	}
	return out
}
