package analysis

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/cluster"
	"liftgate/stats/randomisation"
)

// chooseClusters compares variants to which whole clusters were assigned. Units of one are alike, so they are never counted as independent.
func (n *inference) chooseClusters(h hypothesis, s *sample, treatment int) (choice, error) {
	treated, control := s.arm(treatment), s.arm(n.control())
	cr2, err := cluster.Compare(treated, control, s.parts())
	if err != nil {
		return choice{}, err
	}
	why, d := n.unit()+" are randomised", cr2.Together
	if s.equal {
		why += " and count the same"
	}
	few := cr2.Few()
	if few == "" && (s.totals(treatment).dominated() || s.totals(n.control()).dominated()) {
		few = "a few of them make the variance"
	}
	if few == "" {
		c := chosen(cr2, cr2.Covariates())
		c.why = fmt.Sprintf("%s: CR2 over %d clusters (effective %s)", why, d.Clusters, rounded(d.Effective))
		c.clusters = describe(d)
		c.rare(s, treatment, n.control())
		return c, nil
	}
	again, err := randomisation.Compare(treated, control, s.parts(), randomisation.Design{}, randomisation.Options{Draws: draws, Seed: n.seed(h.metric)})
	if err != nil {
		return choice{}, err
	}
	c := chosen(again, cr2.Covariates())
	c.clusters = describe(d)
	if h.test() == result.NonInferiority { // of no effect at all the test is exact; a constant gain is no model of rare events
		c.rare(s, treatment, n.control())
	}
	repeated := fmt.Sprintf("%d draws of the assignment", again.Draws)
	if again.Exact {
		repeated = fmt.Sprintf("all %d assignments", again.Draws)
	}
	c.why = fmt.Sprintf("%s, in %d clusters, but %s: randomisation inference, %s", why, d.Clusters, few, repeated)
	return c, nil
}

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

// dominated reports whether a few clusters make the variance of the level, as those with the one shopper who bought for all do: by the skewness of
// the clusters' contributions, value - ratio * divisor. One that had all the variance would give the square root of their number; half of
// that is far beyond what clusters of unequal size give.
func (t totals) dominated() bool {
	m := t.moments()
	if m.N < 2 || m.Means[1] == 0 {
		return false
	}
	ratio, n := m.Means[0]/m.Means[1], float64(m.N)
	var squares, cubes float64
	for _, x := range t {
		e := x[0] - ratio*x[1]
		squares += e * e
		cubes += e * e * e
	}
	return math.Abs(cubes)/n > math.Sqrt(n)/2*math.Pow(squares/n, 1.5)
}

// chosen is a choice whose procedure itself says where it is valid.
func chosen(c stats.Contrast, covariates []int) choice {
	return choice{Contrast: c, outside: c.Outside(), covariates: covariates}
}

// draws of the assignment; with the one that was made, p is a multiple of 1/10,000.
const draws = 9999

// seed makes a metric's draws the same whenever the same definition is analysed, and others for other metrics.
func (n *inference) seed(m *experiment.Metric) uint64 {
	h := sha256.New()
	h.Write(n.Definition.Source)
	h.Write([]byte("\x00" + m.Name))
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// rare puts shares of few successes, or failures, outside the region: their mean is not about normal even over independent units.
func (c *choice) rare(s *sample, treatment, control int) {
	if s.kind != experiment.Proportion || c.outside != "" {
		return
	}
	if rows, err := stats.CompareProportions(binomial(s.variants[treatment]), binomial(s.variants[control])); err == nil {
		if seen, _, rare := strings.Cut(rows.Outside(), ":"); rare {
			c.outside = seen + ", too rare for a mean over clusters; wait for more"
		}
	}
}

// rounded prints a number of clusters that need not be whole.
func rounded(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// arm is a variant's clusters, with the components that the comparison goes by.
func (s *sample) arm(variant int) []stats.Moments {
	if s.covariates > 0 {
		return s.clusters[variant]
	}
	out := make([]stats.Moments, len(s.clusters[variant]))
	for i := range out {
		out[i] = project(&s.clusters[variant][i], s.parts())
	}
	return out
}

func describe(d cluster.Diagnostics) *result.Clusters {
	return &result.Clusters{Number: int64(d.Clusters), Effective: d.Effective, LargestShare: d.LargestShare}
}

// exposed are the clusters of a treatment and the control, by their analysis units.
func (n *inference) exposed(treatment int) *cluster.Comparison {
	sizes := make([][]int64, len(n.Query.Variants))
	for _, c := range n.evidence.Exposure.Clusters {
		sizes[c.Variant] = append(sizes[c.Variant], c.Units)
	}
	return &cluster.Comparison{Together: cluster.Evenness(sizes[treatment], sizes[n.control()])}
}

// clusterCheck says whether there are enough clusters, and even enough, for standard errors to decide; and whether the treatment changes how
// many of a merchant's shoppers are exposed, as they are then not the same kind of shoppers.
func (n *inference) clusterCheck() result.Check {
	w := worst{check: result.Check{Check: "clusters"}}
	sizes := n.clusterSizes()
	for _, t := range n.treatments() {
		c := n.exposed(t)
		d := c.Together
		status, finding := result.Pass, ""
		if few := c.Few(); few != "" {
			status = result.Warn
			finding = fmt.Sprintf("%s against control: %d %s with %d shoppers, but %s, so p-values and intervals come from randomisation inference, and quantiles are not judged: more %s are the only remedy",
				n.Query.Variants[t], d.Clusters, n.unit(), d.Units, few, n.unit())
		}
		w.note(status, nil, number(d.Effective), finding)
		if test, err := stats.CompareMeans(sizes[t], sizes[n.control()]); err == nil && test.PDifference(0) < checkFails {
			w.note(result.Warn, number(test.PDifference(0)), number(d.Effective),
				fmt.Sprintf("%s have another number of exposed shoppers in %s than in control: see whether the treatment changes who is exposed", n.unit(), n.Query.Variants[t]))
		}
	}
	return w.done(fmt.Sprintf("There are enough %s, and even enough: CR2 standard errors decide.", n.unit()), "This check does not block.")
}

// clusterSizes are the moments of the logarithms of clusters' sizes, which vary by factors, by variant.
func (n *inference) clusterSizes() []stats.Moments {
	out := make([]stats.Moments, len(n.Query.Variants))
	for _, c := range n.evidence.Exposure.Clusters {
		out[c.Variant].Add(math.Log(float64(c.Units)))
	}
	return out
}
