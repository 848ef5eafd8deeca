package tabular

import "math/bits"

// allDefined reports whether n levels of width one are all 1.
func allDefined(data []byte, n int) bool {
	for n > 0 {
		count, packed, rest, err := runHead(data)
		if err != nil || packed || len(rest) == 0 || rest[0] != 1 {
			return false
		}
		data = rest[1:]
		n -= int(min(count, uint64(n)))
	}
	return true
}

// readLevels decodes definition levels of width one: cells are valid where they are 1. It counts those.
func readLevels(data []byte, valid []bool) (present int, err error) {
	for len(valid) > 0 {
		count, packed, rest, err := runHead(data)
		if err != nil {
			return 0, err
		}
		data = rest
		if !packed {
			n := int(min(count, uint64(len(valid))))
			if len(data) == 0 || data[0] > 1 {
				return 0, errLevels
			}
			setAlike(valid, n, data[0])
			present += n * int(data[0])
			valid, data = valid[n:], data[1:]
			continue
		}
		groups := min(count, uint64(len(valid)+7)/8)
		if uint64(len(data)) < groups {
			return 0, errLevels
		}
		n := min(int(groups)*8, len(valid))
		present += setBits(valid[:n], data)
		valid, data = valid[n:], data[groups:] // and if there is more in the run, valid is empty
	}
	return present, nil
}

// eight is the levels of a byte.
var eight = func() (t [256][8]bool) {
	for b := range t {
		for i := range 8 {
			t[b][i] = b>>i&1 == 1
		}
	}
	return t
}()

// setAlike sets the first n cells, and may set up to seven more, which are to come.
func setAlike(valid []bool, n int, level byte) {
	i, all := 0, eight[-level]
	for ; i < n && i+8 <= len(valid); i += 8 {
		*(*[8]bool)(valid[i:]) = all
	}
	for ; i < n; i++ {
		valid[i] = level == 1
	}
}

// setBits sets cells, least significant bit first, and counts those that are valid.
func setBits(valid []bool, data []byte) (present int) {
	i, whole := 0, data[:len(valid)/8]
	for _, b := range whole {
		*(*[8]bool)(valid[i:]) = eight[b]
		present += bits.OnesCount8(b)
		i += 8
	}
	for j := range valid[i:] {
		if valid[i+j] = data[i/8]>>j&1 == 1; valid[i+j] {
			present++
		}
	}
	return present
}

// readOldLevels decodes the deprecated BIT_PACKED levels of width one, most significant bit first.
func readOldLevels(data []byte, valid []bool) (present int, err error) {
	if len(data) < (len(valid)+7)/8 {
		return 0, errLevels
	}
	for i := range valid {
		if valid[i] = data[i/8]>>(7-i%8)&1 == 1; valid[i] {
			present++
		}
	}
	return present, nil
}
