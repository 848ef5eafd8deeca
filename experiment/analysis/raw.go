package analysis

import (
	"math"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
)

// rawVariants are the variants' numbers before any adjustment.
func (n *inference) rawVariants(m *experiment.Metric, block *datasets.BlockEvidence) []result.Variant {
	out := n.noVariants()
	if block.Failed != "" {
		return out
	}
	s := n.sample(m, block)
	for i := range out {
		switch {
		case s.kind == experiment.Quantile:
			out[i].N = n.complete(block)[i]
			if q, err := s.quantiles[i].Estimate(); err == nil {
				out[i].Value, out[i].StdError = number(q.Value), number(q.StdError)
			}
		case s.kind == experiment.DifferenceRatio: // a variant has no level of it
			out[i].N = s.variants[i].N
		case s.variants[i].N > 0:
			rawMoments(&out[i], s, i)
		}
	}
	return out
}

// rawMoments are the numbers of a variant that is described by moments. Its standard error is that over what was randomised.
func rawMoments(out *result.Variant, s *sample, variant int) {
	mm := &s.variants[variant]
	out.N = mm.N
	value, variance := rawMean(s.kind, mm)
	out.Value = number(value)
	switch {
	case s.clusters != nil:
		out.StdError = clusteredError(s, variant)
	case mm.N > 1:
		out.StdError = number(math.Sqrt(variance / float64(mm.N)))
	}
	if s.kind != experiment.Ratio && !s.equal {
		out.Sum = number(rawSum(s.kind, mm))
	}
}

// clusteredError is the standard error of a variant's level over its clusters: that of the ratio of their totals.
func clusteredError(s *sample, variant int) *float64 {
	m := s.totals(variant).moments()
	if m.N < 2 {
		return nil
	}
	_, variance := rawMean(experiment.Ratio, &m)
	return number(math.Sqrt(variance / float64(m.N)))
}

func rawSum(kind experiment.MetricType, mm *stats.Moments) float64 {
	if kind == experiment.Proportion {
		return math.Round(mm.Sum(0))
	}
	return mm.Sum(0)
}

// rawMean is a variant's value and the variance of one unit's contribution to it; a ratio's by the delta method.
func rawMean(kind experiment.MetricType, mm *stats.Moments) (value, variance float64) {
	switch kind {
	case experiment.Proportion:
		p := rawSum(kind, mm) / float64(mm.N)
		return p, p * (1 - p)
	case experiment.Ratio:
		r := mm.Means[0] / mm.Means[1]
		v := mm.Cov(0, 0) - 2*r*mm.Cov(0, 1) + r*r*mm.Cov(1, 1)
		return r, v / (mm.Means[1] * mm.Means[1])
	default:
		return mm.Means[0], mm.Cov(0, 0)
	}
}

// complete are a block's analysis units whose windows have closed and that have a value, by variant.
func (n *inference) complete(block *datasets.BlockEvidence) []int64 {
	out := n.analysed()
	for i := range out {
		out[i] -= block.Incomplete[i]
		if i < len(block.Null) {
			out[i] -= block.Null[i]
		}
	}
	return out
}

// analysed are the analysis units by variant: what was randomised, or the shoppers at the merchants that were.
func (n *inference) analysed() []int64 {
	out := make([]int64, len(n.Query.Variants))
	e := &n.evidence.Exposure
	switch {
	case !n.Query.Clustered:
		copy(out, e.Units)
		return out
	case e.UnitHours != nil: // of a part by day, clusters do not know
		for v, hours := range e.UnitHours {
			out[v] = total(hours)
		}
		return out
	}
	for _, c := range e.Clusters {
		out[c.Variant] += c.Units
	}
	return out
}
