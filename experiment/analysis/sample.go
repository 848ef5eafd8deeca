package analysis

import (
	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/stats"
	"liftgate/stats/cluster"
	"liftgate/stats/quantile"
)

// sample is the units of a metric in one treatment of the data: all, without crossover units, uncapped. It is what a comparison sees.
type sample struct {
	kind       experiment.MetricType // a mean where every merchant counts the same
	covariates int                   // components that follow those of the metric itself

	variants  []stats.Moments    // by variant
	clusters  [][]stats.Moments  // by variant: the clusters that have units; nil unless clusters are randomised
	listed    *listed            // the clusters as a design assigned them; nil without one
	equal     bool               // every cluster counts the same, as one unit
	without   int                // clusters that then have no level, because their denominator is zero
	skewness  []float64          // by variant; nil when not known
	quantiles []quantile.Summary // by variant, in place of moments
}

// named is a sample that stands beside the main one.
type named struct {
	name string
	*sample
}

// sample is all units of a metric.
func (n *inference) sample(m *experiment.Metric, block *datasets.BlockEvidence) *sample {
	s := n.newSample(m, block.Total, byCluster(block).Total, block.Skewness)
	s.quantiles = block.Quantiles
	return s
}

// others are the samples that are shown beside all units.
func (n *inference) others(m *experiment.Metric, block *datasets.BlockEvidence) []named {
	var out []named
	if block.WithoutCrossover != nil || block.QuantilesWithoutCrossover != nil {
		s := n.newSample(m, block.WithoutCrossover, n.withoutCrossover(byCluster(block).Total), block.Skewness)
		s.quantiles = block.QuantilesWithoutCrossover
		out = append(out, named{"without_crossover", s})
	}
	if block.Uncapped != nil {
		out = append(out, named{"uncapped", n.newSample(m, block.Uncapped, byCluster(block).Uncapped, block.UncappedSkewness)})
	}
	if len(n.asked(m).Covariates) > 0 {
		plain := n.sample(m, block)
		plain.covariates = 0
		out = append(out, named{"unadjusted", plain})
	}
	return out
}

// withoutTop is a metric without its largest units.
func (n *inference) withoutTop(m *experiment.Metric, block *datasets.BlockEvidence) *sample {
	return n.newSample(m, block.WithoutTop, byCluster(block).WithoutTop, block.Skewness)
}

func byCluster(block *datasets.BlockEvidence) datasets.ClusterMoments {
	if block.Clusters == nil {
		return datasets.ClusterMoments{}
	}
	return *block.Clusters
}

// newSample is a sample of moments, by variant and by cluster, with the skewness by variant.
func (n *inference) newSample(m *experiment.Metric, variants, clusters []stats.Moments, skewness []float64) *sample {
	s := &sample{kind: m.Type, covariates: len(n.asked(m).Covariates), variants: variants, skewness: skewness}
	if clusters == nil {
		return s
	}
	s.clusters, s.listed = n.byVariant(clusters), n.listed(clusters)
	if m.Weight == "" {
		return s
	}
	s.variants = make([]stats.Moments, len(variants))
	for v := range s.clusters {
		levels, without := cluster.Means(s.clusters[v], s.parts())
		for i := range levels {
			s.variants[v].Merge(&levels[i])
		}
		s.clusters[v], s.without = levels, s.without+without
	}
	if s.listed != nil {
		s.listed.equal(s.parts())
	}
	s.kind, s.equal = experiment.Mean, true
	return s
}

// parts is how many components are those of the metric itself.
func (s *sample) parts() int {
	return partsOf(s.kind)
}

func partsOf(kind experiment.MetricType) int {
	if kind == experiment.Ratio || kind == experiment.DifferenceRatio {
		return 2
	}
	return 1
}

// byVariant sorts clusters that have units into the variants.
func (n *inference) byVariant(clusters []stats.Moments) [][]stats.Moments {
	out := make([][]stats.Moments, len(n.Query.Variants))
	for i := range clusters {
		if clusters[i].N > 0 {
			v := n.evidence.Exposure.Clusters[i].Variant
			out[v] = append(out[v], clusters[i])
		}
	}
	return out
}

// withoutCrossover empties the clusters that met several variants.
func (n *inference) withoutCrossover(clusters []stats.Moments) []stats.Moments {
	if clusters == nil {
		return nil
	}
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		if !n.evidence.Exposure.Clusters[i].Crossover {
			out[i] = clusters[i]
		}
	}
	return out
}
