package analysis

import (
	"liftgate/stats"
	"liftgate/stats/cluster"
)

// layer is some of a block's units: by variant their moments, or, where clusters are randomised, what each cluster adds up to.
type layer struct {
	variants []stats.Moments
	clusters []clusterSum // by cluster; nil unless they are randomised
	units    []int64      // by variant
	counted  int64        // units that are in it, and those left out for a null value
}

// clusterSum is a cluster's total of the value, of what that is divided by, and its units.
type clusterSum struct {
	value, divisor float64
	units          int64
}

func (s *clusterSum) add(o clusterSum) {
	s.value += o.value
	s.divisor += o.divisor
	s.units += o.units
}

func (l *layers) empty() *layer {
	y := &layer{units: make([]int64, len(l.Query.Variants))}
	if l.Query.Clustered {
		y.clusters = make([]clusterSum, len(l.evidence.Exposure.Clusters))
	} else {
		y.variants = make([]stats.Moments, len(l.Query.Variants))
	}
	return y
}

// take adds a row's units, and those that it leaves out for a null value.
func (l *layers) take(y *layer, variant, cell int, m *stats.Moments, null int64) {
	y.counted += m.N + null
	y.units[variant] += m.N
	switch {
	case m.N == 0:
	case y.clusters == nil:
		y.variants[variant].Merge(m)
	default:
		s := clusterSum{m.Sum(0), float64(m.N), m.N}
		if partsOf(l.metric.Type) == 2 {
			s.divisor = m.Sum(1)
		}
		y.clusters[cell].add(s)
	}
}

// add takes in the units of another layer.
func (y *layer) add(o *layer) {
	for i := range o.variants {
		y.variants[i].Merge(&o.variants[i])
	}
	for i := range o.clusters {
		y.clusters[i].add(o.clusters[i])
	}
	for i := range o.units {
		y.units[i] += o.units[i]
	}
	y.counted += o.counted
}

// compare compares by moments alone. Merchants are compared by the delta method over their totals, without covariates: CR2 takes
// milliseconds a point and differs little where there are enough of them; where there are too few, intervals are not to be shown.
func (l *layers) compare(y *layer, t int) (c stats.Contrast, few bool, err error) {
	control := l.control()
	if y.clusters == nil {
		c, err = contrast(l.metric.Type, len(l.asked(l.metric).Covariates), &y.variants[t], &y.variants[control])
		return c, false, err
	}
	treated, sizes := l.overClusters(y, t)
	other, others := l.overClusters(y, control)
	if l.metric.Weight != "" {
		c, err = stats.CompareMeans(treated, other)
		return c, err == nil && c.Outside() != "", err
	}
	c, err = stats.CompareRatios(treated, other)
	over := cluster.Comparison{Together: cluster.Evenness(sizes, others)}
	return c, over.Few() != "", err
}

// overClusters are moments over a variant's clusters, of their levels where all count the same, else of their totals; and their units.
func (l *layers) overClusters(y *layer, variant int) (m stats.Moments, sizes []int64) {
	for i, s := range y.clusters {
		switch {
		case s.units == 0 || l.evidence.Exposure.Clusters[i].Variant != variant:
		case l.metric.Weight == "":
			m.Add(s.value, s.divisor)
			sizes = append(sizes, s.units)
		case s.divisor != 0:
			m.Add(s.value / s.divisor)
		}
	}
	return m, sizes
}
