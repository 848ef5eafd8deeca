package analysis

import (
	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// Options of an analysis.
type Options struct {
	AsOf *datasets.Instant // nil: the earliest complete_through of the sources that metrics use
	// Views asks for evidence of every cell of the segments, day and age, too.
	Views bool
	// Unchecked is for [Reopen]: what [Study.Unchecked] said.
	Unchecked string
}

// Study is a definition bound to a source: the query that it asks, and how the answer becomes a result.
type Study struct {
	Definition *experiment.Definition
	Query      datasets.Query

	blocks    map[string]int     // by metric: index into Query.Blocks, absent for metrics that are not supported
	record    *assignment.Record // what the design decided; nil without one
	unchecked string             // why eligibility cannot be recomputed; empty when it can, or there is no condition
}

// Unchecked says why the condition for taking part cannot be computed again from what was logged; empty when it can, or there is none.
func (s *Study) Unchecked() string { return s.unchecked }

// control is the index of the control in the definition's variants.
func (s *Study) control() int {
	for i, v := range s.Definition.Variants {
		if v.Name == s.Definition.Control {
			return i
		}
	}
	return 0
}

// treatments are the indexes of the other variants.
func (s *Study) treatments() []int {
	var out []int
	for i, v := range s.Definition.Variants {
		if v.Name != s.Definition.Control {
			out = append(out, i)
		}
	}
	return out
}

// unsupported says why a metric cannot be analysed yet, or nothing.
func unsupported(d *experiment.Definition, m *experiment.Metric) string {
	switch {
	case d.Trigger != nil:
		return "triggers are not supported yet"
	case d.Monitoring.Method != "fixed":
		return d.Monitoring.Method + " monitoring is not supported yet: at a fixed level, repeated looks would raise the false-positive rate"
	}
	switch m.Type {
	case experiment.Proportion, experiment.Mean, experiment.Ratio, experiment.Quantile:
		return ""
	case experiment.DelayedRate:
		return "delayed outcomes are not supported yet"
	case experiment.DifferenceRatio:
		return unsupportedRatio(d, m)
	default:
		return string(m.Type) + " metrics are not supported yet"
	}
}

// unsupportedRatio says where a ratio of two differences cannot be judged.
func unsupportedRatio(d *experiment.Definition, m *experiment.Metric) string {
	switch {
	case d.Unit == experiment.Merchant:
		return "ratios of differences are not supported yet where merchants are randomised"
	case m.Role == experiment.Guardrail:
		return "ratios of differences are not supported yet as guardrails: a margin of one has no harmful side while the second difference may have either sign"
	}
	return ""
}
