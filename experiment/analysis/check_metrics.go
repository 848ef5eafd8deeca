package analysis

import (
	"fmt"

	"liftgate/experiment/result"
)

// outlier looks for verdicts that hang on the largest 0.1% of units.
func (n *inference) outlier(metrics []result.Metric) result.Check {
	w := worst{check: result.Check{Check: "outlier"}}
	for i := range metrics {
		row, m := &metrics[i], &n.Definition.Metrics[i]
		block := n.block(m)
		if block == nil || block.WithoutTop == nil || row.Status != result.OK {
			continue
		}
		h := hypothesis{m, n.alpha[m.Role]}
		for j, t := range n.treatments() {
			shown := row.Comparisons[j]
			c, err := n.choose(h, n.withoutTop(m, block), t)
			if err != nil || shown.Outside != "" {
				continue
			}
			again := h.judge(c)
			status, finding := result.Pass, ""
			if again.Verdict != shown.Verdict {
				status = result.Warn
				finding = fmt.Sprintf("%s (%s) is %s, but %s without the 0.1%% of units above %.4g", m.Name, shown.Variant, words(shown.Verdict), words(again.Verdict), block.Top)
			}
			w.note(status, nil, nil, finding)
		}
	}
	return w.done("No verdict hangs on the largest 0.1% of units.", "A few large units decide: look at them, and consider a cap declared in advance.")
}

// words prints a verdict for a sentence.
func words(verdict string) string {
	switch verdict {
	case result.NonInferior:
		return "non-inferior"
	case result.NotProven:
		return "not proven"
	default:
		return verdict
	}
}

// maturity reports how many units' windows have closed, over the metrics that decide.
func (n *inference) maturity(metrics []result.Metric) result.Check {
	w := worst{check: result.Check{Check: "maturity"}}
	for i := range metrics {
		m := &n.Definition.Metrics[i]
		block := n.block(m)
		if block == nil || !m.Role.Deciding() || n.part != nil && block.Failed != "" {
			continue
		}
		open := total(block.Incomplete)
		all := total(n.analysed())
		share := 1 - float64(open)/float64(all)
		status, finding := result.Pass, ""
		if open > 0 {
			status, finding = result.Warn, fmt.Sprintf("%s: %s of units have a closed window", m.Name, percent(share))
		}
		w.note(status, nil, number(share), finding)
	}
	return w.done("Every unit's window has closed, for every metric that decides.", "Estimates use closed windows only; wait for the rest before deciding.")
}
