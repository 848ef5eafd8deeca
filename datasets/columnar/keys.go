package columnar

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"liftgate/datasets/expr"
	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/tabular"
)

// key is the 128-bit hash of a unit's key, or of a cell. Two keys of one table meet with probability n^2 / 2^129.
type key struct{ hi, lo uint64 }

func hashText(s string) key {
	h := xxh3.HashString128(s)
	return key{h.Hi, h.Lo}
}

// keyText is the key of a unit or cluster as text: integers in decimal, so that 7 and "7" are one unit. It is empty for a null.
func keyText(c *tabular.Column, row int, buf []byte) (s string, err error) {
	if c.Null(row) {
		return "", nil
	}
	switch c.Kind {
	case tabular.Text:
		s = c.Text(row)
		if !utf8.ValidString(s) {
			err = tabular.ErrNotUTF8
		}
		return s, err
	case tabular.Integer:
		return reuse.Text(strconv.AppendInt(buf[:0], c.Ints[row], 10)), nil
	default: // an unsigned integer beyond int64 among integers
		if c.Exact != nil && c.Exact[row] {
			return reuse.Text(strconv.AppendInt(buf[:0], c.Ints[row], 10)), nil
		}
		return reuse.Text(strconv.AppendUint(buf[:0], uint64(c.Ints[row]), 10)), nil
	}
}

// keyReader hashes keys of units or clusters, those of a dictionary once.
type keyReader struct {
	dict  *tabular.Dictionary
	known []key // by position in dict; the zero key where it has not been hashed yet, or is none
	buf   [24]byte
}

// hash gives the keys of rows, the zero key where there is none, and of how many before the first one that cannot be read. It may reuse
// the memory of old ones.
func (r *keyReader) hash(c *tabular.Column, rows []int32, old []key) (keys []key, n int, err error) {
	keys = reuse.Slice(old, len(rows))
	switch {
	case c.Offsets != nil && c.Valid == nil:
		n, err = hashTexts(c, rows, keys)
	case c.Kind == tabular.Text && c.Codes != nil:
		n, err = r.hashCodes(c, rows, keys)
	default:
		n, err = r.hashEach(c, rows, keys)
	}
	return keys[:n], n, err
}

// hashTexts hashes the texts of a page where they lie.
func hashTexts(c *tabular.Column, rows []int32, keys []key) (n int, err error) {
	for i, row := range rows {
		b := c.Bytes(int(row))
		if !ascii(b) && !utf8.Valid(b) {
			return i, tabular.ErrNotUTF8
		}
		keys[i] = key{}
		if len(b) > 0 {
			h := xxh3.Hash128(b)
			keys[i] = key{h.Hi, h.Lo}
		}
	}
	return len(rows), nil
}

func (r *keyReader) hashCodes(c *tabular.Column, rows []int32, keys []key) (n int, err error) {
	if r.dict != c.Dict {
		r.dict, r.known = c.Dict, reuse.Slice(r.known, len(c.Dict.Texts))
		clear(r.known)
	}
	for i, row := range rows {
		keys[i] = key{}
		if c.Null(int(row)) {
			continue
		}
		code := c.Codes[row]
		if r.known[code] == (key{}) {
			s := c.Dict.Texts[code]
			if !utf8.ValidString(s) {
				return i, tabular.ErrNotUTF8
			}
			if s != "" {
				r.known[code] = hashText(s)
			}
		}
		keys[i] = r.known[code]
	}
	return len(rows), nil
}

func (r *keyReader) hashEach(c *tabular.Column, rows []int32, keys []key) (n int, err error) {
	for i, row := range rows {
		s, err := keyText(c, int(row), r.buf[:])
		if err != nil {
			return i, err
		}
		keys[i] = key{}
		if s != "" {
			keys[i] = hashText(s)
		}
	}
	return len(rows), nil
}

// ascii reports whether a text of 8 to 16 bytes, as most keys are, is ASCII; of others it does not know.
func ascii(b []byte) bool {
	n := len(b)
	return n >= 8 && n <= 16 && (binary.LittleEndian.Uint64(b)|binary.LittleEndian.Uint64(b[n-8:]))&highBits == 0
}

// pairOf is the key of a unit in a cluster. It has the leading bits of the cluster's key, so that the units of a cluster share a
// partition.
func pairOf(cluster, unit key) key {
	const within = 1<<(64-partitionBits) - 1
	k := mix(cluster, unit, 0)
	k.hi = cluster.hi&^within | k.hi&within
	return k
}

// hashCell tells values apart as expr.Compare does.
func hashCell(v expr.Value) key {
	buf := make([]byte, 1, 64)
	buf[0] = byte(v.Type)
	switch {
	case v.Type == expr.Text:
		buf = append(buf, v.Text...)
	case v.Type == expr.Bool && v.Bool:
		buf = append(buf, 1)
	case v.Type == expr.Number && !v.Exact:
		if i := int64(v.Float); v.Float >= -(1<<63) && v.Float < 1<<63 && float64(i) == v.Float {
			buf = strconv.AppendInt(buf, i, 10)
		} else {
			buf = append(strconv.AppendFloat(buf, v.Float, 'x', -1, 64), 'f')
		}
	default:
		buf = strconv.AppendInt(buf, v.Int, 10)
	}
	h := xxh3.Hash128(buf)
	return key{h.Hi, h.Lo}
}

// mix hashes two keys and a place together.
func mix(a, b key, place uint64) key {
	var buf [40]byte
	for i, w := range [...]uint64{a.hi, a.lo, b.hi, b.lo, place} {
		binary.LittleEndian.PutUint64(buf[8*i:], w)
	}
	h := xxh3.Hash128(buf[:])
	return key{h.Hi, h.Lo}
}
