package calibration

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// harm makes a treatment as bad as a guardrail's margin, no more and no less, so that every verdict of non-inferiority is false. Values are
// shifted (in a ratio, numerators by the margin times the denominator), under a relative margin scaled. Shares without covariates lose, or win,
// single successes at random, unless merchants count the same: then their shares are shifted.
type harm struct {
	scale, shift float64 // what becomes of a value
	flip         float64 // of a share's successes or, where toWorse, failures
	toWorse      bool
	binary       bool
	ratio        bool
}

// newHarm takes the level of the population; ok is false where no treatment can be that bad.
func newHarm(m *experiment.Metric, block *datasets.Block, level float64) (h harm, ok bool) {
	sign := -1.0
	if m.Better == experiment.Lower {
		sign = 1
	}
	h = harm{scale: 1, ratio: len(block.Parts) == 2, binary: block.Binary && len(block.Covariates) == 0 && m.Weight == ""}
	by := sign * m.Margin.Value
	if m.Margin.Relative {
		h.scale, by = 1+by, level*by
		if !(level > 0) || h.scale <= 0 {
			return h, false
		}
	} else {
		h.shift = by
	}
	if !h.binary {
		return h, true
	}
	h.toWorse = by > 0
	if h.flip = -by / level; h.toWorse {
		h.flip = by / (1 - level)
	}
	return h, h.flip >= 0 && h.flip <= 1
}

// block is a block with a treatment harmed.
func (h harm) block(from datasets.BlockEvidence, exposure *datasets.Exposure, treatment int, source rand.Source) datasets.BlockEvidence {
	if from.Quantiles != nil {
		from.Quantiles = slices.Clone(from.Quantiles)
		from.Quantiles[treatment] = h.summary(from.Quantiles[treatment])
		return from
	}
	from.Total = slices.Clone(from.Total)
	if from.Clusters == nil {
		from.Total[treatment] = h.moments(&from.Total[treatment], source)
		return from
	}
	own := slices.Clone(from.Clusters.Total)
	from.Total[treatment] = stats.Moments{}
	for i, c := range exposure.Clusters {
		if c.Variant == treatment {
			own[i] = h.moments(&own[i], source)
			from.Total[treatment].Merge(&own[i])
		}
	}
	from.Clusters = &datasets.ClusterMoments{Total: own}
	return from
}

func (h harm) moments(m *stats.Moments, source rand.Source) stats.Moments {
	if m.N == 0 {
		return *m
	}
	if h.binary {
		return h.successes(m, source)
	}
	out := stats.Moments{N: m.N, Means: slices.Clone(m.Means), Cross: slices.Clone(m.Cross)}
	across := 0.0 // what a unit of the second part adds
	if h.ratio {
		across = h.shift
		out.Means[0] = h.scale*m.Means[0] + across*m.Means[1]
	} else {
		out.Means[0] = h.scale*m.Means[0] + h.shift
	}
	d := m.Dim()
	out.Cross[0] = h.scale * h.scale * m.Cross[0]
	for j := 1; j < d; j++ {
		out.Cross[j] = h.scale * m.Cross[j]
		if h.ratio {
			out.Cross[j] += across * m.Cross[d+j-1]
		}
	}
	if h.ratio {
		out.Cross[0] += 2*h.scale*across*m.Cross[1] + across*across*m.Cross[d]
	}
	return out
}

func (h harm) successes(m *stats.Moments, source rand.Source) stats.Moments {
	ones := int64(m.Sum(0) + 0.5)
	if h.toWorse {
		return zeroOnes(m.N, ones+draw(m.N-ones, h.flip, source))
	}
	return zeroOnes(m.N, ones-draw(ones, h.flip, source))
}

// draw is how many of n happen with chance p each.
func draw(n int64, p float64, source rand.Source) int64 {
	switch {
	case n == 0 || p <= 0:
		return 0
	case p >= 1:
		return n
	}
	return int64(distuv.Binomial{N: float64(n), P: p, Src: source}.Rand())
}

func (h harm) summary(s quantile.Summary) quantile.Summary {
	s.Value = h.scale*s.Value + h.shift
	s.Values = slices.Clone(s.Values)
	for i := range s.Values {
		s.Values[i] = h.scale*s.Values[i] + h.shift
	}
	return s
}
