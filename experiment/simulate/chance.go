package simulate

import (
	"hash/fnv"
	"math"
)

// fate is everything that chance decides about a shopper or a visit. Each decision has its own numbered draw, so that the same
// fate can meet every variant: what a variant does not touch stays equal, whatever happened before it.
//
// Draw k is the k-th output of SplitMix64 started at the fate (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom
// number generators", OOPSLA 2014, doi:10.1145/2660193.2660195).
type fate uint64

const golden = 0x9e3779b97f4a7c15

// mix is the output function of SplitMix64, a bijection on 64 bits.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fateOf starts a family of fates from a text.
func fateOf(name string) fate {
	h := fnv.New64a()
	h.Write([]byte(name))
	return fate(mix(h.Sum64()))
}

// child is the fate of the i-th member of a family.
func (f fate) child(i uint64) fate { return fate(mix(uint64(f) ^ mix(i+golden))) }

// uniform is draw k on (0, 1).
func (f fate) uniform(k draw) float64 {
	return (float64(mix(uint64(f)+(uint64(k)+1)*golden)>>11) + 0.5) / (1 << 53)
}

// happens is true with probability p.
func (f fate) happens(k draw, p float64) bool { return f.uniform(k) < p }

// normal is draw k on the standard normal scale, by inversion.
func (f fate) normal(k draw) float64 { return math.Sqrt2 * math.Erfinv(2*f.uniform(k)-1) }

// poisson is draw k as a count with the given mean (at most a few hundred), by inversion.
func (f fate) poisson(k draw, mean float64) int {
	u, p := f.uniform(k), math.Exp(-mean)
	n := 0
	for cumulative := p; u > cumulative && p > 0; cumulative += p {
		n++
		p *= mean / float64(n)
	}
	return n
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// pick is the index of the first cumulative weight above u times their total.
func pick(cumulative []float64, u float64) int {
	u *= cumulative[len(cumulative)-1]
	low, high := 0, len(cumulative)-1
	for low < high {
		if middle := (low + high) / 2; cumulative[middle] > u {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

func cumulate(weights []float64) []float64 {
	out := make([]float64, len(weights))
	var sum float64
	for i, w := range weights {
		sum += w
		out[i] = sum
	}
	return out
}
