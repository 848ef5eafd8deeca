package analysis

import (
	"fmt"
	"slices"
	"strings"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats/quantile"
)

// metric is the row of one declared metric, whatever became of it.
func (n *inference) metric(m *experiment.Metric) result.Metric {
	row := result.Metric{
		Metric: m.Name, Title: m.Title, Type: string(m.Type), Role: string(m.Role), Tier: string(m.Tier), Stage: string(m.Stage),
		Stakeholders: []string{}, Better: string(m.Better), Status: result.OK,
	}
	for _, s := range m.Stakeholders {
		row.Stakeholders = append(row.Stakeholders, string(s))
	}
	h := hypothesis{m, n.alpha[m.Role]}
	block := n.block(m)
	if block != nil {
		row.Variants = n.rawVariants(m, block)
		row.Incomplete = total(block.Incomplete)
		if m.Cap != nil && block.Failed == "" {
			row.Cap = &result.Cap{Lower: block.CapLower, Upper: block.CapUpper}
		}
		row.Sketch = sketched(block)
	} else {
		row.Variants = n.noVariants()
	}
	row.Status, row.Reason = n.status(m, block)
	for _, t := range n.treatments() {
		c := h.empty(n.Query.Variants[t], n.Definition.Control)
		if block != nil && block.Failed == "" && row.Status != result.NoData {
			n.fillComparison(&c, &row, h, block, t)
		}
		row.Comparisons = append(row.Comparisons, c)
	}
	n.hide(m, &row)
	if row.Status != result.OK {
		for i := range row.Comparisons {
			h.withhold(&row.Comparisons[i])
		}
	}
	if block != nil {
		n.warnAbout(m, block)
	}
	return row
}

// sketched describes the sketches that a metric's quantiles were read off, which are all as coarse; nil of exact ones.
func sketched(block *datasets.BlockEvidence) *result.Sketch {
	at := slices.IndexFunc(block.Quantiles, func(s quantile.Summary) bool { return s.Sketched != nil })
	if at < 0 {
		return nil
	}
	return &result.Sketch{RelativeError: block.Quantiles[at].Sketched.Error}
}

func (n *inference) block(m *experiment.Metric) *datasets.BlockEvidence {
	i, ok := n.blocks[m.Name]
	if !ok {
		return nil
	}
	return &n.evidence.Blocks[i]
}

// asked is the block that the query has for a metric which is supported.
func (n *inference) asked(m *experiment.Metric) *datasets.Block {
	return &n.Query.Blocks[n.blocks[m.Name]]
}

// status says whether a metric's evidence can carry a verdict.
func (n *inference) status(m *experiment.Metric, block *datasets.BlockEvidence) (status, reason string) {
	if block == nil {
		return result.NotSupported, unsupported(n.Definition, m)
	}
	if n.part != nil {
		if status, reason := n.part.status(m, block); status != "" {
			return status, reason
		}
	}
	if block.Failed != "" {
		return result.Failed, block.Failed
	}
	if reason := n.silence(m, block); reason != "" {
		return result.NoData, reason
	}
	incomplete := total(block.Incomplete)
	if incomplete == 0 {
		return result.OK, ""
	}
	complete := total(n.complete(block))
	closes := n.evidence.Exposure.Last.Add(n.longest(func(i int) bool { return slices.Contains(n.asked(m).Parts, i) }))
	switch {
	case complete == 0:
		return result.Immature, fmt.Sprintf("no %s's window has closed yet; the last one closes at %s", n.analysisUnit(), moment(closes))
	case n.decisionDate() == nil && m.Role.Deciding():
		return result.Immature, fmt.Sprintf("the windows of %s of %s are still open, the last until %s",
			result.Count(incomplete), many(incomplete+complete, n.analysisUnit()), moment(closes))
	}
	return result.OK, ""
}

// longest is when the windows of the chosen values of the query close, relative to exposure.
func (n *inference) longest(chosen func(value int) bool) datasets.Span {
	to := n.spanned(chosen)[1]
	if n.part != nil && n.part.age > 0 {
		to = min(to, datasets.Span(n.part.age)*datasets.Day)
	}
	return to
}

// fillComparison computes one treatment's comparison. A contrast that cannot be made fails the metric, not the analysis.
func (n *inference) fillComparison(c *result.Comparison, row *result.Metric, h hypothesis, block *datasets.BlockEvidence, t int) {
	all := n.sample(h.metric, block)
	main, err := n.choose(h, all, t)
	if err != nil {
		if row.Status == result.OK {
			row.Status, row.Reason = result.Failed, failure(c.Variant, err)
		}
		return
	}
	filled := h.judge(main)
	filled.Variant, filled.Control = c.Variant, c.Control
	for _, other := range n.others(h.metric, block) {
		s := sensitivity(other.name, h.empty("", ""))
		if again, err := n.choose(h, other.sample, t); err == nil {
			s = sensitivity(other.name, h.judge(again))
		}
		filled.Sensitivity = append(filled.Sensitivity, s)
	}
	if s := h.exact(main, all, t, n.control()); s != nil {
		filled.Sensitivity = append(filled.Sensitivity, *s)
	}
	if row.Status == result.OK && h.onLift() && filled.BelowZero() {
		row.Status, row.Reason = result.Failed, "the control's level is negative, where a relative margin has no harmful side: declare an absolute margin"
	}
	*c = filled
}

func (n *inference) noVariants() []result.Variant {
	out := make([]result.Variant, len(n.Query.Variants))
	for i, name := range n.Query.Variants {
		out[i].Variant = name
	}
	return out
}

// warnAbout says what limits a metric without failing it.
func (n *inference) warnAbout(m *experiment.Metric, block *datasets.BlockEvidence) {
	if dropped := total(block.Null); dropped > 0 {
		n.warn("%s: %s without a value left out; where the treatment changes who has one, the comparison is biased (selection after treatment)",
			m.Name, many(dropped, n.analysisUnit()))
	}
	if s := n.sample(m, block); s.without > 0 {
		n.warn("%s: %s with a denominator of zero, hence no ratio, left out; where the treatment changes which, the comparison is biased",
			m.Name, many(int64(s.without), n.counted()))
	}
	if n.part != nil { // what follows is not known of a part
		return
	}
	if m.Cap != nil && block.Failed == "" {
		n.warnAboutCap(m, block)
	}
	for _, i := range n.asked(m).Parts {
		if v := n.evidence.Values[i]; v.NullCells > 0 {
			n.warn("%s: %s without a value skipped", v.Name, many(v.NullCells, "matching row"))
		}
	}
}

func (n *inference) warnAboutCap(m *experiment.Metric, block *datasets.BlockEvidence) {
	var trouble []string
	if block.CapUpper != nil && *block.CapUpper == 0 {
		trouble = append(trouble, "its upper limit is 0")
	}
	if block.Capped < 10 {
		trouble = append(trouble, fmt.Sprintf("it touches %s, fewer than 10, so it is at the mercy of single values", many(block.Capped, n.analysisUnit())))
	}
	if float64(block.Capped) > 0.01*float64(block.Positive) {
		trouble = append(trouble, fmt.Sprintf("it touches %s, more than 1%% of the %s with a positive value, so it hides part of the effect",
			many(block.Capped, n.analysisUnit()), result.Count(block.Positive)))
	}
	if len(trouble) > 0 {
		n.warn("%s: look at the cap: %s", m.Name, strings.Join(trouble, "; "))
	}
}

func total(counts []int64) int64 {
	var sum int64
	for _, c := range counts {
		sum += c
	}
	return sum
}
