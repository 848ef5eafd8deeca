package columnar

import (
	"math"

	"liftgate/datasets"
)

// topShare is the share of units that are not above BlockEvidence.Top.
const topShare = 0.999

// firsts lists the first parts of the block's units, or the positive ones only.
func (b *block) firsts(dim int, positive bool) []float64 {
	n := 0
	for i := range b.parts {
		n += len(b.parts[i].tags)
	}
	out := make([]float64, 0, n)
	for i := range b.parts {
		rows := b.parts[i].rows
		for j := 0; j < len(rows); j += dim {
			if !positive || rows[j] > 0 {
				out = append(out, rows[j])
			}
		}
	}
	return out
}

func (b *block) positive(dim int) int64 {
	var n int64
	for i := range b.parts {
		rows := b.parts[i].rows
		for j := 0; j < len(rows); j += dim {
			if rows[j] > 0 {
				n++
			}
		}
	}
	return n
}

// limit settles the limits of the block's cap.
func (b *block) limit(dim int) {
	values := b.firsts(dim, true)
	b.out.CapLower = limitOf(b.spec.Cap.Lower, values)
	b.out.CapUpper = limitOf(b.spec.Cap.Upper, values)
}

// limitOf is a limit as a number, nil when there is none. It reorders the positive values.
func limitOf(l *datasets.Limit, positive []float64) *float64 {
	switch {
	case l == nil:
		return nil
	case l.Absolute != nil:
		x := *l.Absolute
		return &x
	case len(positive) == 0:
		return nil
	}
	x := quantile(positive, l.Quantile)
	return &x
}

// cap limits the first parts.
func (b *block) cap(dim int) {
	lower, upper := math.Inf(-1), math.Inf(1)
	if b.out.CapLower != nil {
		lower = *b.out.CapLower
	}
	if b.out.CapUpper != nil {
		upper = *b.out.CapUpper
	}
	for i := range b.parts {
		rows := b.parts[i].rows
		for j := 0; j < len(rows); j += dim {
			if x := min(max(rows[j], lower), upper); x != rows[j] {
				rows[j] = x
				b.out.Capped++
			}
		}
	}
}

func (b *block) top(dim int) float64 {
	values := b.firsts(dim, false)
	if len(values) == 0 {
		return 0
	}
	return quantile(values, topShare)
}

// quantile is the smallest of the values v such that at least the given share of them are <= v. It reorders them.
func quantile(values []float64, share float64) float64 {
	n := len(values)
	rank := min(n, max(1, int(math.Ceil(share*float64(n)))))
	for rank > 1 && float64(rank-1)/float64(n) >= share {
		rank--
	}
	for rank < n && float64(rank)/float64(n) < share {
		rank++
	}
	return selectRank(values, rank-1)
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
