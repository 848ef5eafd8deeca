package fold

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/stats"
	"liftgate/stats/skewed"
)

// block is the units of one metric while they are folded.
type block struct {
	*fold
	spec       *datasets.Block
	components []int // values: parts, then covariates
	window     int64
	parts      [Partitions]blockPart
	out        datasets.BlockEvidence
	third      map[datasets.Sample][]thirdPowers // by variant, or cluster, when units are stacked
}

// blockPart is the block's units in one partition.
type blockPart struct {
	Gathered
	uncapped         []float64 // the first column before the cap; nil without one
	incomplete, null []int64   // by variant

	positive, capped int64
	notBinary        bool
	err              error
}

func newBlock(f *fold, spec *datasets.Block) *block {
	n := len(f.query.Variants)
	b := &block{fold: f, spec: spec, window: math.MinInt64, components: slices.Concat(spec.Parts, spec.Covariates), third: map[datasets.Sample][]thirdPowers{}}
	b.out = datasets.BlockEvidence{Metric: spec.Metric, Incomplete: make([]int64, n), Null: make([]int64, n)}
	for _, i := range b.components {
		v := &f.query.Values[i]
		b.window = max(b.window, int64(v.Window[1]))
		b.out.Components = append(b.out.Components, v.Name)
	}
	return b
}

// gather finds the units that count.
func (b *block) gather() error {
	b.each(func(i int) { b.parts[i] = b.gatherPart(b.fold.parts[i]) })
	for i := range b.parts {
		p := &b.parts[i]
		if p.err != nil {
			return p.err
		}
		if p.notBinary {
			b.out.Failed = "a unit's value is neither 0 nor 1"
		}
		for v := range p.incomplete {
			b.out.Incomplete[v] += p.incomplete[v]
			b.out.Null[v] += p.null[v]
		}
	}
	return nil
}

func (b *block) gatherPart(m *Members) blockPart {
	n := len(b.query.Variants)
	p := blockPart{incomplete: make([]int64, n), null: make([]int64, n)}
	if m.Packed != nil {
		p.Gathered = m.Packed.Gather(b.components, n)
	} else {
		b.gatherMembers(m, &p)
	}
	if b.spec.Quantile == nil {
		for _, units := range p.Units {
			p.look(units, b.spec.Binary)
		}
	}
	return p
}

func (b *block) gatherMembers(m *Members, p *blockPart) {
	absent := false
	p.Clusters = m.Clusters
	for _, c := range b.components {
		p.Columns = append(p.Columns, m.Values[c])
		absent = absent || m.Absent[c] != nil
	}
	for v := range b.query.Variants {
		units := b.closed(m, v)
		if n := m.size(v) - count(units); n > 0 {
			p.incomplete[v] = n
		}
		if absent {
			all := count(units)
			units = those(units, func(i int32) bool { return b.present(m, i, &p.err) })
			p.null[v] = all - count(units)
		}
		p.Units = append(p.Units, units)
	}
}

// packed reports whether there may be others.
func (p *blockPart) packed() bool { return p.Row != nil }

// spread gives each unit of a unit table its place in the columns, for those who look at units one by one. The moments of the whole are
// taken before, so that they do not depend on who else looks.
func (b *block) spread() {
	if !b.parts[0].packed() {
		return
	}
	b.each(func(i int) {
		m := b.fold.parts[i]
		if m.Values == nil {
			m.Values = m.Packed.Fill()
		}
		b.parts[i] = blockPart{}
		b.gatherMembers(m, &b.parts[i])
	})
	if b.spec.Cap != nil && b.out.Failed == "" {
		b.capParts()
	}
}

// complete reports whether the windows of a unit with this first exposure have closed.
func (b *block) complete(first int64) bool { return first+b.window <= int64(*b.asOf) }

