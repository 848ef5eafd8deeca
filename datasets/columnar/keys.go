package columnar

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"liftgate/datasets/expr"
)

// key is the 128-bit hash of a unit's key, or of a cell. Two keys of one table meet with probability n^2 / 2^129.
type key struct{ hi, lo uint64 }

func hashText(s string) key {
	h := xxh3.HashString128(s)
	return key{h.Hi, h.Lo}
}

// keyText is the key of a unit or cluster as text: integers in decimal, so that 7 and "7" are one unit. It is empty for a null.
func keyText(c *column, row int, buf []byte) (s string, err error) {
	if c.null(row) {
		return "", nil
	}
	switch c.kind {
	case text:
		s = c.text(row)
		if !utf8.ValidString(s) {
			err = errNotUTF8
		}
		return s, err
	case integer:
		return view(strconv.AppendInt(buf[:0], c.ints[row], 10)), nil
	default: // an unsigned integer beyond int64 among integers
		if c.exact != nil && c.exact[row] {
			return view(strconv.AppendInt(buf[:0], c.ints[row], 10)), nil
		}
		return view(strconv.AppendUint(buf[:0], uint64(c.ints[row]), 10)), nil
	}
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
