package analysis

import (
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/stats"
	"liftgate/stats/cluster"
	"liftgate/stats/quantile"
	"liftgate/stats/skewed"
)

// segmentUnits are the units of a metric in one segment.
type segmentUnits struct {
	*sample
	sizes [][]int64 // units of the clusters in it, by variant; nil unless clusters are randomised
}

// few says why a segment's clusters are too few, for a procedure that does not look at them itself.
func (u segmentUnits) few(treatment, control int) string {
	if u.sizes == nil {
		return ""
	}
	over := cluster.Comparison{Together: cluster.Evenness(u.sizes[treatment], u.sizes[control])}
	return over.Few()
}

// segmentSamples are a metric's units by the value of a segment.
func (n *inference) segmentSamples(m *experiment.Metric, attribute int) []segmentUnits {
	views := n.evidence.Views
	out := make([]segmentUnits, len(views.Segments[attribute].Values))
	held := &views.Blocks[n.blocks[m.Name]]
	var sizes [][][]int64
	if n.Query.Clustered {
		sizes = n.segmentSizes(attribute, len(out))
	}
	if m.Type == experiment.Quantile {
		for v, q := range segmentQuantiles(held, attribute, len(out), len(n.Query.Variants)) {
			out[v].sample = &sample{kind: m.Type, quantiles: q}
		}
	} else {
		moments := n.segmentMoments(held, attribute, len(out))
		for v := range out {
			out[v].sample = n.segmentSample(m, moments[v], attribute, v)
		}
	}
	for v := range sizes {
		out[v].sizes = sizes[v]
	}
	return out
}

// segmentSample is what was randomised of a metric within one segment. Clusters elsewhere stay in their design, without units. Values count as
// at least as skewed as those of all units: a segment that looks less so may only lack its tail, and would then give false alarms.
func (n *inference) segmentSample(m *experiment.Metric, variants []skewed.Moments, attribute, value int) *sample {
	block := n.block(m)
	moments, skewness := make([]stats.Moments, len(variants)), make([]float64, len(variants))
	for i := range variants {
		moments[i], skewness[i] = variants[i].Second(), variants[i].Skewness()
		if i < len(block.Skewness) && math.Abs(block.Skewness[i]) > math.Abs(skewness[i]) {
			skewness[i] = block.Skewness[i]
		}
	}
	var clusters []stats.Moments
	if all := byCluster(block).Total; all != nil {
		clusters = make([]stats.Moments, len(all))
		for i := range all {
			if segmentOf(n.evidence.Exposure.Clusters[i].Segments, attribute) == value {
				clusters[i] = all[i]
			}
		}
	}
	return n.newSample(m, moments, clusters, skewness)
}

// segmentMoments are the complete units of a block by value and variant.
func (n *inference) segmentMoments(held *datasets.BlockViews, attribute, values int) [][]skewed.Moments {
	variants := len(n.Query.Variants)
	out := make([][]skewed.Moments, values)
	for v := range out {
		out[v] = make([]skewed.Moments, variants)
	}
	t := n.complete0(held)
	if t == nil {
		return out
	}
	for r := range t.N {
		if t.Age[r] > 0 {
			break // ages are in order
		}
		if v := n.valueOf(int(t.Cell[r]), attribute); v >= 0 && v < values {
			row := momentsOf(t, r)
			out[v][t.Variant[r]].Merge(&row)
		}
	}
	return out
}

// valueOf is the value of an attribute in a cell of moments: a cell of views, in a clustered query a cluster. It is -1 where that is of any
// value.
func (n *inference) valueOf(cell, attribute int) int {
	if n.Query.Clustered {
		return segmentOf(n.evidence.Exposure.Clusters[cell].Segments, attribute)
	}
	return segmentOf(n.evidence.Views.Cells[cell], attribute)
}

func segmentOf(values []int, attribute int) int {
	if attribute < len(values) {
		return values[attribute]
	}
	return -1
}

// complete0 are the units whose whole windows have closed, by day; nil where the block has none.
func (n *inference) complete0(held *datasets.BlockViews) *datasets.MomentTable {
	at := slices.IndexFunc(held.Samples, func(s datasets.SampleViews) bool { return s.Sample == datasets.Total })
	switch {
	case at < 0:
		return nil
	case n.Query.Clustered:
		return held.Samples[at].ByDay
	default:
		return held.Samples[at].Units
	}
}

// momentsOf are those of a row, which share its memory.
func momentsOf(t *datasets.MomentTable, r int) skewed.Moments {
	d, c, third := t.Dim, t.Dim*(t.Dim+1)/2, 3*t.Parts-2
	return skewed.Moments{N: t.N[r], Means: t.Means[r*d : (r+1)*d], Cross: t.Cross[r*c : (r+1)*c], Third: t.Third[r*third : (r+1)*third]}
}

// segmentQuantiles are a quantile block's summaries by value and variant.
func segmentQuantiles(held *datasets.BlockViews, attribute, values, variants int) [][]quantile.Summary {
	out := make([][]quantile.Summary, values)
	for v := range out {
		out[v] = make([]quantile.Summary, variants)
	}
	for _, q := range held.Quantiles {
		if q.Segment == attribute && q.Value < values {
			out[q.Value] = q.Quantiles
		}
	}
	return out
}

// segmentSizes are the analysis units of clusters, by value and variant.
func (n *inference) segmentSizes(attribute, values int) [][][]int64 {
	out := make([][][]int64, values)
	for v := range out {
		out[v] = make([][]int64, len(n.Query.Variants))
	}
	for _, c := range n.evidence.Exposure.Clusters {
		if v := segmentOf(c.Segments, attribute); v >= 0 && v < values {
			out[v][c.Variant] = append(out[v][c.Variant], c.Units)
		}
	}
	return out
}
