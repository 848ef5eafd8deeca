package columnar

import "math"

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
	inside := make([]counts, partitions)
	b.each(func(i int) { b.parts[i].firsts(from, func(x float64) { inside[i][drawer(x)]++ }) })
	var all counts
	n := 0
	for i := range inside {
		for d, c := range inside[i] {
			all[d] += c
			n += c
		}
	}
	if n == 0 {
		return 0
	}
	rank, at := rankOf(n, share)-1, 0
	for rank >= all[at] {
		rank -= all[at]
		at++
	}
	values := make([]float64, 0, all[at])
	own := make([][]float64, partitions)
	for i := range own {
		end := len(values) + inside[i][at]
		own[i], values = values[len(values):len(values):end], values[:end]
	}
	b.each(func(i int) {
		b.parts[i].firsts(from, func(x float64) {
			if drawer(x) == at {
				own[i] = append(own[i], x)
			}
		})
	})
	return selectRank(values, rank)
}

// firsts goes over the first parts that are at least from.
func (p *blockPart) firsts(from float64, do func(float64)) {
	for _, units := range p.units {
		for _, r := range units {
			for _, x := range p.columns[0][r.from:r.to] {
				if x >= from {
					do(x)
				}
			}
		}
	}
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
