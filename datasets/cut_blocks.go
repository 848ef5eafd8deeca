package datasets

import (
	"fmt"
	"slices"

	"liftgate/stats"
	"liftgate/stats/skewed"
)

// block is a block of the part, of whose variants that many analysis units were exposed.
func (p *part) block(i int, units []int64) (BlockEvidence, error) {
	whole := &p.whole.Blocks[i]
	out := BlockEvidence{
		Metric: whole.Metric, Components: whole.Components, Failed: whole.Failed, Top: whole.Top,
		CapLower: whole.CapLower, CapUpper: whole.CapUpper, Capped: whole.Capped, Positive: whole.Positive,
	}
	if whole.Failed != "" {
		out.Incomplete, out.Null = whole.Incomplete, whole.Null
		return out, nil
	}
	b := &cutBlock{part: p, of: whole, held: &p.views.Blocks[i], BlockEvidence: out}
	if whole.Quantiles != nil {
		b.quantiles(units)
	} else {
		b.moments(units)
	}
	for v := range units {
		if b.Failed == "" && b.Incomplete[v] < 0 {
			return out, fmt.Errorf("datasets: %s counts more units of %s than were exposed: the evidence contradicts itself", out.Metric, p.whole.Variants[v])
		}
	}
	return b.BlockEvidence, nil
}

// cutBlock is a block of a part in the making.
type cutBlock struct {
	*part
	of   *BlockEvidence
	held *BlockViews
	BlockEvidence
}

func (b *cutBlock) fail(format string, args ...any) { b.Failed = fmt.Sprintf(format, args...) }

// moments fills in the samples that are held.
func (b *cutBlock) moments(units []int64) {
	total := b.sample(Total)
	if total == nil {
		b.fail("the evidence has no moments by cell and day")
		return
	}
	all, ok := b.fold(total)
	if !ok {
		b.fail("too many cells, days and ages: the evidence holds ages of all units together only")
		return
	}
	b.Incomplete, b.Null = make([]int64, len(units)), all.null
	for v := range units {
		b.Incomplete[v] = units[v] - all.variants[v].N - all.null[v]
	}
	b.Total, b.Skewness = all.variants, all.skewness
	if b.of.WithoutTop == nil { // binary
		b.Skewness = make([]float64, len(units))
	}
	if b.clustered() {
		b.Clusters = &ClusterMoments{Total: all.clusters}
	}
	b.withoutCrossover(all)
	if uncapped, ok := b.folded(Uncapped); ok {
		b.Uncapped, b.UncappedSkewness = uncapped.variants, uncapped.skewness
		if b.clustered() {
			b.Clusters.Uncapped = uncapped.clusters
		}
	}
	if top, ok := b.folded(WithoutTop); ok {
		b.WithoutTop = top.variants
		if b.clustered() {
			b.Clusters.WithoutTop = top.clusters
		}
	}
}

// withoutCrossover leaves crossover units out, where there are any.
func (b *cutBlock) withoutCrossover(all folded) {
	switch {
	case !b.clustered():
		if without, ok := b.folded(WithoutCrossover); ok && b.crossed() {
			b.WithoutCrossover = without.variants
		}
	case b.crossed():
		b.WithoutCrossover = make([]stats.Moments, len(b.whole.Variants))
		for i, at := range b.clusters {
			if c := &b.whole.Exposure.Clusters[at]; !c.Crossover {
				b.WithoutCrossover[c.Variant].Merge(&all.clusters[i])
			}
		}
	}
}

// crossed reports whether the part has a crossover unit.
func (p *part) crossed() bool {
	var any bool
	p.exposed(func(x *Exposed) { any = any || x.Crossover > 0 })
	return any
}

func (b *cutBlock) sample(name Sample) *SampleViews {
	at := slices.IndexFunc(b.held.Samples, func(s SampleViews) bool { return s.Sample == name })
	if at < 0 {
		return nil
	}
	return &b.held.Samples[at]
}

// folded is a sample, where the evidence holds it for this part.
func (b *cutBlock) folded(name Sample) (folded, bool) {
	s := b.sample(name)
	if s == nil {
		return folded{}, false
	}
	return b.fold(s)
}

// folded are the moments of a sample, by variant and, in a clustered query, by cluster of the part.
type folded struct {
	variants []stats.Moments
	skewness []float64
	null     []int64
	clusters []stats.Moments
}

// fold merges the rows of the part; not ok when the sample's are not held.
func (b *cutBlock) fold(s *SampleViews) (out folded, ok bool) {
	age, k := b.ageOf(), len(b.whole.Variants)
	t := b.table(s, age)
	if t == nil || age > 0 && !t.holdsAge(age) {
		return out, false
	}
	within := b.cells
	if b.clustered() {
		within = b.clustersWithin()
	}
	clusters, variants := make([]stats.Moments, len(within)), make([]skewed.Moments, k)
	out = folded{variants: make([]stats.Moments, k), skewness: make([]float64, k), null: make([]int64, k)}
	from, to := t.span(age, b.day)
	for r := from; r < to; r++ {
		cell, v := t.Cell[r], t.Variant[r]
		if cell < 0 && !b.everywhere() {
			return folded{}, false
		}
		if cell >= 0 && !within[cell] {
			continue
		}
		row := t.row(r)
		variants[v].Merge(&row)
		out.null[v] += t.Null[r]
		if b.clustered() {
			second := row.Second()
			clusters[cell].Merge(&second)
		}
	}
	for v := range variants {
		out.variants[v], out.skewness[v] = variants[v].Second(), variants[v].Skewness()
	}
	for _, c := range b.clusters {
		out.clusters = append(out.clusters, clusters[c])
	}
	return out, true
}

// table holds a sample's rows of an age.
func (b *cutBlock) table(s *SampleViews, age int) *MomentTable {
	switch {
	case !b.clustered():
		return s.Units
	case age > 0:
		return s.ByAge
	default:
		return s.ByDay
	}
}

// clustersWithin says of every cluster whether it lies in the part.
func (p *part) clustersWithin() []bool {
	within := make([]bool, len(p.whole.Exposure.Clusters))
	for _, c := range p.clusters {
		within[c] = true
	}
	return within
}

// ageOf is the age of the block's rows: 0 where the windows are not longer than the age of the cut.
func (b *cutBlock) ageOf() int {
	if t := b.table(b.sample(Total), b.cut.Age); t != nil && b.cut.Age > 0 && t.holdsAge(b.cut.Age) {
		return b.cut.Age
	}
	return 0
}

// holdsAge reports whether there are rows of an age.
func (t *MomentTable) holdsAge(age int) bool {
	from, _ := t.span(age, 0)
	return from < len(t.Age) && int(t.Age[from]) == age
}

// span are the rows of an age up to a day.
func (t *MomentTable) span(age, day int) (from, to int) { return spanOf(t.Age, t.Day, age, day) }

// row are the moments of a row, which share its memory.
func (t *MomentTable) row(r int) skewed.Moments {
	d, c, third := t.Dim, t.Dim*(t.Dim+1)/2, 3*t.Parts-2
	return skewed.Moments{N: t.N[r], Means: t.Means[r*d : (r+1)*d], Cross: t.Cross[r*c : (r+1)*c], Third: t.Third[r*third : (r+1)*third]}
}