// present reports whether a unit has all values.
func (b *block) present(m *Members, unit int32, failed *error) bool {
	all := true
	for _, c := range b.components {
		if m.Absent[c] == nil || !m.Absent[c][unit] {
			continue
		}
		all = false
		if v := &b.query.Values[c]; v.Nulls == datasets.NullsError {
			*failed = &datasets.DataError{File: v.Table, Err: fmt.Errorf("value %q: a unit has no row, and nulls are an error", v.Name)}
		}
	}
	return all
}

// look goes over the first parts.
func (p *blockPart) look(units []Run, binary bool) {
	positive, odd := 0, false
	for _, r := range units {
		column := p.Columns[0][r.From:r.To]
		for _, x := range column {
			if x > 0 {
				positive++
			}
		}
		if binary {
			for _, x := range column {
				odd = odd || x != 0 && x != 1
			}
		}
	}
	p.positive += int64(positive)
	p.notBinary = p.notBinary || odd
}

// measure takes the moments, or the quantiles.
func (b *block) measure() {
	if b.out.Failed != "" {
		return
	}
	var err error
	if b.spec.Quantile != nil {
		err = b.measureQuantiles()
	} else {
		b.measureMoments()
		err = b.checkFinite()
	}
	if err != nil {
		b.out = datasets.BlockEvidence{
			Metric: b.out.Metric, Components: b.out.Components, Failed: err.Error(), Incomplete: b.out.Incomplete, Null: b.out.Null,
		}
	}
}

func (b *block) measureMoments() {
	var clusters datasets.ClusterMoments
	for i := range b.parts {
		b.out.Positive += b.parts[i].positive
	}
	if b.spec.Cap != nil {
		b.limit()
		b.out.Uncapped, clusters.Uncapped = b.take(datasets.Uncapped, b.all, true)
		b.out.UncappedSkewness = b.skewness(b.out.Uncapped)
		b.cap()
	}
	b.out.Total, clusters.Total = b.take(datasets.Total, b.all, true)
	b.out.Skewness = b.skewness(b.out.Total)
	if b.crossover {
		b.out.WithoutCrossover = b.moments(b.uncrossed, true)
	}
	if !b.spec.Binary {
		b.out.Top = b.top()
		b.out.WithoutTop, clusters.WithoutTop = b.take(datasets.WithoutTop, b.belowTop, b.othersBelowTop())
	}
	if b.query.Clustered {
		b.out.Clusters = &clusters
	}
}

// take takes the moments of a sample, by variant and, in a clustered query, by cluster.
func (b *block) take(s datasets.Sample, pick picker, others bool) (variants, clusters []stats.Moments) {
	variants = b.moments(pick, others)
	if b.query.Clustered {
		clusters = b.byCluster(pick, others)
	}
	if !b.views.stacked() {
		return variants, clusters
	}
	if b.query.Clustered {
		b.third[s] = b.clusterThirds(pick, others, clusters)
	} else {
		b.third[s] = b.thirds(pick, others, variants)
	}
	return variants, clusters
}

// picker gives the columns of a partition, and units of a variant.
type picker func(partition, variant int) ([][]float64, []Run)

func (b *block) all(i, v int) ([][]float64, []Run) { return b.parts[i].Columns, b.parts[i].Units[v] }

func (b *block) uncrossed(i, v int) ([][]float64, []Run) {
	columns, units := b.all(i, v)
	if crossed := b.fold.parts[i].Crossed; crossed != nil {
		units = those(units, func(unit int32) bool { return !crossed[unit] })
	}
	return columns, units
}

func (b *block) belowTop(i, v int) ([][]float64, []Run) {
	columns, units := b.all(i, v)
	first, top := columns[0], b.out.Top
	out := make([]Run, 0, len(units))
	for _, r := range units {
		from := r.From
		for k, x := range first[r.From:r.To] {
			if x <= top {
				continue
			}
			if at := r.From + int32(k); from < at {
				out = append(out, Run{from, at})
			}
			from = r.From + int32(k) + 1
		}
		if from < r.To {
			out = append(out, Run{from, r.To})
		}
	}
	return columns, out
}

