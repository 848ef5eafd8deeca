package cluster

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Variation is the analysis of variance of values in clusters, and what follows from it for a design.
type Variation struct {
	Clusters int
	Units    int64
	Between  float64 // mean square between clusters
	Within   float64 // mean square within clusters
	F        float64 // Between / Within
	Size     float64 // n0 = (N - sum m²/N) / (k - 1), the size that unequal clusters count as
	ICC      float64 // (Between - Within) / (Between + (n0 - 1) Within); may be negative
	CV2      float64 // squared coefficient of variation of the sizes (divisor k)
	// DesignEffect is Kish's 1 + (sum m² / sum m - 1) ICC; DesignEffectMean takes the mean size for all, 1 + (mean m - 1) ICC.
	DesignEffect, DesignEffectMean float64
	// Effective is (sum m)² / sum m².
	Effective    float64
	LargestShare float64
}

// ICC estimates the intraclass correlation by the analysis of variance (A. Donner, International Statistical Review 54 (1986) 67-82) from
// the moments of each cluster's values in one variant (component 0). Clusters without units are left out; fewer than two of them, or no
// cluster with two units, give stats.ErrTooFew, values that are all equal stats.ErrNoVariance.
func ICC(clusters []stats.Moments) (Variation, error) {
	s, err := newSide("sample", clusters, 1)
	if err != nil {
		return Variation{}, err
	}
	v := s.variation()
	if v.dfWithin == 0 {
		return Variation{}, fmt.Errorf("%w: every cluster has one unit, so nothing is known of how alike those of a cluster are", stats.ErrTooFew)
	}
	icc := v.icc()
	if math.IsNaN(icc) {
		return Variation{}, fmt.Errorf("%w: every value is the same", stats.ErrNoVariance)
	}
	sizes := s.sizes()
	out := Variation{
		Clusters: len(sizes), Units: s.total.N, Between: v.between / v.dfBetween, Within: v.within / v.dfWithin, Size: v.n0(), ICC: icc,
		DesignEffect: designEffect(sizes, icc),
	}
	out.F = out.Between / out.Within
	out.Effective, out.LargestShare = effective(sizes)
	k := float64(len(sizes))
	mean := s.units / k
	out.DesignEffectMean = 1 + (mean-1)*icc
	for _, m := range sizes {
		out.CV2 += (m - mean) * (m - mean) / k / (mean * mean)
	}
	return out, nil
}

// variation is the sums of squares of one or more variants.
type variation struct {
	between, within     float64
	dfBetween, dfWithin float64
	spare               float64 // sum over variants of N - sum m²/N
}

func (s *side) variation() variation {
	v := variation{dfBetween: float64(len(s.clusters) - 1), dfWithin: s.units - float64(len(s.clusters)), spare: s.units}
	for _, m := range s.clusters {
		n, deviation := float64(m.N), s.deviation(m)
		v.between += n * deviation * deviation
		v.spare -= n * n / s.units
		within := cross(m, 0, 0)
		if s.parts == 2 {
			within = (within - 2*s.level*cross(m, 0, 1) + s.level*s.level*cross(m, 1, 1)) / (s.scale * s.scale)
		}
		v.within += math.Max(within, 0)
	}
	return v
}

func (v variation) plus(o variation) variation {
	return variation{v.between + o.between, v.within + o.within, v.dfBetween + o.dfBetween, v.dfWithin + o.dfWithin, v.spare + o.spare}
}

func (v variation) n0() float64 { return v.spare / v.dfBetween }

func (v variation) icc() float64 {
	if v.dfWithin == 0 {
		return math.NaN()
	}
	b, w := v.between/v.dfBetween, v.within/v.dfWithin
	return (b - w) / (b + (v.n0()-1)*w)
}

func designEffect(sizes []float64, icc float64) float64 {
	total, squares := 0.0, 0.0
	for _, m := range sizes {
		total += m
		squares += m * m
	}
	return 1 + (squares/total-1)*icc
}
