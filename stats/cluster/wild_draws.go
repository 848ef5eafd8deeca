package cluster

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"liftgate/stats/internal/linear"
	"liftgate/stats/internal/lookup"
)

// block is how many draws share a generator.
const block = 1024

// batch is how many draws, whole blocks, are added up with one set of tables: few enough for their sums to stay in the cache.
const batch = 4 * block

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
	batches := (out.Draws + batch - 1) / batch
	var next, strict, ties atomic.Int64
	var wait sync.WaitGroup
	for range min(batches, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			a := &adder{wild: w, points: points, perGroup: perGroup, width: width}
			for b := int(next.Add(1)) - 1; b < batches; b = int(next.Add(1)) - 1 {
				from := b * batch
				a.begin(from, min(batch, out.Draws-from), out.Full, seed)
				a.addUp()
				s, t := w.compare(a.sums, width, math.Abs(out.T))
				strict.Add(s)
				ties.Add(t)
			}
		})
	}
	wait.Wait()
	out.Strict, out.Ties = int(strict.Load()), int(ties.Load())
}

// adder adds up one batch of draws at a time.
type adder struct {
	*wild
	points          []float64
	perGroup, width int

	from    int         // number of the first draw
	rngs    []*rand.PCG // of the blocks; none when the draws are enumerated
	sums    []float64   // one row a draw
	space   [lookup.Together]lookup.Table
	choices [lookup.Together][]int
}

func (a *adder) begin(from, n int, full bool, seed uint64) {
	if a.sums == nil {
		a.sums = make([]float64, n*a.width)
		for k := range a.choices {
			a.choices[k] = make([]int, n)
		}
	}
	a.from, a.sums = from, a.sums[:n*a.width]
	clear(a.sums)
	for k := range a.choices {
		a.choices[k] = a.choices[k][:n]
	}
	a.rngs = a.rngs[:0]
	for at := from; at < from+n && !full; at += block {
		a.rngs = append(a.rngs, rand.NewPCG(seed, uint64(at/block)))
	}
}

// addUp sums what the groups add to each draw, under weights that are drawn or, without a generator, enumerated.
func (a *adder) addUp() {
	stride := 1
	for first := 0; first < len(a.p); first += lookup.Together * a.perGroup {
		var tables [lookup.Together]lookup.Table
		for k := range tables {
			from := first + k*a.perGroup
			if from >= len(a.p) {
				break
			}
			a.space[k] = a.table(a.space[k], a.points, from, min(from+a.perGroup, len(a.p)))
			tables[k] = a.space[k]
			combinations := len(tables[k]) / a.width
			if len(a.rngs) == 0 {
				enumerate(a.choices[k], a.from, stride, combinations)
				stride *= combinations
			}
			for b, rng := range a.rngs {
				choose(a.choices[k][b*block:min((b+1)*block, len(a.choices[k]))], combinations, rng)
			}
		}
		lookup.Add(a.sums, a.width, tables, a.choices)
	}
}

// table is what the clusters of a group add to a draw's sums, by combination of weights. It is written over another one.
func (w *wild) table(table lookup.Table, points []float64, from, to int) lookup.Table {
	width := 2*len(w.b[0]) + 2
	table = append(table[:0], make([]float64, width)...)
	for g := from; g < to; g++ {
		size := len(table)
		table = slices.Grow(table, size*(len(points)-1))[:size*len(points)]
		for c := len(points) - 1; c >= 0; c-- { // the last ones first: the first takes the place of what the others are made of
			one := w.one(g, points[c])
			to := table[c*size : (c+1)*size]
			for at := 0; at < size; at += width {
				for j, v := range one {
					to[at+j] = table[at+j] + v
				}
			}
		}
	}
	return table
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
func choose(choices []int, combinations int, rng *rand.PCG) {
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
