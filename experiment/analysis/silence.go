package analysis

import (
	"fmt"
	"math"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/stats"
)

// The bounds of "too small". A baseline is an estimate and a treatment may really lower a risk, so significance alone does not make
// a feed dead: the count must also be far below what was expected.
const (
	silenceAlpha  = 0.001
	belowBaseline = 0.5 // of what the baseline or the pre-period predicts
	belowOthers   = 0.1 // of a variant's share of all rows
)

// silence says why the zeros of a risk metric may mean a dead feed rather than safety, or nothing.
func (n *inference) silence(m *experiment.Metric, block *datasets.BlockEvidence) string {
	if !m.Role.Risk() || n.part != nil && total(n.complete(block)) == 0 {
		return ""
	}
	for part, name := range partNames(m) {
		counts := n.counts(m, block, part)
		if sum(counts) == 0 {
			return fmt.Sprintf("no %s in any variant: zero means safe only while the feed is alive", name)
		}
		if reason := n.againstOthers(m, block, part, counts); reason != "" {
			return reason
		}
	}
	if reason := n.againstBaseline(m, block); reason != "" {
		return reason
	}
	if !n.seesRows() {
		return ""
	}
	if reason := n.againstPrePeriod(m, block); reason != "" {
		return reason
	}
	return n.silentTail(m, block)
}

func partNames(m *experiment.Metric) []string {
	if m.Numerator != nil {
		return []string{"rows of the numerator", "rows of the denominator"}
	}
	return []string{"matching rows"}
}

// seesRows reports whether the evidence says when rows came and to whom: not in a unit table, and not of a part of the experiment.
func (n *inference) seesRows() bool { return n.Query.Exposures != nil && n.part == nil }

// counts are the rows behind a part of a metric by variant; where they are not seen, the part's total.
func (n *inference) counts(m *experiment.Metric, block *datasets.BlockEvidence, part int) []float64 {
	out := make([]float64, len(n.Query.Variants))
	value := &n.evidence.Values[n.asked(m).Parts[part]]
	for v := range out {
		switch {
		case n.seesRows():
			out[v] = float64(value.Activity[v].Rows())
		case block.Quantiles != nil:
			out[v] = float64(block.Quantiles[v].Rows)
		case block.Total[v].N > 0:
			out[v] = math.Abs(block.Total[v].Sum(part))
		}
	}
	return out
}

// againstOthers compares a variant's count with the share of all that its units should have.
func (n *inference) againstOthers(m *experiment.Metric, block *datasets.BlockEvidence, part int, counts []float64) string {
	units, all, dispersion := n.analysed(), sum(counts), n.spread(m, block, part)
	if n.part != nil { // only the values of complete units are held, and a few large ones are no feed
		if !n.counting(m, part) {
			return ""
		}
		units = n.complete(block)
	}
	for v, count := range counts {
		expected := all * float64(units[v]) / float64(total(units))
		if tooSmall(count, expected, belowOthers, dispersion) {
			return fmt.Sprintf("%s has %.0f %s where its share of all would be %.0f: its feed looks dead", n.Query.Variants[v], count, partNames(m)[part], expected)
		}
	}
	return ""
}

// againstBaseline compares counts of complete units with the declared level, where the metric counts something.
func (n *inference) againstBaseline(m *experiment.Metric, block *datasets.BlockEvidence) string {
	if m.Baseline == nil || m.Weight != "" || !n.counting(m, 0) { // with equal weights the level is not that of all rows
		return ""
	}
	dispersion := n.spread(m, block, 0)
	var all, allExpected float64
	for v := range block.Total {
		mm := &block.Total[v]
		if mm.N == 0 {
			continue
		}
		count, expected := mm.Sum(0), *m.Baseline*float64(mm.N)
		if m.Type == experiment.Ratio {
			expected = *m.Baseline * mm.Sum(1)
		}
		if tooSmall(count, expected, belowBaseline, dispersion) {
			return fmt.Sprintf("%s has %.0f where the baseline predicts %.0f: its feed looks dead", n.Query.Variants[v], count, expected)
		}
		all, allExpected = all+count, allExpected+expected
	}
	if tooSmall(all, allExpected, belowBaseline, dispersion) {
		return fmt.Sprintf("all variants together have %.0f where the baseline predicts %.0f: the feed looks dead", all, allExpected)
	}
	return ""
}

// counting reports whether the total of a part of a metric is a count.
func (n *inference) counting(m *experiment.Metric, part int) bool {
	return m.Type == experiment.Proportion || m.Type != experiment.Quantile && countable(&n.Query.Values[n.asked(m).Parts[part]])
}

// countable reports whether a value counts rows or units, so that its total can be Poisson.
func countable(v *datasets.Value) bool {
	return v.Take == datasets.Count || v.Take == datasets.Any || v.Take == datasets.Distinct
}

// againstPrePeriod compares a metric's rows with those of the same value before exposure, where it has such a covariate.
func (n *inference) againstPrePeriod(m *experiment.Metric, block *datasets.BlockEvidence) string {
	asked := n.asked(m)
	post := asked.Parts[0]
	for _, c := range asked.Covariates {
		if !sameRows(&n.Query.Values[c], &n.Query.Values[post]) {
			continue
		}
		for v := range n.Query.Variants {
			pre := float64(n.evidence.Values[c].Activity[v].Rows())
			before := n.unitTime(v, n.Query.Values[c].Window)
			after := n.unitTime(v, n.Query.Values[post].Window)
			count := float64(n.evidence.Values[post].Activity[v].Rows())
			if expected := pre / before * after; before > 0 && tooSmall(count, expected, belowBaseline, n.spread(m, block, 0)) {
				return fmt.Sprintf("%s has %.0f matching rows where the time before exposure predicts %.0f: its feed looks dead", n.Query.Variants[v], count, expected)
			}
		}
	}
	return ""
}

// sameRows reports whether two values select the same rows, windows aside.
func sameRows(a, b *datasets.Value) bool {
	return a.Table == b.Table && a.Take == b.Take && a.Where.String() == b.Where.String()
}

// silentTail finds a feed that stopped before the end. The level is split over all such tests of an analysis.
func (n *inference) silentTail(m *experiment.Metric, block *datasets.BlockEvidence) string {
	alpha := silenceAlpha / float64(n.riskFeeds())
	for part, index := range n.asked(m).Parts {
		value := &n.evidence.Values[index]
		dispersion := n.burstsOf(m, block, part)
		for v, name := range n.Query.Variants {
			t := n.tailOf(v, &value.Activity[v], n.Query.Values[index].Window)
			if p, dead := t.dead(alpha, dispersion); dead {
				return fmt.Sprintf("%s has no matching row in the last %s, after %d before (p %.1g): its feed looks dead", name, days(t.silent), t.rows, p)
			}
		}
	}
	return ""
}

// riskFeeds counts the feeds that silentTail tests: one for each part of a risk metric and variant.
func (n *inference) riskFeeds() int {
	feeds := 0
	for i := range n.Definition.Metrics {
		if m := &n.Definition.Metrics[i]; m.Role.Risk() && n.block(m) != nil {
			feeds += len(m.Values()) * len(n.Query.Variants)
		}
	}
	return feeds
}

// tooSmall reports whether a count is far below what was expected and chance would not do that; quasi-Poisson: the dispersion is how many
// rows count as one.
func tooSmall(count, expected, factor, dispersion float64) bool {
	return count < factor*expected && stats.PoissonCDF(int64(math.Round(count/dispersion)), expected/dispersion) < silenceAlpha
}

func sum(xs []float64) float64 {
	var s float64
	for _, x := range xs {
		s += x
	}
	return s
}
