package analysis

import (
	"fmt"
	"math"

	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/blocked"
)

// clusterCheck says whether there are enough clusters, and even enough, for standard errors to decide; and whether the treatment changes
// how many of a merchant's shoppers are exposed, as they are then not the same kind of shoppers.
func (n *inference) clusterCheck() result.Check {
	w := worst{check: result.Check{Check: "clusters"}}
	sizes := n.clusterSizes()
	for _, t := range n.treatments() {
		d, few := n.evenness(t)
		status, finding := result.Pass, ""
		if few != "" {
			status = result.Warn
			finding = fmt.Sprintf("%s against control: %s with %s, but %s, so p-values and intervals come from randomisation inference, and quantiles are not judged: more %s are the only remedy",
				n.Query.Variants[t], many(int64(d.Clusters), n.counted()), many(d.Units, n.analysisUnit()), n.few("they", few), n.unit())
		}
		w.note(status, nil, number(d.Effective), finding)
		if test, err := stats.CompareMeans(sizes[t], sizes[n.control()]); err == nil && test.PDifference(0) < checkFails {
			w.note(result.Warn, number(test.PDifference(0)), number(d.Effective),
				fmt.Sprintf("%s have another number of exposed shoppers in %s than in control: see whether the treatment changes who is exposed", n.unit(), n.Query.Variants[t]))
		}
	}
	if n.Query.Roster != nil {
		n.noteLosses(&w)
		return w.done(fmt.Sprintf("There are enough %s, and even enough: the variance of the design's blocks decides.", n.unit()), "This check does not block.")
	}
	return w.done(fmt.Sprintf("There are enough %s, and even enough: CR2 standard errors decide.", n.unit()), "This check does not block.")
}

// evenness says how evenly shoppers lie in the clusters of a treatment and the control, as they were randomised, and why that is too little.
func (n *inference) evenness(treatment int) (d blocked.Diagnostics, few string) {
	if n.Query.Roster != nil {
		l, sizes := n.listedSizes()
		d = blocked.Evenness(sizes[treatment], sizes[n.control()], l.design(treatment, n.control()))
		return d, d.Few()
	}
	c := n.exposed(treatment)
	t := c.Together
	return blocked.Diagnostics{Clusters: t.Clusters, Units: t.Units, Effective: t.Effective, LargestShare: t.LargestShare}, c.Few()
}

// noteLosses says how many blocks lost a member. It stays in the design, without units.
func (n *inference) noteLosses(w *worst) {
	e := &n.evidence.Exposure
	l, sizes := n.listedSizes()
	for v := range l.clusters {
		for i := range l.clusters[v] {
			l.clusters[v][i].N = sizes[v][i]
		}
	}
	all := make([]int, len(n.Query.Variants))
	for v := range all {
		all[v] = v
	}
	if broken := l.incomplete(all...); broken > 0 {
		w.note(result.Warn, nil, w.check.Statistic, fmt.Sprintf("%s of the design's list not analysed, %s incomplete: the others stay in, and the missing count as merchants without shoppers",
			many(int64(len(e.Unexposed)), n.counted()), many(broken, n.blockWord())))
	}
}

// blockWord is what the design calls a block.
func (n *inference) blockWord() string {
	switch {
	case paired(n.Definition) && (n.record.Matching == nil || n.record.Matching.Size == 2):
		return "pair"
	default:
		return "block"
	}
}

// clusterSizes are the moments of the logarithms of clusters' sizes, which vary by factors, by variant.
func (n *inference) clusterSizes() []stats.Moments {
	out := make([]stats.Moments, len(n.Query.Variants))
	for _, c := range n.evidence.Exposure.Clusters {
		out[c.Variant].Add(math.Log(float64(c.Units)))
	}
	return out
}