// othersBelowTop reports whether the others are not above Top.
func (b *block) othersBelowTop() bool {
	for i := range b.parts {
		if row := b.parts[i].Row; row != nil {
			return row[0] <= b.out.Top
		}
	}
	return true
}

// othersOf counts the others of a variant.
func (p *blockPart) othersOf(v int) int64 {
	switch {
	case p.Others == nil:
		return 0
	case p.Clusters == nil:
		return p.Others[v]
	}
	n := int64(0)
	for c := p.Clusters.Variants[v]; c < p.Clusters.Variants[v+1]; c++ {
		n += p.Others[c]
	}
	return n
}

// moments are those, by variant, of the units that are picked, with or without the others.
func (b *block) moments(pick picker, others bool) []stats.Moments {
	return b.fold.moments(func(i, v int) tally {
		columns, units := pick(i, v)
		if p := &b.parts[i]; others {
			return tallyOf(columns, units, p.Row, p.othersOf(v))
		}
		return tallyOf(columns, units, nil, 0)
	})
}

// byCluster are those of each cluster, in the order of [fold.clusters].
func (b *block) byCluster(pick picker, others bool) []stats.Moments {
	out := make([]stats.Moments, b.countClusters())
	b.eachCluster(pick, func(i, at int, cluster int32, columns [][]float64, own []Run) {
		p, more := &b.parts[i], int64(0)
		if others && p.Others != nil {
			more = p.Others[cluster]
		}
		if len(own) > 0 || more > 0 {
			t := tallyOf(columns, own, p.Row, more)
			out[at] = stats.Moments{N: t.n, Means: t.means(), Cross: t.cross}
		}
	})
	return out
}

func (b *block) countClusters() int {
	n := 0
	for _, m := range b.fold.parts {
		n += m.Clusters.Count()
	}
	return n
}

// eachCluster goes over the clusters and those of their units that are picked, some partitions side by side; at is a cluster's place in the
// order of [fold.clusters].
func (b *block) eachCluster(pick picker, do func(partition, at int, cluster int32, columns [][]float64, own []Run)) {
	from := make([][]int, Partitions) // by partition and variant: the place of the first cluster
	n := 0
	for v := range b.query.Variants {
		for i, m := range b.fold.parts {
			from[i] = append(from[i], n)
			n += int(m.Clusters.Variants[v+1] - m.Clusters.Variants[v])
		}
	}
	b.each(func(i int) {
		for v, at := range from[i] {
			columns, units := pick(i, v)
			for cluster, own := range b.parts[i].Clusters.each(v, units) {
				do(i, at, cluster, columns, own)
				at++
			}
		}
	})
}

// powers are those of which views have sums.
func (b *block) powers() skewed.Powers {
	return skewed.Powers{Dim: len(b.components), Parts: len(b.spec.Parts)}
}

// samples are those that views of the block have.
func (b *block) samples() []datasets.Sample {
	out := []datasets.Sample{datasets.Total}
	if b.out.WithoutCrossover != nil && !b.query.Clustered {
		out = append(out, datasets.WithoutCrossover)
	}
	if b.out.Uncapped != nil {
		out = append(out, datasets.Uncapped)
	}
	if b.out.WithoutTop != nil {
		out = append(out, datasets.WithoutTop)
	}
	return out
}

func (b *block) checkFinite() error {
	all := [][]stats.Moments{b.out.Total, b.out.WithoutCrossover, b.out.Uncapped, b.out.WithoutTop}
	if c := b.out.Clusters; c != nil {
		all = append(all, c.Total, c.Uncapped, c.WithoutTop)
	}
	for _, m := range slices.Concat(all...) {
		for _, x := range m.Means {
			if !Finite(x) {
				return errTooLarge
			}
		}
		for _, x := range m.Cross {
			if !Finite(x) {
				return errTooLarge
			}
		}
	}
	return nil
}

var errTooLarge = errors.New("its numbers are too large: one is not finite")
