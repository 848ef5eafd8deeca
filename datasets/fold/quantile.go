package fold

import (
	"math"
	"slices"
)

// positiveFrom is the smallest positive number.
const positiveFrom = math.SmallestNonzeroFloat64

// drawerBits is how many leading bits of a number tell its drawer: sign and exponent.
const drawerBits = 12

// drawer is a number's drawer: drawers are in the order of the numbers in them.
func drawer(x float64) int {
	bits := math.Float64bits(x)
	if bits>>63 != 0 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return int(bits >> (64 - drawerBits))
}

// counts is how many numbers lie in each drawer.
type counts [1 << drawerBits]int

// quantile is the smallest v of the first parts that are at least from, such that at least the given share of those are <= v;
// 0 when there are none. Only the drawer that v lies in is looked at closely.
func (b *block) quantile(share, from float64) float64 {
	inside := make([]counts, b.workers)
	b.eachBy(func(worker, i int) { b.parts[i].count(from, &inside[worker]) })
	var all counts
	n := 0
	for i := range inside {
		for d, c := range inside[i] {
			all[d] += c
			n += c
		}
	}
	x, others := b.commonFirst(from)
	all[drawer(x)] += others
	if n += others; n == 0 {
		return 0
	}
	rank, at := rankOf(n, share)-1, 0
	for rank >= all[at] {
		rank -= all[at]
		at++
	}
	own := make([][]float64, b.workers)
	b.eachBy(func(worker, i int) { own[worker] = b.parts[i].take(own[worker], from, at) })
	values := slices.Concat(own...)
	if others == 0 || drawer(x) != at {
		return selectRank(values, rank)
	}
	less, _ := split(values, x)
	switch {
	case rank < less:
		return selectRank(values, rank)
	case rank < less+others:
		return x
	}
	return selectRank(values, rank-others)
}

// commonFirst is the first part that the others have in common, and how many they are, if it is at least from.
func (b *block) commonFirst(from float64) (x float64, n int) {
	for i := range b.parts {
		p := &b.parts[i]
		if p.Row == nil || p.Row[0] < from {
			continue
		}
		x = p.Row[0]
		for _, others := range p.Others {
			n += int(others)
		}
	}
	return x, n
}

// count counts the first parts that are at least from.
func (p *blockPart) count(from float64, inside *counts) {
	for _, units := range p.Units {
		for _, r := range units {
			for _, x := range p.Columns[0][r.From:r.To] {
				if x >= from {
					inside[drawer(x)]++
				}
			}
		}
	}
}

// take appends those of one drawer.
func (p *blockPart) take(to []float64, from float64, at int) []float64 {
	for _, units := range p.Units {
		for _, r := range units {
			for _, x := range p.Columns[0][r.From:r.To] {
				if x >= from && drawer(x) == at {
					to = append(to, x)
				}
			}
		}
	}
	return to
}

// rankOf is the smallest rank that at least the given share of n numbers do not exceed, from 1.
func rankOf(n int, share float64) int {
	rank := min(n, max(1, int(math.Ceil(share*float64(n)))))
	for rank > 1 && float64(rank-1)/float64(n) >= share {
		rank--
	}
	for rank < n && float64(rank)/float64(n) < share {
		rank++
	}
	return rank
}

// selectRank gives the element that would stand at position k if the values were sorted (C. A. R. Hoare, "Algorithm 65: FIND",
// CACM 4, 1961, with three-way partitioning, because values are often equal).
func selectRank(values []float64, k int) float64 {
	for {
		if len(values) == 1 {
			return values[0]
		}
		n := len(values)
		pivot := median(values[0], values[n/2], values[n-1])
		less, greater := split(values, pivot)
		switch {
		case k < less:
			values = values[:less]
		case k < greater:
			return pivot
		default:
			values, k = values[greater:], k-greater
		}
	}
}

// split moves smaller values to the front and larger ones to the end, and tells where the equal ones start and end.
func split(values []float64, pivot float64) (less, greater int) {
	greater = len(values)
	for i := 0; i < greater; {
		switch x := values[i]; {
		case x < pivot:
			values[i], values[less] = values[less], x
			less++
			i++
		case x > pivot:
			greater--
			values[i], values[greater] = values[greater], x
		default:
			i++
		}
	}
	return less, greater
}

func median(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }
