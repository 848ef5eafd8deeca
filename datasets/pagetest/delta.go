package pagetest

import (
	"encoding/binary"
	"math/bits"
)

// delta writes DELTA_BINARY_PACKED. Differences of narrow values wrap around as int32.
func (d draw) delta(values []int64, narrow bool) []byte {
	minis, block := pick(d, 1, 2, 4), 128*(1+d.IntN(3))
	perMini := block / minis
	out := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(block)), uint64(minis))
	out = binary.AppendUvarint(out, uint64(len(values)))
	if len(values) == 0 {
		return binary.AppendVarint(out, 0)
	}
	out = binary.AppendVarint(out, values[0])
	var steps []int64
	for i := 1; i < len(values); i++ {
		step := values[i] - values[i-1]
		if narrow {
			step = int64(int32(step))
		}
		steps = append(steps, step)
	}
	for len(steps) > 0 {
		n := min(block, len(steps))
		out = d.deltaBlock(out, steps[:n], minis, perMini, narrow)
		steps = steps[n:]
	}
	return out
}

func (d draw) deltaBlock(out []byte, steps []int64, minis, perMini int, narrow bool) []byte {
	base := steps[0]
	for _, s := range steps {
		base = min(base, s)
	}
	out = binary.AppendVarint(out, base)
	widths, packed := make([]byte, minis), []byte(nil)
	for m := range minis {
		if m*perMini >= len(steps) {
			widths[m] = byte(d.IntN(256)) // of a miniblock that is not there: anything
			continue
		}
		offsets, all := make([]uint64, perMini), uint64(0)
		for i, s := range steps[m*perMini : min((m+1)*perMini, len(steps))] {
			offsets[i] = uint64(s) - uint64(base)
			if narrow {
				offsets[i] &= 1<<32 - 1
			}
			all |= offsets[i]
		}
		width := bits.Len64(all)
		if d.oneIn(4) {
			most := 64
			if narrow {
				most = 32
			}
			width += d.IntN(most - width + 1)
		}
		widths[m] = byte(width)
		packed = pack(packed, offsets, width)
	}
	return append(append(out, widths...), packed...)
}

// deltaLength writes DELTA_LENGTH_BYTE_ARRAY.
func (d draw) deltaLength(cells []string) []byte {
	var sizes []int64
	var all []byte
	for _, s := range cells {
		sizes = append(sizes, int64(len(s)))
		all = append(all, s...)
	}
	return append(d.delta(sizes, true), all...)
}

// deltaPrefix writes DELTA_BYTE_ARRAY. A value may share less with the one before than it could.
func (d draw) deltaPrefix(cells []string) []byte {
	var shared []int64
	var rest []string
	last := ""
	for _, s := range cells {
		n := 0
		for n < min(len(s), len(last)) && s[n] == last[n] {
			n++
		}
		if d.oneIn(4) {
			n = d.IntN(n + 1)
		}
		shared, rest, last = append(shared, int64(n)), append(rest, s[n:]), s
	}
	return append(d.delta(shared, true), d.deltaLength(rest)...)
}
