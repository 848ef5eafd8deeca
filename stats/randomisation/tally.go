package randomisation

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"

	"liftgate/stats/internal/lookup"
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
	d.chunks(chunk, func(at int, part []assignment) {
		errs[at] = p.draw(part, rand.NewPCG(seed, uint64(at)))
	})
	return d, errors.Join(errs...)
}

// chunks hands parts of the list, of a given size, to all processors.
func (d *draws) chunks(size int, work func(at int, part []assignment)) {
	next := make(chan int, len(d.list)/size+1)
	for from := 0; from < len(d.list); from += size {
		next <- from
	}
	close(next)
	var wait sync.WaitGroup
	for range min(cap(next), runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for from := range next {
				work(from, d.list[from:min(from+size, len(d.list))])
			}
		})
	}
	wait.Wait()
}

// share is how many draws are added up with one set of tables: few enough for their sums to stay in the cache.
const share = 2048

// sums adds up features over the treated clusters of every draw: one row a draw. Eight clusters are looked up at a time in a table of
// all their subsets.
func (d *draws) sums(features [][]float64) [][]float64 {
	f := len(features)
	all := make([]float64, len(d.list)*f)
	out := make([][]float64, len(d.list))
	for i := range out {
		out[i] = all[i*f : (i+1)*f]
	}
	n := len(features[0])
	d.chunks(share, func(at int, part []assignment) {
		var space, tables [lookup.Together]lookup.Table
		var choices [lookup.Together][]int
		words := make([]uint64, len(part))
		for k := range space {
			space[k], choices[k] = make(lookup.Table, 256*f), make([]int, len(part))
		}
		for from := 0; from < n; from += 8 * lookup.Together {
			for k := range tables {
				tables[k] = subsets(space[k], features, from+8*k)
			}
			for i, a := range part {
				words[i] = a[from/64]
			}
			for k, choice := range choices {
				shift := from%64 + 8*k
				for i, word := range words {
					choice[i] = int(word >> shift & 255)
				}
			}
			lookup.Add(all[at*f:(at+len(part))*f], f, tables, choices)
		}
	})
	return out
}

// subsets fills a table with the sums over the subsets of eight clusters; it is empty where there are none.
func subsets(table lookup.Table, features [][]float64, from int) lookup.Table {
	f := len(features)
	n := min(len(features[0])-from, 8)
	if n <= 0 {
		return nil
	}
	clear(table[:f])
	for bit := range n {
		size := f << bit
		for j, feature := range features {
			v := feature[from+bit]
			for at := j; at < size; at += f {
				table[size+at] = table[at] + v
			}
		}
	}
	return table
}
