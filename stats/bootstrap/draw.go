package bootstrap

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

// Scheme is how units are drawn.
type Scheme string

const (
	// Poisson counts each unit a Poisson(1) number of times, independently of the others.
	Poisson Scheme = "poisson"
	// Multinomial draws as many units as there are, with replacement.
	Multinomial Scheme = "multinomial"
)

// poissonSteps are the upper limits of 0, 1, 2, … on a scale of 2^32, by the distribution function of Poisson(1).
var poissonSteps = func() (steps [16]uint32) {
	term, sum := math.Exp(-1), 0.0
	for k := range steps {
		sum += term
		steps[k] = uint32(min(sum*(1<<32), math.MaxUint32))
		term /= float64(k + 1)
	}
	return steps
}()

func (s Scheme) fill(r *rand.Rand, weights []float64) {
	if s == Multinomial {
		clear(weights)
		for range weights {
			weights[r.IntN(len(weights))]++
		}
		return
	}
	for i := 0; i < len(weights); i += 2 {
		bits := r.Uint64()
		weights[i] = poisson(uint32(bits))
		if i+1 < len(weights) {
			weights[i+1] = poisson(uint32(bits >> 32))
		}
	}
}

// first looks most weights up by the leading bits of a random number; mixed where they leave two open.
var first = func() (table [1 << firstBits]int8) {
	k := 0
	for i := range table {
		from := uint32(i) << (32 - firstBits)
		for k < len(poissonSteps)-1 && from >= poissonSteps[k] {
			k++
		}
		table[i] = int8(k)
		if last := from | (1<<(32-firstBits) - 1); last >= poissonSteps[k] {
			table[i] = mixed
		}
	}
	return table
}()

const (
	firstBits = 12
	mixed     = -1
)

func poisson(u uint32) float64 {
	if k := first[u>>(32-firstBits)]; k != mixed {
		return float64(k)
	}
	k := 0
	for k < len(poissonSteps)-1 && u >= poissonSteps[k] {
		k++
	}
	return float64(k)
}

// The streams that the two variants' draws are seeded from.
const (
	treatedStream uint64 = iota << 32
	controlStream
)

// draws are the level under resampled weights, draw by draw.
func draws(l Level, o Options, stream uint64) []float64 {
	out := make([]float64, o.Draws)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() {
			weights := make([]float64, l.Units())
			for i := next.Add(1) - 1; i < int64(len(out)); i = next.Add(1) - 1 {
				o.Scheme.fill(rand.New(rand.NewPCG(o.Seed, stream+uint64(i))), weights)
				out[i] = l.At(weights)
			}
		})
	}
	workers.Wait()
	return out
}

// groups is the most groups of units that the jackknife leaves out in turn.
const groups = 400

// jackknife gives the level without each group of units in turn. With few units each is a group; with many they are dealt out, so
// that it takes no longer than some draws.
func jackknife(l Level, at float64) []float64 {
	n := l.Units()
	k := min(n, groups)
	out := make([]float64, k)
	weights := ones(n)
	for g := range out {
		for i := g; i < n; i += k {
			weights[i] = 0
		}
		out[g] = l.At(weights)
		for i := g; i < n; i += k {
			weights[i] = 1
		}
		if !exists(out[g]) {
			out[g] = at
		}
	}
	return out
}
