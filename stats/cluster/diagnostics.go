package cluster

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"liftgate/stats"
)

// Diagnostics say how far a number of clusters can be trusted. A cluster's size m_g is its number of units, in a ratio the size of its
// denominator: what it counts for in the level.
type Diagnostics struct {
	Clusters int // with units
	Units    int64
	// Effective is the number of equally large clusters that would weigh as evenly: (sum m)² / sum m² in a variant (L. Kish, Survey
	// Sampling, 1965), E1 and E0; together 4 / (1/E1 + 1/E0), so that twenty against twenty are forty and one large cluster in
	// either variant shows.
	Effective float64
	// LargestShare is the share of the largest cluster in the size of its variant; together the larger of the two.
	LargestShare float64
	// Leverage is the largest eigenvalue of a cluster's block of the hat matrix, 1 when it fixes its own fit.
	Leverage float64
	// ICC is the intraclass correlation of the (linearised) values, by the analysis of variance; together with the squares of both variants
	// added up. It may be negative, and is NaN when every cluster has one unit or there is no variance.
	ICC float64
	// DesignEffect is 1 + (sum m² / sum m - 1) ICC over units: what clustering multiplies the variance of a mean by. NaN with ICC.
	DesignEffect float64
}

// Where randomisation inference takes over: see Comparison.Few.
const (
	minEffective = 40
	maxShare     = 0.1
)

// Few says why there are too few or too unequal clusters for CR2 to decide, so that randomisation inference should: below 40 effective
// clusters together, or one above a tenth of its variant. It is empty otherwise.
func (c *Comparison) Few() string {
	switch d := c.Together; {
	case d.Effective < minEffective:
		return fmt.Sprintf("%.3g effective clusters, fewer than %d", d.Effective, minEffective)
	case d.LargestShare > maxShare:
		return fmt.Sprintf("one cluster holds %.4g %% of its variant, more than %.0f %%", 100*d.LargestShare, 100*maxShare)
	}
	return ""
}

func (l *levels) comparison(s1, s0 *side, unadjusted *levels, dropped []int) (*Comparison, error) {
	out := &Comparison{
		Treated: s1.diagnose(l.leverage[0]), Control: s0.diagnose(l.leverage[1]),
		LevelTreated: l.m1, LevelControl: l.m0, DF: l.df, removed: 1 - l.variance()/unadjusted.variance(), kept: s1.l.kept,
	}
	out.Together = bothSides(s1, s0, out.Treated, out.Control)
	method, warnings := "cluster-cr2", s1.warnings(s0)
	if len(out.kept) > 0 {
		method = "cluster-cr2-adjusted"
	}
	if len(dropped) > 0 {
		list := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(dropped)), ", "), "[]")
		warnings = append(warnings, fmt.Sprintf("covariate %s dropped: constant in a variant, or a combination of the others", list))
	}
	outside := out.Few()
	if outside != "" {
		outside += ": CR2's interval is an indication only; use randomisation inference"
	}
	var err error
	out.Contrast, err = stats.Levels{
		Method: method, Treated: l.m1, Control: l.m0, VarTreated: l.v11, VarControl: l.v00, Cov: l.v10, DF: l.df,
		Outside: outside, Warnings: warnings,
	}.Contrast()
	return out, err
}

func (s *side) warnings(other *side) []string {
	var out []string
	for _, v := range []*side{s, other} {
		if v.parts == 2 {
			if spread := v.denominatorSpread(); spread > 0.1 {
				out = append(out, fmt.Sprintf("the %s's denominator is known only to %.0f %%: the ratio is unsteady; wait for more clusters", v.name, 100*spread))
			}
		}
	}
	if other.level < 0 {
		out = append(out, "the control's level is negative: a positive lift means farther below zero; read the difference")
	}
	return out
}

// denominatorSpread is the relative standard error of the mean denominator over clusters.
func (s *side) denominatorSpread() float64 {
	squares := 0.0
	for _, m := range s.clusters {
		d := float64(m.N) * (m.Means[1] - s.scale)
		squares += d * d
	}
	g := float64(len(s.clusters))
	return math.Sqrt(squares*g/(g-1)) / s.units / math.Abs(s.scale)
}

// size is what a cluster counts for in the level.
func (s *side) size(m *stats.Moments) float64 {
	if s.parts == 2 {
		return float64(m.N) * math.Abs(m.Means[1])
	}
	return float64(m.N)
}

func (s *side) diagnose(leverage float64) Diagnostics {
	var sizes []float64
	for _, m := range s.clusters {
		sizes = append(sizes, s.size(m))
	}
	d := Diagnostics{Clusters: len(sizes), Units: s.total.N, Leverage: leverage}
	d.Effective, d.LargestShare = effective(sizes)
	d.ICC = s.variation().icc()
	d.DesignEffect = designEffect(s.sizes(), d.ICC)
	return d
}

// sizes are the numbers of units.
func (s *side) sizes() []float64 {
	var out []float64
	for _, m := range s.clusters {
		out = append(out, float64(m.N))
	}
	return out
}

// effective is Kish's number of clusters and the largest share.
func effective(sizes []float64) (number, share float64) {
	total, squares := 0.0, 0.0
	for _, m := range sizes {
		total += m
		squares += m * m
	}
	return total * total / squares, slices.Max(sizes) / total
}

func bothSides(s1, s0 *side, d1, d0 Diagnostics) Diagnostics {
	d := Diagnostics{
		Clusters: d1.Clusters + d0.Clusters, Units: d1.Units + d0.Units,
		Effective:    4 / (1/d1.Effective + 1/d0.Effective),
		LargestShare: max(d1.LargestShare, d0.LargestShare),
		Leverage:     max(d1.Leverage, d0.Leverage),
	}
	d.ICC = s1.variation().plus(s0.variation()).icc()
	d.DesignEffect = designEffect(append(s1.sizes(), s0.sizes()...), d.ICC)
	return d
}
