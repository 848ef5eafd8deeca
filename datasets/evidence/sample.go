package evidence

import (
	"liftgate/datasets"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// The things that rows of activity.arrow and moments.arrow are of.
const (
	ofEvents = "events"
	ofValue  = "value"
	ofBlock  = "block"
)

// sample is one of the sets of units that a block has moments of.
type sample struct {
	name string
	of   func(b *datasets.BlockEvidence) *[]stats.Moments

	skewness func(b *datasets.BlockEvidence) *[]float64 // nil where a block does not say
}

// samples starts with all units.
var samples = []sample{
	{"total", func(b *datasets.BlockEvidence) *[]stats.Moments { return &b.Total }, skewness},
	{"without_crossover", func(b *datasets.BlockEvidence) *[]stats.Moments { return &b.WithoutCrossover }, nil},
	{"uncapped", func(b *datasets.BlockEvidence) *[]stats.Moments { return &b.Uncapped }, uncappedSkewness},
	{"without_top", func(b *datasets.BlockEvidence) *[]stats.Moments { return &b.WithoutTop }, nil},
}

func skewness(b *datasets.BlockEvidence) *[]float64         { return &b.Skewness }
func uncappedSkewness(b *datasets.BlockEvidence) *[]float64 { return &b.UncappedSkewness }

// clusterSamples are those of a block's moments by cluster.
var clusterSamples = []clusterSample{
	{samples[0], func(c *datasets.ClusterMoments) *[]stats.Moments { return &c.Total }},
	{samples[2], func(c *datasets.ClusterMoments) *[]stats.Moments { return &c.Uncapped }},
	{samples[3], func(c *datasets.ClusterMoments) *[]stats.Moments { return &c.WithoutTop }},
}

// clusterSample is a sample that is known by cluster, too.
type clusterSample struct {
	sample
	byCluster func(c *datasets.ClusterMoments) *[]stats.Moments
}

// quantileSamples are those of a quantile block.
var quantileSamples = []struct {
	name string
	of   func(b *datasets.BlockEvidence) *[]quantile.Summary
}{
	{"total", func(b *datasets.BlockEvidence) *[]quantile.Summary { return &b.Quantiles }},
	{"without_crossover", func(b *datasets.BlockEvidence) *[]quantile.Summary { return &b.QuantilesWithoutCrossover }},
}
