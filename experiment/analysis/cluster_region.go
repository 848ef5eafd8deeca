package analysis

import (
	"fmt"
	"math"
	"strings"

	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
)

// totals are what clusters add up to: the values, and what they are divided by.
type totals [][2]float64

func (s *sample) totals(variant int) totals {
	out := make(totals, len(s.clusters[variant]))
	for i := range out {
		m := &s.clusters[variant][i]
		out[i] = [2]float64{m.Sum(0), float64(m.N)}
		if s.kind == experiment.Ratio {
			out[i][1] = m.Sum(1)
		}
	}
	return out
}

func (t totals) moments() (m stats.Moments) {
	for _, x := range t {
		m.Add(x[0], x[1])
	}
	return m
}

// skewness is that of the clusters' contributions to the level, value - ratio * divisor; 0 where they do not differ.
func (t totals) skewness() float64 {
	m := t.moments()
	if m.N < 2 || m.Means[1] == 0 {
		return 0
	}
	ratio, n := m.Means[0]/m.Means[1], float64(m.N)
	var squares, cubes float64
	for _, x := range t {
		e := x[0] - ratio*x[1]
		squares += e * e
		cubes += e * e * e
	}
	if spread := math.Pow(squares/n, 1.5); spread > 0 {
		return cubes / n / spread
	}
	return 0
}

// dominated reports whether a few clusters make the variance of the level, as those with the one shopper who bought for all do: by the
// skewness of their contributions. One that had all the variance would give the square root of their number; half of that is far beyond
// what clusters of unequal size give.
func (t totals) dominated() bool { return math.Abs(t.skewness()) > math.Sqrt(float64(len(t)))/2 }

// judgeClusters says where a comparison of clusters has not been checked. Of no effect at all a randomisation test is exact, whatever
// the values; a margin takes more, since no constant gain describes an event that hardly any shopper has.
func (c *choice) judgeClusters(h hypothesis, s *sample, treatment, control int) {
	repeated := c.Method() == "randomisation"
	switch share := c.clusters.LargestShare; {
	case c.outside != "":
	case repeated && share > 0.5:
		c.outside = fmt.Sprintf("one merchant holds %.0f%% of its variant, so what is seen is mostly that one's effect", 100*share)
	case s.kind == experiment.Proportion && !(repeated && h.test() == result.Superiority):
		c.outside = s.rare(treatment, control)
	case s.kind != experiment.Proportion && h.test() == result.NonInferiority:
		c.outside = s.skewed(treatment, control)
	}
}

// skewed says when values are too skewed for their number: of shoppers, or of merchants that count the same.
func (s *sample) skewed(treatment, control int) string {
	counted := " shoppers"
	if s.equal {
		counted = " merchants"
	}
	outside := stats.OutsideSkewness(s.parts(), s.variants[treatment], s.variants[control], s.skew(treatment), s.skew(control))
	return strings.ReplaceAll(outside, " units", counted)
}

// rare says when a share has too few successes, or failures: their mean is not about normal even over independent units.
func (s *sample) rare(treatment, control int) string {
	rows, err := stats.CompareProportions(binomial(s.variants[treatment]), binomial(s.variants[control]))
	if err != nil {
		return ""
	}
	seen, _, rare := strings.Cut(rows.Outside(), ":")
	if !rare {
		return ""
	}
	return seen + ", too rare for a mean over clusters; wait for more"
}
