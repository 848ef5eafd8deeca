package calibration

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// purpose keeps the draws for one thing apart from those for another.
type purpose uint64

const (
	dealUnits purpose = iota
	dealMerchants
	harmUnits
)

// chance is the stream of random numbers of one split for one purpose; part tells streams of one split apart. It depends on nothing else, so
// neither the number of splits nor that of workers changes a split. ChaCha8's streams of different seeds are independent.
func chance(seed uint64, split int, p purpose, part int) *rand.ChaCha8 {
	var key [32]byte
	for i, x := range []uint64{seed, uint64(split), uint64(p), uint64(part)} {
		binary.LittleEndian.PutUint64(key[8*i:], x)
	}
	return rand.NewChaCha8(key)
}

// chances are how units are dealt out: treatments one after the other, each with its chance given that those before it did not get the unit; the
// control gets what is left.
type chances []uint64 // in units of 2^-64; always is 1

const always = ^uint64(0)

// newChances takes the weights of the treatments and of the control.
func newChances(treatments []uint64, control uint64) chances {
	left := control
	for _, w := range treatments {
		left += w
	}
	out := make(chances, len(treatments))
	for i, w := range treatments {
		switch {
		case w == left && w > 0:
			out[i] = always
		case w > 0:
			out[i], _ = bits.Div64(w, 0, left)
		}
		left -= w
	}
	return out
}

// masks deals 64 units out: masks[t] has the units of treatment t.
func (c chances) masks(r *rand.ChaCha8, masks []uint64) {
	left := ^uint64(0)
	for t, p := range c {
		masks[t] = left & lot(r, p)
		left &^= masks[t]
	}
}

// one deals one unit out; len(c) is the control.
func (c chances) one(r *rand.ChaCha8) int {
	for t, p := range c {
		if p == always || p > 0 && r.Uint64() < p {
			return t
		}
	}
	return len(c)
}

// lot is 64 draws of chance p at once: each compares the binary digits of a uniform number with those of p, as far as it takes to see which is
// less.
func lot(r *rand.ChaCha8, p uint64) (won uint64) {
	if p == always {
		return always
	}
	for open := ^uint64(0); open != 0 && p != 0; p <<= 1 {
		digits := r.Uint64()
		if p>>63 == 1 {
			won |= open &^ digits
			open &= digits
		} else {
			open &^= digits
		}
	}
	return won
}
