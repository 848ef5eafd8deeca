package columnar

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/tabular"
)

// Keys of a unit table only have to be told apart. Their hashes are cheap and short: where two are equal, the keys themselves are compared.

// Odd numbers with as many ones as zeros (Wang Yi, wyhash final version 4).
const (
	odd0 = 0x2d358dccaa6c78a5
	odd1 = 0x8bb84b93962eacc9
	odd2 = 0x4b33a62ed433d4a3
)

func folded(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// hashWord tells all integers apart.
func hashWord(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9 // the finalizer of splitmix64, a bijection
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// hashKey hashes a text; valid tells whether it is UTF-8.
func hashKey(s string) (h uint64, valid bool) {
	n := len(s)
	if n > 16 {
		return xxh3.HashString(s), utf8.ValidString(s)
	}
	a, b := ends(s)
	valid = (a|b)&highBits == 0 || utf8.ValidString(s)
	return hashShort(n, a, b), valid
}

// highBits are set in bytes that are not ASCII.
const highBits = 0x8080808080808080

// hashShort hashes a text of n bytes by its ends.
func hashShort(n int, a, b uint64) uint64 {
	return folded(odd1^uint64(n), folded(a^odd0, b^odd2))
}

// ends are two words that together hold all of up to 16 bytes.
func ends(s string) (a, b uint64) {
	n := len(s)
	switch {
	case n >= 8:
		p := reuse.Bytes(s)
		return binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[n-8:])
	case n >= 4:
		p := reuse.Bytes(s)
		return uint64(binary.LittleEndian.Uint32(p)), uint64(binary.LittleEndian.Uint32(p[n-4:]))
	case n > 0:
		return uint64(s[0]) | uint64(s[n/2])<<8, uint64(s[n-1])
	}
	return 0, 0
}

// unitHasher hashes the unit keys of a table.
type unitHasher struct {
	integers bool // in all files
	dict     *tabular.Dictionary
	known    []uint64 // by position in dict
	hashes   []uint64 // of the rows at hand; nothing for those without a unit
	absent   []bool   // by row; valid when nulls
	nulls    int
	buf      []byte
}

// read hashes the units of rows.
func (u *unitHasher) read(c *tabular.Column, from, to int) error {
	u.hashes, u.nulls = reuse.Slice(u.hashes, to-from), 0
	switch {
	case c.Valid == nil && c.Kind == tabular.Integer && u.integers:
		for i, v := range c.Ints[from:to] {
			u.hashes[i] = hashWord(uint64(v))
		}
	case c.Valid == nil && c.Offsets != nil:
		return u.readPlain(c, from, to)
	case c.Valid == nil && c.Kind == tabular.Text && c.Codes == nil:
		for i := range to - from {
			if err := u.add(i, c.Text(from+i)); err != nil {
				return err
			}
		}
	case c.Valid == nil && c.Kind == tabular.Text:
		return u.readCodes(c, from, to)
	default:
		return u.readCells(c, from, to)
	}
	return nil
}

// readPlain hashes texts where they lie. What hashKey does is written out for the lengths that most keys have, as calls would take most of
// the time.
func (u *unitHasher) readPlain(c *tabular.Column, from, to int) error {
	for i := range to - from {
		b := c.Bytes(from + i)
		if n := len(b); 8 <= n && n <= 16 {
			first, last := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
			if (first|last)&highBits == 0 {
				u.hashes[i] = hashShort(n, first, last)
				continue
			}
		}
		if err := u.add(i, reuse.Text(b)); err != nil {
			return err
		}
	}
	return nil
}

// add hashes the text of a row.
func (u *unitHasher) add(i int, s string) error {
	h, valid := hashKey(s)
	if !valid {
		return tabular.ErrNotUTF8
	}
	if s == "" {
		u.null(i)
	}
	u.hashes[i] = h
	return nil
}

func (u *unitHasher) readCodes(c *tabular.Column, from, to int) error {
	if u.dict != c.Dict {
		u.dict, u.known = c.Dict, reuse.Slice(u.known, len(c.Dict.Texts))
		clear(u.known)
	}
	for i, code := range c.Codes[from:to] {
		if u.known[code] == 0 {
			s := c.Dict.Texts[code]
			h, valid := hashKey(s)
			if !valid {
				return tabular.ErrNotUTF8
			}
			if s == "" {
				u.null(i)
				continue
			}
			u.known[code] = h
		}
		u.hashes[i] = u.known[code]
	}
	return nil
}

func (u *unitHasher) readCells(c *tabular.Column, from, to int) error {
	for i := range to - from {
		name, err := keyText(c, from+i, u.buf)
		if err != nil {
			return err
		}
		switch {
		case name == "":
			u.null(i)
		case u.integers: // beyond int64, somewhere in the file
			u.hashes[i] = hashWord(uint64(c.Ints[from+i]))
		default:
			u.hashes[i], _ = hashKey(name)
		}
	}
	return nil
}

func (u *unitHasher) null(i int) {
	if u.nulls == 0 {
		u.absent = reuse.Slice(u.absent, len(u.hashes))
		clear(u.absent)
	}
	u.absent[i] = true
	u.nulls++
}
