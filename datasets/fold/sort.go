package fold

import (
	"math"
	"slices"
)

// ordered gives the bits of a number changed so that they are in the order of the numbers; zero has one sign.
func ordered(x float64) uint64 {
	if x == 0 {
		x = 0
	}
	bits := math.Float64bits(x)
	if bits>>63 != 0 {
		return ^bits
	}
	return bits | 1<<63
}

func fromOrdered(bits uint64) float64 {
	if bits>>63 == 0 {
		return math.Float64frombits(^bits)
	}
	return math.Float64frombits(bits &^ (1 << 63))
}

const (
	digitBits = 11
	fewBits   = 1 << 10 // numbers that are not worth counting digits
)

// sortBits sorts numbers digit by digit, the last one first (H. H. Seward, 1954); digits that all have in common cost nothing. It uses the
// memory of as many others.
func sortBits(bits, spare []uint64) {
	if len(bits) < fewBits {
		slices.Sort(bits)
		return
	}
	const digits, mask = (64 + digitBits - 1) / digitBits, 1<<digitBits - 1
	var counts [digits][1 << digitBits]int
	for _, x := range bits {
		for d := range counts {
			counts[d][x>>(d*digitBits)&mask]++
		}
	}
	from, to := bits, spare
	for d := range counts {
		shift := d * digitBits
		if counts[d][from[0]>>shift&mask] == len(bits) {
			continue
		}
		at := 0
		for i, n := range counts[d] {
			counts[d][i] = at
			at += n
		}
		for _, x := range from {
			next := &counts[d][x>>shift&mask]
			to[*next] = x
			*next++
		}
		from, to = to, from
	}
	copy(bits, from)
}
