package analysis

import (
	"math"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// Rows do not come one by one, so a count tells less than Poisson's law says: quasi-Poisson tests divide by the dispersion, how many
// times more than Poisson a count varies. Two things make rows alike. What is randomised brings its rows into one variant: spread. What a
// shopper does comes at one time: bursts.

// overdispersion is how many times more than Poisson a unit's count varies, at least once.
func overdispersion(by []stats.Moments, component int) float64 {
	worst := 1.0
	for i := range by {
		if m := &by[i]; m.N > 1 && m.Means[component] > 0 {
			worst = max(worst, m.Cov(component, component)/m.Means[component])
		}
	}
	return worst
}

// spread is the dispersion of a part's rows between variants. Merchants differ in size, so where they are randomised chance moves many
// rows at once. Where shoppers are, the few rows of one are covered by the bounds of "too small".
func (n *inference) spread(m *experiment.Metric, block *datasets.BlockEvidence, part int) float64 {
	value := n.asked(m).Parts[part]
	switch {
	case !n.Query.Clustered:
		return 1
	case block.Quantiles != nil:
		return overdispersion(shares(block.Quantiles), 1)
	case !n.seesRows(), countable(&n.Query.Values[value]):
		return overdispersion(n.clusterTotals(block.Clusters.Total, part), 0)
	default:
		return n.spreadOfRows(value)
	}
}

// clusterTotals are moments of the clusters' totals of a component, by variant.
func (n *inference) clusterTotals(clusters []stats.Moments, component int) []stats.Moments {
	out := make([]stats.Moments, len(n.Query.Variants))
	for i := range clusters {
		sum := 0.0
		if clusters[i].N > 0 {
			sum = math.Abs(clusters[i].Sum(component))
		}
		out[n.evidence.Exposure.Clusters[i].Variant].Add(sum)
	}
	return out
}

// spreadOfRows is the dispersion of a value whose rows are not counted by cluster, as if they lay like all rows of its source: with a
// coefficient of variation c beside chance, a mean of m rows a cluster has the dispersion 1 + m c².
func (n *inference) spreadOfRows(value int) float64 {
	worst := 1.0
	for i := range n.evidence.Events {
		if n.Query.Events[i].Name != n.Query.Values[value].Table {
			continue
		}
		for v, all := range n.evidence.Events[i].PerUnit {
			if all.N < 2 || all.Means[0] == 0 {
				continue
			}
			c2 := max(all.Cov(0, 0)-all.Means[0], 0) / (all.Means[0] * all.Means[0])
			mean := float64(n.evidence.Values[value].Activity[v].Rows()) / float64(all.N)
			worst = max(worst, 1+mean*c2)
		}
	}
	return worst
}

// bursts is how many rows of a source come together in time: those of one shopper.
func (n *inference) bursts(ev *datasets.EventEvidence) float64 {
	if !n.Query.Clustered {
		return overdispersion(ev.PerUnit, 0)
	}
	// Here PerUnit counts by merchant, whose shoppers come one by one. A count that varies like a geometric one stands for theirs.
	worst := 1 + float64(ev.Matched)/float64(total(n.analysed()))
	for i := range n.Query.Blocks {
		for part, value := range n.Query.Blocks[i].Parts {
			if v := &n.Query.Values[value]; v.Table == ev.Table && v.Take == datasets.Count {
				worst = max(worst, overdispersion(n.evidence.Blocks[i].Total, part))
			}
		}
	}
	return worst
}

// burstsOf is bursts of the rows of one part of a metric.
func (n *inference) burstsOf(m *experiment.Metric, block *datasets.BlockEvidence, part int) float64 {
	value := n.asked(m).Parts[part]
	switch {
	case block.Quantiles != nil && n.Query.Clustered:
		var rows int64
		for _, a := range n.evidence.Values[value].Activity {
			rows += a.Rows()
		}
		return 1 + float64(rows)/float64(total(n.analysed()))
	case block.Quantiles != nil:
		return overdispersion(shares(block.Quantiles), 1)
	case n.Query.Values[value].Take == datasets.Count:
		return overdispersion(block.Total, part)
	default:
		return 1
	}
}

// shares are the moments of (rows up to the quantile, rows) of what was randomised, by variant.
func shares(by []quantile.Summary) []stats.Moments {
	out := make([]stats.Moments, len(by))
	for i := range by {
		out[i] = by[i].Shares
	}
	return out
}
