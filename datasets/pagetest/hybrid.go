package pagetest

import "encoding/binary"

// hybrid writes the RLE / bit-packing hybrid in runs of any kind and length.
func (d draw) hybrid(values []uint32, width int) []byte {
	var out []byte
	for len(values) > 0 {
		same := 1
		for same < len(values) && values[same] == values[0] {
			same++
		}
		if d.oneIn(3) && same > 1 {
			same = 1 + d.IntN(same)
		}
		if same >= 8 || d.oneIn(3) {
			out = repeated(out, values[0], same, width)
			values = values[same:]
			continue
		}
		groups := 1 + d.IntN((len(values)+7)/8)
		n := min(8*groups, len(values))
		out = binary.AppendUvarint(out, uint64(groups)<<1|1)
		padded := make([]uint64, 8*groups)
		for i, v := range values[:n] {
			padded[i] = uint64(v)
		}
		out = pack(out, padded, width)
		values = values[n:]
	}
	return out
}

func repeated(out []byte, value uint32, count, width int) []byte {
	out = binary.AppendUvarint(out, uint64(count)<<1)
	for range (width + 7) / 8 {
		out = append(out, byte(value))
		value >>= 8
	}
	return out
}

// pack writes values of width bits each, least significant bit first.
func pack(out []byte, values []uint64, width int) []byte {
	bits := make([]byte, (len(values)*width+7)/8)
	for i, v := range values {
		for b := range width {
			at := i*width + b
			bits[at/8] |= byte(v>>b&1) << (at % 8)
		}
	}
	return append(out, bits...)
}

// packOld writes the deprecated BIT_PACKED levels of width one: most significant bit first.
func packOld(levels []uint32) []byte {
	bits := make([]byte, (len(levels)+7)/8)
	for i, v := range levels {
		bits[i/8] |= byte(v) << (7 - i%8)
	}
	return bits
}
