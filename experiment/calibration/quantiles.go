package calibration

import (
	"cmp"
	"slices"

	"liftgate/stats"
	"liftgate/stats/quantile"
)

// ordered are the values of a quantile block in order, each with what was dealt out with it.
type ordered struct {
	q       float64
	values  []float64 // ascending
	of      []int32   // of each value: the unit, or cluster, by its place among those dealt out
	present []bool    // by unit or cluster: it is one of the block's
	rows    []float64 // by unit or cluster
}

// ordered puts the values of a block in order, given the units in the order in which they, or their clusters, are dealt out.
func (p *population) ordered(b int, order []int32) *ordered {
	block, values := &p.query().Blocks[b], &p.values.Blocks[b]
	place := p.places(order)
	n := len(order)
	if p.clusters != nil {
		n = len(p.clusters)
	}
	o := &ordered{q: block.Quantile.Q, present: make([]bool, n), rows: make([]float64, n)}
	type value struct {
		x  float64
		of int32
	}
	var list []value
	for _, unit := range order {
		if !values.Has(int(unit)) {
			continue
		}
		o.present[place[unit]] = true
		if values.Columns != nil {
			list = append(list, value{values.Columns[0][unit], place[unit]})
		}
	}
	for i, x := range values.Rows {
		if at := place[values.RowUnits[i]]; at >= 0 {
			list = append(list, value{x, at})
		}
	}
	slices.SortFunc(list, func(a, b value) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.of, b.of)) })
	o.values, o.of = make([]float64, len(list)), make([]int32, len(list))
	for i, v := range list {
		o.values[i], o.of[i] = v.x, v.of
		o.rows[v.of]++
	}
	return o
}

// places tells for each unit of the source where it, or its cluster, lies among those dealt out; -1 for those that are not.
func (p *population) places(order []int32) []int32 {
	out := make([]int32, len(p.values.Variants))
	for i := range out {
		out[i] = -1
	}
	if p.clusters == nil {
		for i, unit := range order {
			out[unit] = int32(i)
		}
		return out
	}
	place := make([]int32, len(p.values.Evidence.Exposure.Clusters))
	for i, c := range p.clusters {
		place[c] = int32(i)
	}
	for _, unit := range order {
		out[unit] = place[p.values.Clusters[unit]]
	}
	return out
}

// summaries are those of each variant, given the variant of all that was dealt out.
func (o *ordered) summaries(dealt []int, variants int) []quantile.Summary {
	out := make([]quantile.Summary, variants)
	rows := make([]float64, variants)
	for i, v := range dealt {
		rows[v] += o.rows[i]
	}
	at := make([]int64, variants)
	for v := range out {
		n := int64(rows[v])
		out[v] = quantile.Summary{Q: o.q, Rows: n, Ranks: quantile.RanksAround(o.q, n)}
		out[v].Values = make([]float64, 0, len(out[v].Ranks))
		at[v] = rankOf(o.q, n)
	}
	seen := make([]int64, variants)
	for i, x := range o.values {
		v := dealt[o.of[i]]
		s := &out[v]
		seen[v]++
		if seen[v] == at[v] {
			s.Value = x
		}
		if k := len(s.Values); k < len(s.Ranks) && s.Ranks[k] == seen[v] {
			s.Values = append(s.Values, x)
		}
	}
	o.share(out, dealt)
	return out
}

// rankOf is the smallest rank that has at least a share q of n values at or below it.
func rankOf(q float64, n int64) int64 {
	r := min(n, max(1, int64(q*float64(n))))
	for r > 1 && float64(r-1)/float64(n) >= q {
		r--
	}
	for r < n && float64(r)/float64(n) < q {
		r++
	}
	return r
}

// share counts the values of each unit, or cluster, that are not above its variant's quantile.
func (o *ordered) share(out []quantile.Summary, dealt []int) {
	below := make([]float64, len(dealt))
	for i, x := range o.values {
		if of := o.of[i]; x <= out[dealt[of]].Value {
			below[of]++
		}
	}
	n, sums := make([]int64, len(out)), make([][5]float64, len(out))
	for i, v := range dealt {
		if !o.present[i] {
			continue
		}
		b, r, s := below[i], o.rows[i], &sums[v]
		n[v]++
		s[0], s[1], s[2], s[3], s[4] = s[0]+b, s[1]+r, s[2]+b*b, s[3]+b*r, s[4]+r*r
	}
	counts := powers{dim: 2, center: make([]float64, 2)}
	for v := range out {
		out[v].Shares = stats.Moments{}
		if n[v] > 0 {
			out[v].Shares = counts.moments(n[v], sums[v][:])
		}
	}
}
