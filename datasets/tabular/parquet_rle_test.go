package tabular

import (
	"math/rand/v2"
	"testing"
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
