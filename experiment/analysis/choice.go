package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// choice is a comparison with the procedure that made it, and why it was that one.
type choice struct {
	stats.Contrast
	why      string
	outside  string           // why the data lie outside the procedure's region of validity; empty inside
	clusters *result.Clusters // nil unless clusters are randomised
	// The places of the covariates that were used, from 0.
	covariates []int
	dropped    []string // warnings of a regression that had no covariate left
}

// Warnings are the procedure's, and why it is not the one that was asked for.
func (c choice) Warnings() []string { return slices.Concat(c.Contrast.Warnings(), c.dropped) }

// choose compares a treatment with the control by the procedure that the data call for; the first that applies:
//
//	quantile                       order statistics, with the variance over what was randomised
//	merchants as a design says     variance over its blocks; few or unequal ones: the design repeated
//	merchants are randomised       CR2 over merchants; few or unequal ones: randomisation inference
//	covariates                     regression in each variant
//	proportion, mean, ratio        score test, Welch's t test, delta method
//	ratio of two differences       Fieller's theorem on both effects
func (n *inference) choose(h hypothesis, s *sample, treatment int) (choice, error) {
	switch {
	case s.kind == experiment.Quantile:
		return n.chooseQuantile(h, s, treatment)
	case s.listed != nil:
		return n.chooseBlocks(h, s, treatment)
	case s.clusters != nil:
		return n.chooseClusters(h, s, treatment)
	default:
		return n.chooseUnits(s, treatment)
	}
}

// chooseUnits compares units that were randomised one by one.
func (n *inference) chooseUnits(s *sample, treatment int) (choice, error) {
	treated, control := &s.variants[treatment], &s.variants[n.control()]
	contrast, err := contrast(s.kind, s.covariates, treated, control)
	if err != nil {
		return choice{}, err
	}
	c := chosen(contrast, nil)
	if a, ok := contrast.(stats.Adjusted); ok {
		if c.covariates = a.Covariates(); len(c.covariates) == 0 {
			return n.chooseWithout(s, treatment, a)
		}
	}
	unit := n.unit()
	switch {
	case s.covariates > 0:
		c.why = "there are covariates: a regression of its own in each variant, over " + unit
	case s.kind == experiment.Proportion:
		c.why = fmt.Sprintf("a share of %s: the score test, inverted for the intervals", unit)
	case s.kind == experiment.DifferenceRatio:
		c.why = fmt.Sprintf("a ratio of two effects on the same %s: Fieller's set from their covariance", unit)
	case s.kind == experiment.Ratio:
		c.why = fmt.Sprintf("a ratio of sums, and rows of one %s are alike: the delta method over %s", n.Definition.Unit, unit)
	default:
		c.why = fmt.Sprintf("a mean over %s: Welch's t test, which lets variances differ", unit)
	}
	if c.outside == "" && (s.kind != experiment.Proportion || s.covariates > 0) {
		c.outside = stats.OutsideSkewness(s.parts(), *treated, *control, s.skew(treatment), s.skew(n.control()))
	}
	return c, nil
}

// chooseWithout is chooseUnits where a regression had to drop every covariate, which its warnings say.
func (n *inference) chooseWithout(s *sample, treatment int, regression stats.Adjusted) (choice, error) {
	plain := *s
	plain.covariates = 0
	c, err := n.chooseUnits(&plain, treatment)
	if err != nil {
		return choice{}, err
	}
	for _, w := range regression.Warnings() {
		if !slices.Contains(c.Contrast.Warnings(), w) {
			c.dropped = append(c.dropped, w)
		}
	}
	return c, nil
}

// skew is a variant's skewness of a unit's contribution; that of 0 and 1 follows from their share.
func (s *sample) skew(variant int) float64 {
	m := &s.variants[variant]
	switch {
	case s.equal:
		return s.totals(variant).skewness()
	case s.kind == experiment.Proportion && m.N > 0:
		p := m.Means[0]
		if p <= 0 || p >= 1 {
			return 0
		}
		return (1 - 2*p) / math.Sqrt(p*(1-p))
	case variant < len(s.skewness):
		return s.skewness[variant]
	default:
		return math.NaN()
	}
}

// chooseQuantile compares order statistics. What was randomised is independent, rows and shoppers of one merchant are not.
func (n *inference) chooseQuantile(h hypothesis, s *sample, treatment int) (choice, error) {
	contrast, err := quantile.Compare(s.quantiles[treatment], s.quantiles[n.control()])
	if err != nil {
		return choice{}, err
	}
	c := chosen(contrast, nil)
	c.why = fmt.Sprintf("a quantile over %s: its order statistics, with the variance over %s", overWords(h.metric, n.Query.Clustered), n.unit())
	if s.quantiles[treatment].Sketched != nil {
		c.why += ", read off sketches and widened by their error"
	}
	if n.Query.Roster != nil {
		c.why += ", as if they had been randomised without blocks: the interval is wider than it need be"
	}
	if n.Query.Clustered {
		exposed := n.exposed(treatment)
		c.clusters = describe(exposed.Together)
		c.outside = strings.ReplaceAll(c.outside, " units", " "+n.unit())
		if few := n.few("the "+n.unit(), exposed.Few()); few != "" && c.outside == "" {
			c.outside = few + ": a quantile needs more " + n.unit()
		}
	}
	return c, nil
}

// overWords says what a quantile is taken over.
func overWords(m *experiment.Metric, clustered bool) string {
	switch {
	case m.Over == "rows":
		return "rows"
	case clustered:
		return "shoppers at merchants"
	default:
		return "shoppers"
	}
}

// unit is what was randomised, in the plural.
func (n *inference) unit() string { return string(n.Definition.Unit) + "s" }

// analysisUnit is what estimates count, in the singular.
func (n *inference) analysisUnit() string {
	if n.Query.Clustered {
		return "shopper"
	}
	return "unit"
}

// counted is what checks count, in the singular.
func (n *inference) counted() string {
	if n.Query.Clustered {
		return string(n.Definition.Unit)
	}
	return "unit"
}
