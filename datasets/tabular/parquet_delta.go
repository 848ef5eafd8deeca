package tabular

import (
	"encoding/binary"
	"errors"

	"liftgate/datasets/internal/reuse"
)

var errDelta = errors.New("a page with delta encoding is damaged")

// readDelta decodes DELTA_BINARY_PACKED. It gives back what follows the values; narrow values wrap around as int32.
func readDelta(data []byte, n int, narrow bool) (out []int64, rest []byte, err error) {
	d, err := openDeltas(data, n, narrow)
	if err != nil {
		return nil, nil, err
	}
	out = make([]int64, 0, min(n, 1<<16))
	for len(out) < n {
		at, more := len(out), min(n-len(out), 1<<16)
		out = append(out, make([]int64, more)...)
		if err := d.read(out[at:]); err != nil {
			return nil, nil, err
		}
	}
	return out, d.steps.c.rest, nil
}

// deltas gives one value after another.
type deltas struct {
	steps  delta
	value  int64
	first  bool // value is still to be given
	narrow bool
}

func openDeltas(data []byte, n int, narrow bool) (*deltas, error) {
	c := &cursor{rest: data}
	block, minis, total, value := c.uvarint(), c.uvarint(), c.uvarint(), c.varint()
	if c.bad || minis == 0 || minis > 1<<16 || block > 1<<16 || block%(32*minis) != 0 || block == 0 || total != uint64(n) {
		return nil, errDelta
	}
	return &deltas{delta{c: c, perMini: int(block / minis), minis: int(minis)}, value, true, narrow}, nil
}

func (d *deltas) read(out []int64) error {
	for i := range out {
		if !d.first {
			step, err := d.steps.next()
			if err != nil {
				return err
			}
			d.value += step
			if d.narrow {
				d.value = int64(int32(d.value))
			}
		}
		d.first = false
		out[i] = d.value
	}
	return nil
}

// cursor reads numbers one after another. After the first mistake, bad is set and every read gives nothing.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.rest)
	c.take(n)
	c.bad = c.bad || n == 0
	return v
}

func (c *cursor) varint() int64 {
	v, n := binary.Varint(c.rest)
	c.take(n)
	c.bad = c.bad || n == 0
	return v
}

func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.rest) {
		c.bad, c.rest = true, nil
		return nil
	}
	taken := c.rest[:n]
	c.rest = c.rest[n:]
	return taken
}

// delta gives one difference after another.
type delta struct {
	c              *cursor
	perMini, minis int
	widths         []byte // of the miniblocks left in this block
	base           int64
	steps          []uint64 // left in this miniblock
	memory         []uint64 // for steps
}

func (d *delta) next() (int64, error) {
	if len(d.steps) == 0 {
		if err := d.miniblock(); err != nil {
			return 0, err
		}
	}
	step := d.base + int64(d.steps[0])
	d.steps = d.steps[1:]
	return step, nil
}

func (d *delta) miniblock() error {
	if len(d.widths) == 0 {
		d.base = d.c.varint()
		d.widths = d.c.take(d.minis)
		if d.c.bad {
			return errDelta
		}
	}
	width := int(d.widths[0])
	d.widths = d.widths[1:]
	if width > 64 {
		return errDelta
	}
	packed := d.c.take(d.perMini * width / 8)
	if d.c.bad {
		return errDelta
	}
	d.memory = reuse.Slice(d.memory, d.perMini)
	d.steps = d.memory
	unpackWide(packed, width, d.steps)
	return nil
}

// unpackWide reads values of up to 64 bits, least significant bit first.
func unpackWide(data []byte, width int, out []uint64) {
	for i := range out {
		out[i] = 0
		for bit := 0; bit < width; {
			at := i*width + bit
			take := min(8-at&7, width-bit)
			part := uint64(data[at>>3]>>(at&7)) & (1<<take - 1)
			out[i] |= part << bit
			bit += take
		}
	}
}

// readDeltaLength decodes DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
func readDeltaLength(data []byte, n int) ([]string, error) {
	lengths, data, err := readDelta(data, n, true)
	if err != nil {
		return nil, err
	}
	texts := make([]string, n)
	for i, size := range lengths {
		if size < 0 || size > int64(len(data)) {
			return nil, errShort
		}
		texts[i] = reuse.Text(data[:size])
		data = data[size:]
	}
	return texts, nil
}

// readDeltaPrefix decodes DELTA_BYTE_ARRAY: how much each value shares with the one before it, then the rest of each.
//
// The first value of a page should share nothing, but some writers, Arrow's own among them, go on from the page before
// (PARQUET-246), so that page's last value is given.
func readDeltaPrefix(data []byte, n int, last string) ([]string, error) {
	prefixes, data, err := readDelta(data, n, true)
	if err != nil {
		return nil, err
	}
	texts, err := readDeltaLength(data, n)
	if err != nil {
		return nil, err
	}
	// A run of values that share long prefixes could grow without bound in a damaged page.
	budget := 64*len(data) + n*len(last) + 1<<20
	for i := range texts {
		if prefixes[i] < 0 || prefixes[i] > int64(len(last)) {
			return nil, errDelta
		}
		if prefixes[i] > 0 {
			texts[i] = last[:prefixes[i]] + texts[i]
			if budget -= len(texts[i]); budget < 0 {
				return nil, errDelta
			}
		}
		last = texts[i]
	}
	return texts, nil
}
