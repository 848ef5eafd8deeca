package cluster

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"liftgate/stats/internal/linear"
)

// block is how many draws are added up at a time: their sums stay in the cache.
const block = 1024

// tableSize bounds the tables of one group of clusters, in numbers.
const tableSize = 1 << 12

// count draws weights and compares. Draws are added up group by group: a table holds what every combination of weights of a few clusters
// adds. Each block has its own generator, so the answer is the same for any number of processors.
func (w *wild) count(out *WildTest, points []float64, seed uint64) {
	k := len(w.b[0])
	width := 2*k + 2 // sums of p v, p² v², b v and p w v
	perGroup := 1
	for combinations := len(points) * len(points); combinations <= 256 && combinations*width <= tableSize; combinations *= len(points) {
		perGroup++
	}
	groups := w.groups(points, perGroup, width)
	blocks := (out.Draws + block - 1) / block
	var next, strict, ties atomic.Int64
	var wait sync.WaitGroup
	for range min(blocks, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			sums, choices := make([]float64, block*width), make([]int, block)
			for b := int(next.Add(1)) - 1; b < blocks; b = int(next.Add(1)) - 1 {
				from := b * block
				n := min(block, out.Draws-from)
				clear(sums)
				var rng *rand.Rand
				if !out.Full {
					rng = rand.New(rand.NewPCG(seed, uint64(b)))
				}
				addUp(sums, choices[:n], groups, width, from, rng)
				s, t := w.compare(sums[:n*width], width, math.Abs(out.T))
				strict.Add(s)
				ties.Add(t)
			}
		})
	}
	wait.Wait()
	out.Strict, out.Ties = int(strict.Load()), int(ties.Load())
}

// addUp sums what the groups add to each draw, under weights that are drawn or, without a generator, enumerated.
func addUp(sums []float64, choices []int, groups [][]float64, width, from int, rng *rand.Rand) {
	stride := 1
	for _, g := range groups {
		combinations := len(g) / width
		if rng == nil {
			enumerate(choices, from, stride, combinations)
			stride *= combinations
		} else {
			choose(choices, combinations, rng)
		}
		for i, choice := range choices {
			row := sums[i*width : (i+1)*width]
			for j, v := range g[choice*width : (choice+1)*width] {
				row[j] += v
			}
		}
	}
}

// compare counts the draws whose |t*| is above a threshold, and those that reach it.
func (w *wild) compare(sums []float64, width int, threshold float64) (strict, ties int64) {
	for ; len(sums) > 0; sums = sums[width:] {
		t := w.t(sums[:width], (width-2)/2)
		if t > threshold*(1+1e-9) {
			strict++
		}
		if !(t < threshold*(1-1e-9)) {
			ties++
		}
	}
	return strict, ties
}

// enumerate gives the digits of the draws' numbers that belong to a group.
func enumerate(choices []int, from, stride, combinations int) {
	for i := range choices {
		choices[i] = (from + i) / stride % combinations
	}
}

// choose draws combinations, at most 256 of them, from 32 random bits each (8 where that is all): none is likelier than another by more
// than 1e-7.
func choose(choices []int, combinations int, rng *rand.Rand) {
	if combinations == 256 {
		for i := 0; i < len(choices); i += 8 {
			bits := rng.Uint64()
			for j := range min(8, len(choices)-i) {
				choices[i+j] = int(bits >> (8 * j) & 255)
			}
		}
		return
	}
	for i := 0; i < len(choices); i += 2 {
		bits := rng.Uint64()
		choices[i] = int(bits >> 32 * uint64(combinations) >> 32)
		if i+1 < len(choices) {
			choices[i+1] = int(bits & math.MaxUint32 * uint64(combinations) >> 32)
		}
	}
}

// groups are tables of what the clusters of a group add to a draw's sums, by combination of weights.
func (w *wild) groups(points []float64, perGroup, width int) [][]float64 {
	var out [][]float64
	for from := 0; from < len(w.p); from += perGroup {
		table := make([]float64, width)
		for g := from; g < min(from+perGroup, len(w.p)); g++ {
			next := make([]float64, 0, len(table)*len(points))
			for _, v := range points {
				one := w.one(g, v)
				for at := 0; at < len(table); at += width {
					for j, sum := range table[at : at+width] {
						next = append(next, sum+one[j])
					}
				}
			}
			table = next
		}
		out = append(out, table)
	}
	return out
}

// one is what a cluster with a weight adds.
func (w *wild) one(g int, v float64) []float64 {
	pv := w.p[g] * v
	out := append(make([]float64, 0, 2*len(w.b[g])+2), pv, pv*pv)
	for _, b := range w.b[g] {
		out = append(out, b*v)
	}
	for _, along := range w.w[g] {
		out = append(out, pv*along)
	}
	return out
}

// t is |t*| of a draw: the squares of the scores are sum p²v² - 2 B' sum p w v + B' (sum w w') B. It is not a number where the draw fits
// the data exactly, with the hypothesis: 0/0, as when pairs of equal clusters are flipped against each other.
func (w *wild) t(sums []float64, k int) float64 {
	b, pw := sums[2:2+k], sums[2+k:]
	squares := sums[1] - 2*linear.Dot(b, pw)
	for i, v := range b {
		squares += v * linear.Dot(w.outer[i*k:(i+1)*k], b)
	}
	if squares <= 1e-13*sums[1] { // nothing but rounding: the draw fits exactly
		squares = 0
		if math.Abs(sums[0]) <= 1e-7*math.Sqrt(sums[1]) {
			return math.NaN()
		}
	}
	return math.Abs(sums[0]) / math.Sqrt(squares*w.factor)
}
