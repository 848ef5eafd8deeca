package planning

import (
	"fmt"

	"liftgate/experiment"
)

// problems are what metrics lack, each at its place in the definition.
func (p *planner) problems() experiment.Problems {
	var out experiment.Problems
	fail := func(path, suggestion, format string, args ...any) {
		problem := p.definition.ProblemAt(path, 0, fmt.Sprintf(format, args...))
		problem.Suggestion = suggestion
		out = append(out, problem)
	}
	if p.definition.Unit == experiment.Merchant && (p.basis.Merchants == 0 || p.basis.UnitsPerDay == 0) {
		fail("unit", "give --merchants N and --units-per-day N", "where merchants are randomised, a plan needs their number and how many shoppers they bring a day")
	}
	sized := false
	for i := range p.definition.Metrics {
		m := &p.definition.Metrics[i]
		if !m.Role.Deciding() {
			continue
		}
		sized = sized || m.Role == experiment.Success && m.MDE != nil
		known, ok := p.basis.known(m)
		switch {
		case !sizable(m):
		case !ok:
			fail(m.Path, baselineSuggestion(m), "metric %s has no baseline: a plan needs its level%s", m.Name, spread(m))
		case p.definition.Unit == experiment.Merchant && known.ICC == nil:
			fail(m.Path, "give --icc 0.02", "metric %s: a plan needs the correlation of shoppers of one merchant", m.Name)
		}
		if m.Role == experiment.Guardrail && m.Margin == nil {
			fail(m.Path, "add margin: 0.5pp (or 1% for a relative one)", "guardrail %s has no margin, so it can never pass", m.Name)
		}
	}
	for i := range p.definition.Metrics {
		if m := &p.definition.Metrics[i]; m.Role == experiment.Success && !sized {
			fail(m.Path, "add mde: 1%", "metric %s has no mde: a plan needs the smallest lift worth finding of at least one success metric", m.Name)
		}
	}
	return out
}

// sizable reports whether there is a formula for the metric's size.
func sizable(m *experiment.Metric) bool { return m.Type != experiment.DifferenceRatio }

func spread(m *experiment.Metric) string {
	switch m.Type {
	case experiment.Proportion:
		return ""
	case experiment.DelayedRate:
		return " and the orders a unit has"
	default:
		return " and the standard deviation of one unit"
	}
}

func baselineSuggestion(m *experiment.Metric) string {
	switch m.Type {
	case experiment.Proportion:
		return fmt.Sprintf("add baseline: 30%%, or give --baseline %s=30%%", m.Name)
	case experiment.DelayedRate:
		return fmt.Sprintf("give --baseline %s=0.1%%,1.5: the rate, and how many orders a unit has", m.Name)
	default:
		return fmt.Sprintf("give --baseline %s=LEVEL,SD, or data from before the exposure", m.Name)
	}
}
