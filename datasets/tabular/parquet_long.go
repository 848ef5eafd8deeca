package tabular

import (
	"encoding/binary"
	"math"

	"github.com/apache/arrow/go/v17/parquet"

	"liftgate/datasets/internal/reuse"
)

// wholePage is how many rows a page may have and be decoded at once. A few bytes can stand for any number of equal cells, so longer pages are
// decoded piece by piece: what they take depends on their bytes and not on their word.
const wholePage = 1 << 20

// longPage is a page that is decoded piece by piece. Its cells that are not null come from one of codes, steps and all.
type longPage struct {
	left   int   // rows
	levels *runs // nil: no cell is null
	codes  *runs // into the dictionary, or booleans
	steps  *deltas
	all    Column
	next   int // in all
}

func (c *chunk) openLong() (err error) {
	levels, data, err := c.split()
	if err != nil {
		return err
	}
	rows := c.rows
	l := &longPage{left: rows}
	present := rows
	if c.leaf.optional {
		l.levels = &runs{data: levels, width: 1}
		if !c.page.V2 && c.page.LevelEncoding == parquet.Encodings.BitPacked {
			l.levels = &runs{data: levels, width: 1, left: math.MaxInt, packed: true, reversed: true}
		}
		if present, err = l.levels.ones(rows); err != nil {
			return err
		}
	}
	if present > 0 {
		err = c.openValues(l, data, present)
	}
	c.long, c.rows, c.at, c.decoded = l, 0, 0, nil
	return err
}

// openValues prepares to read the n cells that are not null.
func (c *chunk) openValues(l *longPage, data []byte, n int) (err error) {
	if err := c.leaf.checkEncoding(c.page.Encoding); err != nil {
		return err
	}
	switch c.page.Encoding {
	case parquet.Encodings.RLEDict, parquet.Encodings.PlainDict:
		if len(data) == 0 {
			return errShort
		}
		l.codes = &runs{data: data[1:], width: int(data[0])}
	case parquet.Encodings.RLE:
		if len(data) < 4 {
			return errShort
		}
		l.codes = &runs{data: data[4:], width: 1}
	case parquet.Encodings.DeltaBinaryPacked:
		l.steps, err = openDeltas(data, n, c.leaf.physical == parquet.Types.Int32)
	case parquet.Encodings.DeltaLengthByteArray, parquet.Encodings.DeltaByteArray:
		if n > wholePage+16*len(data) { // next to all of its texts are empty, or the same
			return errShort
		}
		fallthrough
	default:
		l.all, err = c.present(data, n)
	}
	return err
}

// nextPiece decodes the next rows of a long page, at most so many.
func (c *chunk) nextPiece(most int) error {
	l := c.long
	n := min(l.left, most)
	var valid []bool
	present := n
	if l.levels != nil {
		c.levels = reuse.Slice(c.levels, n)
		if err := l.levels.read(c.levels); err != nil {
			return err
		}
		c.spread.Valid = reuse.Slice(c.spread.Valid, n)
		valid, present = c.spread.Valid, 0
		for i, level := range c.levels {
			valid[i] = level == 1
			present += int(level)
		}
	}
	cells := Column{Kind: c.leaf.kind}
	if present > 0 {
		var err error
		if cells, err = c.piece(present); err != nil {
			return err
		}
	}
	if present < n {
		cells.spread(valid, &c.spread)
	}
	l.left -= n
	c.rows, c.at, c.decoded = n, 0, &cells
	return nil
}

// piece gives the next n cells of a long page that are not null.
func (c *chunk) piece(n int) (Column, error) {
	l := c.long
	switch {
	case l.codes != nil:
		c.codes = reuse.Slice(c.codes, n)
		if err := l.codes.read(c.codes); err != nil {
			return Column{}, err
		}
		if c.page.Encoding != parquet.Encodings.RLE {
			return c.cellsOf(c.codes)
		}
		c.values.ints = reuse.Slice(c.values.ints, n)
		for i, v := range c.codes {
			c.values.ints[i] = int64(v)
		}
		return c.leaf.convert(physical{ints: c.values.ints}, c.zone)
	case l.steps != nil:
		c.values.ints = reuse.Slice(c.values.ints, n)
		if err := l.steps.read(c.values.ints); err != nil {
			return Column{}, err
		}
		return c.leaf.convert(physical{ints: c.values.ints}, c.zone)
	}
	l.next += n
	return l.all.slice(l.next-n, l.next), nil
}

// runs reads the RLE / bit-packing hybrid a piece at a time; readHybrid is the fast way to read all of it.
type runs struct {
	data   []byte
	width  int
	left   int // values of the current run
	packed bool
	value  uint32 // of a run that repeats
	bit    int    // of a packed run: where the next value starts in data
	size   int    // bytes of the packed run

	reversed bool // the deprecated BIT_PACKED: one run, most significant bit first
}

func (r *runs) read(out []uint32) error {
	for len(out) > 0 {
		if r.left == 0 {
			if err := r.open(); err != nil {
				return err
			}
		}
		n := min(r.left, len(out))
		for i := range out[:n] {
			out[i] = r.value
		}
		if r.packed && !r.unpack(out[:n]) {
			return errLevels
		}
		out = out[n:]
		r.left -= n
	}
	return nil
}

// open starts the next run.
func (r *runs) open() error {
	if r.width < 0 || r.width > 32 {
		return errLevels
	}
	r.data = r.data[min(r.size, len(r.data)):]
	r.size, r.bit = 0, 0
	count, packed, rest, err := runHead(r.data)
	if err != nil {
		return err
	}
	r.data, r.left, r.packed = rest, int(count), packed
	if packed {
		r.size = r.left * r.width
		r.left *= 8
		return nil
	}
	r.size = (r.width + 7) / 8
	if len(r.data) < r.size {
		return errLevels
	}
	r.value = 0
	for i := range r.size {
		r.value |= uint32(r.data[i]) << (8 * i)
	}
	return nil
}

// unpack reads values of the current run, which may start anywhere in a byte.
func (r *runs) unpack(out []uint32) bool {
	if len(out)*r.width > 8*len(r.data)-r.bit {
		return false
	}
	at := r.bit
	r.bit += len(out) * r.width
	for ; len(out) > 0 && (at&7 != 0 || r.reversed); out = out[1:] {
		if r.reversed {
			out[0] = uint32(r.data[at>>3]>>(7-at&7)) & 1
		} else {
			var word [8]byte
			copy(word[:], r.data[at>>3:])
			out[0] = uint32(binary.LittleEndian.Uint64(word[:]) >> (at & 7) & (1<<r.width - 1))
		}
		at += r.width
	}
	unpack(r.data[at>>3:], r.width, out)
	return true
}

// ones counts, from where it stands and without moving on, how many of n levels are 1. Others than 0 and 1 are an error.
func (r *runs) ones(n int) (count int, err error) {
	ahead := *r
	var levels [1024]uint32
	for n > 0 {
		if ahead.left == 0 {
			if err := ahead.open(); err != nil {
				return 0, err
			}
		}
		piece := levels[:min(n, ahead.left, len(levels))]
		if err := ahead.read(piece); err != nil {
			return 0, err
		}
		for _, level := range piece {
			if level > 1 {
				return 0, errLevels
			}
			count += int(level)
		}
		n -= len(piece)
		if !ahead.packed { // the rest of the run is alike
			rest := min(n, ahead.left)
			count += rest * int(ahead.value)
			n -= rest
			ahead.left -= rest
		}
	}
	return count, nil
}
