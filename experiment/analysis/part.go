package analysis

import (
	"fmt"
	"strings"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
)

// part is what an inference on a part of the experiment knows beside its evidence.
type part struct {
	whole map[string]*result.Metric // rows of the whole by metric
	age   int                       // that windows are cut off at; 0: they are whole
	quick bool                      // no assignment is repeated
}

// on infers from evidence of a part (see datasets.Evidence.Cut), by the same rules, what was inferred of the whole: its rows are needed,
// because a metric that had no data or failed there has none here. Inference is quick when it leaves out randomisation: where merchants are too few
// or unequal, the comparison is then outside its region of validity.
func (n *inference) on(cut *datasets.Evidence, rows []result.Metric, age int, quick bool) *inference {
	p := &part{whole: make(map[string]*result.Metric, len(rows)), age: age, quick: quick}
	for i := range rows {
		p.whole[rows[i].Metric] = &rows[i]
	}
	return &inference{Study: n.Study, evidence: cut, part: p, alpha: n.alpha, repeats: n.repeats}
}

func (n *inference) quick() bool { return n.part != nil && n.part.quick }

// unrepeated says that clusters need a randomisation test, which was left out; empty when they do not.
func (c *choice) unrepeated(few string) {
	if few != "" && c.outside == "" {
		c.outside = few
	}
}

// status is that of a metric where the whole, or what is held of a part, decides; else empty.
func (p *part) status(m *experiment.Metric, block *datasets.BlockEvidence) (status, reason string) {
	whole := p.whole[m.Name]
	switch {
	case whole == nil:
		return result.Failed, "nothing is known of the whole experiment"
	case whole.Status == result.NoData || whole.Status == result.Failed || whole.Status == result.NotSupported:
		return whole.Status, "in the whole experiment: " + whole.Reason
	case block.Failed != "":
		return result.NotSupported, "not in this cut: " + block.Failed
	}
	return "", ""
}

// hidden says why a metric's numbers in a part are not shown; empty when they are.
func (n *inference) hidden(block *datasets.BlockEvidence) string {
	if n.part == nil || block == nil || block.Failed != "" {
		return ""
	}
	complete := n.complete(block)
	if block.Clusters != nil {
		complete = n.filled(block.Clusters.Total)
	}
	var few []string
	for v, units := range complete {
		if units < smallestSegment {
			few = append(few, n.Query.Variants[v])
		}
	}
	if len(few) == 0 {
		return ""
	}
	return fmt.Sprintf("fewer than %d %ss of %s are complete; numbers of so few are not shown", smallestSegment, n.counted(), strings.Join(few, " and "))
}

// filled counts the clusters with units, by variant.
func (n *inference) filled(clusters []stats.Moments) []int64 {
	out := make([]int64, len(n.Query.Variants))
	for i := range clusters {
		if clusters[i].N > 0 {
			out[n.evidence.Exposure.Clusters[i].Variant]++
		}
	}
	return out
}

// hide takes the numbers of a row away.
func (n *inference) hide(m *experiment.Metric, row *result.Metric) {
	reason := n.hidden(n.block(m))
	if reason == "" {
		return
	}
	if row.Status == result.OK {
		row.Status, row.Reason = result.NoData, reason
	}
	for i := range row.Variants {
		v := &row.Variants[i]
		v.Value, v.StdError, v.Sum = nil, nil, nil
	}
	h := hypothesis{m, n.alpha[m.Role]}
	for i := range row.Comparisons {
		row.Comparisons[i] = h.empty(row.Comparisons[i].Variant, row.Comparisons[i].Control)
	}
}
