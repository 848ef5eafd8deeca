package bucket

import "sort"

// GrowthBook's SDKs place a unit at the fraction bucket/size and compare it with ranges of floats. Here each range becomes whole
// buckets once, by the same comparison, so nothing is lost and everything after it is integers.

// limits is a range of fractions, [from, to), as that SDK's inRange has it.
type limits struct{ from, to float64 }

func (p *Plan) growthBookRule() *Rule {
	r := growthBookRule(p.Hash, p.Salt, bucketRanges(len(p.Weights), float64(p.Traffic)/Million, shares(p.Weights)))
	r.holdout = p.heldOut()
	if p.Layer != "" {
		r.layer = namespace(p.Layer, limits{float64(p.Slots[0]) / LayerSlots, float64(p.Slots[1]+1) / LayerSlots})
	}
	return r
}

// growthBookRule has no gate for traffic: a unit outside it is in no range.
func growthBookRule(h Hash, seed string, ranges []limits) *Rule {
	r := &Rule{holdout: question{known: true}, layer: passed, traffic: passed, variant: draw{hash: h, key: seed}}
	for _, l := range ranges {
		r.ranges = append(r.ranges, l.buckets(h.buckets()))
	}
	return r
}

// shares are the weights as that SDK has them: as they were written where they add up to about 1, so that a definition can repeat them,
// and else their parts of the whole.
func shares(weights []uint64) []float64 {
	var total uint64
	for _, w := range weights {
		total += w
	}
	if total >= Million/100*99 && total <= Million/100*101 {
		total = Million
	}
	out := make([]float64, len(weights))
	for i, w := range weights {
		out[i] = float64(w) / float64(max(total, 1))
	}
	return out
}

// namespace is that SDK's inNamespace: always by version 1 of the hash.
func namespace(name string, l limits) question {
	return ask(draw{hash: GrowthBookV1, key: "__" + name}, l.buckets(GrowthBookV1.buckets()))
}

// buckets are the numbers b < size with b/size in the range.
func (l limits) buckets(size uint64) span {
	first := func(limit float64) uint64 {
		return uint64(sort.Search(int(size), func(b int) bool { return float64(b)/float64(size) >= limit }))
	}
	out := span{first: first(l.from), last: first(l.to) - 1}
	if first(l.to) <= out.first {
		return nowhere
	}
	return out
}

// bucketRanges is that SDK's getBucketRanges.
func bucketRanges(n int, coverage float64, weights []float64) []limits {
	coverage = min(max(coverage, 0), 1)
	if len(weights) != n || !sumsToOne(weights) {
		weights = equalWeights(n)
	}
	out := make([]limits, n)
	var start float64
	for i, w := range weights {
		// The product is rounded before it is added: a machine that does both in one step would move buckets.
		out[i] = limits{start, start + float64(coverage*w)}
		start += w
	}
	return out
}

func sumsToOne(weights []float64) bool {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	return sum >= 0.99 && sum <= 1.01
}

// equalWeights is that SDK's getEqualWeights.
func equalWeights(n int) []float64 {
	out := make([]float64, max(n, 0))
	for i := range out {
		out[i] = 1 / float64(n)
	}
	return out
}
