package randomisation

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
)

// draws are the assignments that a test compares with the one that was made.
type draws struct {
	list  []assignment
	exact bool // all that the design allows, the observed one among them
}

// repeat enumerates the design when there are at most limit assignments, else draws so many.
func (p *plan) repeat(limit int, seed uint64) (*draws, error) {
	if p.assignments() <= float64(limit) {
		return &draws{p.enumerate(), true}, nil
	}
	d := &draws{list: cut(make([]uint64, limit*p.words()), p.words())}
	errs := make([]error, limit)
	d.chunks(func(at int, part []assignment) {
		errs[at] = p.draw(part, rand.New(rand.NewPCG(seed, uint64(at))))
	})
	return d, errors.Join(errs...)
}

// chunks hands parts of the list to all processors.
func (d *draws) chunks(work func(at int, part []assignment)) {
	next := make(chan int, len(d.list)/chunk+1)
	for from := 0; from < len(d.list); from += chunk {
		next <- from
	}
	close(next)
	var wait sync.WaitGroup
	for range min(cap(next), runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for from := range next {
				work(from, d.list[from:min(from+chunk, len(d.list))])
			}
		})
	}
	wait.Wait()
}

// sums adds up features over the treated clusters of every draw: one row a draw. Eight clusters are looked up at a time in a table of
// all their subsets (V. Arlazarov et al., the "four Russians", 1970).
func (d *draws) sums(features [][]float64) [][]float64 {
	f := len(features)
	all := make([]float64, len(d.list)*f)
	out := make([][]float64, len(d.list))
	for i := range out {
		out[i] = all[i*f : (i+1)*f]
	}
	n := len(features[0])
	d.chunks(func(at int, part []assignment) {
		table := make([]float64, 256*f)
		for from := 0; from < n; from += 8 {
			subsets(table, features, from)
			word, shift := from/64, from%64
			for i, a := range part {
				entry := int(a[word]>>shift&255) * f
				row := out[at+i]
				for j, v := range table[entry : entry+f] {
					row[j] += v
				}
			}
		}
	})
	return out
}

// subsets fills the table of sums over the subsets of eight clusters.
func subsets(table []float64, features [][]float64, from int) {
	f := len(features)
	n := min(len(features[0])-from, 8)
	clear(table[:f])
	for bit := range n {
		size := f << bit
		for j := range size {
			table[size+j] = table[j] + features[j%f][from+bit]
		}
	}
}
