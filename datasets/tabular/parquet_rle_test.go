package tabular

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestUnpack reads bit-packed values of every width one bit at a time, too.
func TestUnpack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for width := range 33 {
		for range 20 {
			n := r.IntN(100)
			data := make([]byte, (n*width+7)/8)
			for i := range data {
				data[i] = byte(r.Uint32())
			}
			got := make([]uint32, n)
			unpack(data, width, got)
			for i := range got {
				want := uint32(0)
				for b := range width {
					at := i*width + b
					want |= uint32(data[at/8]>>(at%8)&1) << b
				}
				if got[i] != want {
					t.Fatalf("width %d, value %d of %d: got %d, want %d", width, i, n, got[i], want)
				}
			}
		}
	}
}

// TestAllDefined: levels that are found to be all 1 at a glance are all 1 when they are read one by one.
func TestAllDefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		for range rapid.IntRange(1, 4).Draw(t, "runs") {
			if rapid.Bool().Draw(t, "packed") {
				data = append(binary.AppendUvarint(data, 1<<1|1), rapid.SampledFrom([]byte{0xff, 0xfe}).Draw(t, "bits"))
			} else {
				data = binary.AppendUvarint(data, rapid.Uint64Range(0, 12).Draw(t, "count")<<1)
				data = append(data, rapid.SampledFrom([]byte{1, 1, 1, 0, 2}).Draw(t, "level"))
			}
		}
		data = data[:rapid.IntRange(0, len(data)).Draw(t, "cut")]
		n := rapid.IntRange(0, 30).Draw(t, "levels")
		levels := make([]uint32, n)
		err := readHybrid(data, 1, levels)
		ones := err == nil
		for _, l := range levels {
			ones = ones && l == 1
		}
		if allDefined(data, n) && !ones {
			t.Fatalf("%x: %v, %v", data, levels, err)
		}
	})
}
