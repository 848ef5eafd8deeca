package analysis

import (
	"fmt"
	"strings"

	"liftgate/datasets"
	"liftgate/experiment/result"
)

// The significance levels of checks, DESIGN section on checks.
const (
	checkFails = 0.001
	checkWarns = 0.01
)

// checks are all that apply to the layout of the data, in a fixed order: blocking ones first.
func (n *inference) checks(metrics []result.Metric) []result.Check {
	var out []result.Check
	for _, c := range n.applicable(metrics) {
		out = append(out, c.run())
	}
	return out
}

// applicable is a check that has not been run.
type applicable struct {
	name string
	run  func() result.Check
}

func (n *inference) applicable(metrics []result.Metric) []applicable {
	out := []applicable{{"sample_ratio", n.sampleRatio}}
	add := func(applies bool, name string, run func() result.Check) {
		if applies {
			out = append(out, applicable{name, run})
		}
	}
	logged, counted := n.Query.Exposures != nil, len(n.evidence.Blocks) > 0
	add(logged, "crossover", n.crossover)
	add(n.Query.Plan != nil || n.Query.Roster != nil, "assignment", n.assignment)
	add(len(n.evidence.Events) > 0, "data_freshness", n.freshness)
	add(len(n.evidence.Events) > 0, "join_rate", n.joinRate)
	add(len(n.evidence.Exposure.Attributes) > 0, "sample_ratio_by_segment", n.sampleRatioBySegment)
	add(n.Query.Clustered, "clusters", n.clusterCheck)
	add(n.hasCovariates(), "pre_period", n.prePeriod)
	add(logged, "exposure_timing", n.exposureTiming)
	add(logged, "whole_weeks", n.wholeWeeks)
	add(counted, "outlier", func() result.Check { return n.outlier(metrics) })
	add(counted && logged, "maturity", func() result.Check { return n.maturity(metrics) })
	return out
}

// worst keeps the most serious of several findings under one check.
type worst struct {
	check    result.Check
	findings []string
}

// note takes in a finding; a pass leaves no trace but its numbers, when nothing more serious is there.
func (w *worst) note(status string, p, statistic *float64, finding string) {
	rank := map[string]int{"": -1, result.Pass: 0, result.Warn: 1, result.Fail: 2}
	if finding != "" {
		w.findings = append(w.findings, finding)
	}
	old, new := rank[w.check.Status], rank[status]
	if new > old || (new == old && p != nil && (w.check.PValue == nil || *p < *w.check.PValue)) {
		w.check.Status, w.check.PValue, w.check.Statistic = status, p, statistic
	}
}

// done finishes the check: with its findings and what to do about them, or with what a pass means.
func (w *worst) done(pass, do string) result.Check {
	w.check.Detail = pass
	if w.check.Status == "" {
		w.check.Status = result.Pass
	}
	if len(w.findings) > 0 {
		w.check.Detail = strings.Join(w.findings, "; ") + ". " + do
	}
	return w.check
}

func statusOf(p float64) string {
	switch {
	case p < checkFails:
		return result.Fail
	case p < checkWarns:
		return result.Warn
	default:
		return result.Pass
	}
}

// moment prints a time for a reader.
func moment(i datasets.Instant) string { return result.Moment(i.String()) }

// days prints a span for a reader.
func days(s datasets.Span) string {
	return fmt.Sprintf("%.3g days", float64(s)/float64(datasets.Day))
}

func percent(share float64) string { return fmt.Sprintf("%.3g%%", 100*share) }
