package bucket

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"
)

// draw is the way from a unit to one of its points.
type draw struct {
	hash Hash
	key  string // SHA-256: with the zero byte that ends it; GrowthBook: the seed
}

// name is the key without what only separates it from the unit.
func (d draw) name() string { return strings.TrimSuffix(d.key, "\x00") }

// buckets is how many points there are; 0 stands for 2^64.
func (h Hash) buckets() uint64 {
	switch h {
	case GrowthBookV1:
		return 1000
	case GrowthBookV2:
		return 10_000
	}
	return 0
}

func (d draw) point(unit string) uint64 {
	switch d.hash {
	case GrowthBookV1:
		return uint64(fnv32a(fnv32a(fnvOffset, unit), d.key) % 1000)
	case GrowthBookV2:
		var digits [10]byte
		first := strconv.AppendUint(digits[:0], uint64(fnv32a(fnv32a(fnvOffset, d.key), unit)), 10)
		return uint64(fnv32a(fnvOffset, first) % 10_000)
	}
	return sha256Point(d.key, unit)
}

func sha256Point(prefix, unit string) uint64 {
	var near [256]byte
	if len(prefix)+len(unit) > len(near) {
		return longPoint(prefix, unit)
	}
	n := copy(near[:], prefix)
	n += copy(near[n:], unit)
	sum := sha256.Sum256(near[:n])
	return binary.BigEndian.Uint64(sum[:])
}

// longPoint hashes piece by piece, so that a key of any length needs no copy of it.
func longPoint(prefix, unit string) uint64 {
	h := sha256.New()
	var piece [512]byte
	for _, text := range [...]string{prefix, unit} {
		for len(text) > 0 {
			n := copy(piece[:], text)
			h.Write(piece[:n])
			text = text[n:]
		}
	}
	var sum [sha256.Size]byte
	return binary.BigEndian.Uint64(h.Sum(sum[:0]))
}

const fnvOffset, fnvPrime uint32 = 2166136261, 16777619

// fnv32a goes on hashing with FNV-1a.
func fnv32a[T string | []byte](state uint32, text T) uint32 {
	for i := range len(text) {
		state = (state ^ uint32(text[i])) * fnvPrime
	}
	return state
}
