package tabular

import (
	"encoding/binary"
	"errors"
)

var errLevels = errors.New("a page's run lengths are damaged")

// readHybrid decodes the RLE / bit-packing hybrid of Encodings.md into out, all of it.
func readHybrid(data []byte, width int, out []uint32) error {
	if width < 0 || width > 32 {
		return errLevels
	}
	for len(out) > 0 {
		count, packed, rest, err := runHead(data)
		if err != nil {
			return err
		}
		if packed {
			out, data, err = packedRun(rest, width, count, out)
		} else {
			out, data, err = repeatRun(rest, width, count, out)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// longestRun is more values, or groups of eight, than any page has.
const longestRun = 1 << 40

// runHead reads how many values a run repeats, or how many groups of eight it packs.
func runHead(data []byte) (count uint64, packed bool, rest []byte, err error) {
	head, n := binary.Uvarint(data)
	if count = head >> 1; n <= 0 || count == 0 || count > longestRun {
		return 0, false, nil, errLevels
	}
	return count, head&1 == 1, data[n:], nil
}

// repeatRun gives count times the same value.
func repeatRun(data []byte, width int, count uint64, out []uint32) (rest []uint32, left []byte, err error) {
	size := (width + 7) / 8
	if len(data) < size {
		return nil, nil, errLevels
	}
	var v uint32
	for i := range size {
		v |= uint32(data[i]) << (8 * i)
	}
	n := int(min(count, uint64(len(out))))
	for i := range out[:n] {
		out[i] = v
	}
	return out[n:], data[size:], nil
}

// packedRun gives groups of eight values of width bits each; the last group may be cut short where out ends.
func packedRun(data []byte, width int, groups uint64, out []uint32) (rest []uint32, left []byte, err error) {
	n := len(out)
	if groups < uint64(n+7)/8 {
		n = int(groups) * 8
	}
	need := (n*width + 7) / 8
	if len(data) < need {
		return nil, nil, errLevels
	}
	unpack(data, width, out[:n])
	size := uint64(len(data))
	if s := groups * uint64(width); s < size && (width == 0 || groups <= size) {
		size = s
	}
	return out[n:], data[size:], nil
}

// unpack reads values of width bits, least significant bit first: as many at a time as lie in one word wherever they start.
func unpack(data []byte, width int, out []uint32) {
	mask := uint64(1)<<width - 1
	i, bit := 0, 0
	switch w, m := uint(width)&15, uint32(mask); {
	case width <= 8:
		for ; i+8 <= len(out) && bit>>3+8 <= len(data); i += 8 {
			word, eight := binary.LittleEndian.Uint64(data[bit>>3:]), out[i:i+8:i+8]
			eight[0] = uint32(word) & m
			eight[1] = uint32(word>>w) & m
			eight[2] = uint32(word>>(2*w)) & m
			eight[3] = uint32(word>>(3*w)) & m
			eight[4] = uint32(word>>(4*w)) & m
			eight[5] = uint32(word>>(5*w)) & m
			eight[6] = uint32(word>>(6*w)) & m
			eight[7] = uint32(word>>(7*w)) & m
			bit += 8 * width
		}
	case width < 16: // four take 60 bits and start at half a byte at most
		for ; i+4 <= len(out) && bit>>3+8 <= len(data); i += 4 {
			word, four := binary.LittleEndian.Uint64(data[bit>>3:])>>(bit&7), out[i:i+4:i+4]
			four[0] = uint32(word) & m
			four[1] = uint32(word>>w) & m
			four[2] = uint32(word>>(2*w)) & m
			four[3] = uint32(word>>(3*w)) & m
			bit += 4 * width
		}
	}
	for ; i < len(out) && bit>>3+8 <= len(data); i++ {
		out[i] = uint32(binary.LittleEndian.Uint64(data[bit>>3:]) >> (bit & 7) & mask)
		bit += width
	}
	for ; i < len(out); i++ {
		var word [8]byte
		copy(word[:], data[min(bit>>3, len(data)):])
		out[i] = uint32(binary.LittleEndian.Uint64(word[:]) >> (bit & 7) & mask)
		bit += width
	}
}
