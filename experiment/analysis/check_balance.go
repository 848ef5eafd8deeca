package analysis

import (
	"fmt"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
)

func (n *inference) hasCovariates() bool {
	for _, b := range n.Query.Blocks {
		if len(b.Covariates) > 0 {
			return true
		}
	}
	return false
}

// prePeriod tests whether variants were alike before exposure.
func (n *inference) prePeriod() result.Check {
	w := worst{check: result.Check{Check: "pre_period"}}
	seen := map[int]bool{}
	for b, block := range n.Query.Blocks {
		ev := &n.evidence.Blocks[b]
		for i, value := range block.Covariates {
			if seen[value] || ev.Failed != "" {
				continue
			}
			seen[value] = true
			for _, t := range n.treatments() {
				n.comparePrePeriod(&w, n.Query.Values[value].Name, ev, len(block.Parts)+i, t)
			}
		}
	}
	return w.done("Variants were alike before exposure.",
		"Randomisation or logging may be broken, or units were exposed because of the treatment. Covariate adjustment takes part of it out; look for the cause.")
}

func (n *inference) comparePrePeriod(w *worst, name string, ev *datasets.BlockEvidence, component, treatment int) {
	s := &sample{kind: experiment.Mean, variants: only(ev.Total, component)}
	if ev.Clusters != nil {
		own := only(ev.Clusters.Total, component)
		s.clusters, s.listed = n.byVariant(own), n.listed(own)
	}
	test, err := n.choose(hypothesis{metric: &experiment.Metric{Name: name}}, s, treatment)
	if err != nil {
		return
	}
	p := test.PDifference(0)
	if p >= checkFails {
		w.note(result.Pass, number(p), nil, "")
		return
	}
	w.note(result.Warn, number(p), nil, fmt.Sprintf("%s already differed between %s and control before exposure (%.4g against %.4g)",
		name, n.Query.Variants[treatment], s.variants[treatment].Means[0], s.variants[n.control()].Means[0]))
}

// only are the moments of one component.
func only(ms []stats.Moments, i int) []stats.Moments {
	out := make([]stats.Moments, len(ms))
	for k := range ms {
		if m := &ms[k]; m.Dim() > i {
			// A single unit has no spread, and Cov is 0.
			out[k] = stats.Moments{N: m.N, Means: []float64{m.Means[i]}, Cross: []float64{m.Cov(i, i) * float64(m.N-1)}}
		}
	}
	return out
}

// exposureTiming tests whether variants were exposed on the same days.
func (n *inference) exposureTiming() result.Check {
	c := result.Check{Check: "exposure_timing", Status: result.Pass, Detail: "Variants were exposed on the same days."}
	rows := make([][]int64, len(n.Query.Variants))
	for _, d := range n.exposureDays() {
		for v := range rows {
			rows[v] = append(rows[v], d.Units[v])
		}
	}
	test, err := stats.Homogeneity(rows)
	if err != nil {
		c.Detail = "Too few days or units to compare when variants were exposed."
		return c
	}
	c.PValue, c.Statistic = number(test.PValue), number(test.Statistic)
	if test.PValue < checkFails {
		c.Status = result.Warn
		c.Detail = "Variants were exposed on different days, so calendar effects can pass for treatment effects: check whether weights or targeting changed while the experiment ran."
	}
	return c
}

// wholeWeeks looks at how long units enrolled: weekdays differ, so part of a week weighs some of them more.
func (n *inference) wholeWeeks() result.Check {
	c := result.Check{Check: "whole_weeks", Status: result.Pass}
	e := &n.evidence.Exposure
	if e.First == nil || e.Last == nil {
		c.Detail = "Nobody was exposed."
		return c
	}
	from, to := *e.First, *e.Last
	if s := n.Definition.Schedule; s.Start != nil && s.End != nil {
		from, to = *s.Start, *s.End-1
		if n.evidence.AsOf != nil {
			to = min(to, *n.evidence.AsOf-1)
		}
	}
	enrolment := n.onTheWall(to).Sub(n.onTheWall(from)).Days() + 1
	c.Statistic = number(float64(enrolment))
	c.Detail = fmt.Sprintf("Units enrolled on %d days, whole weeks.", enrolment)
	if enrolment%7 != 0 {
		c.Status = result.Warn
		c.Detail = fmt.Sprintf("Units enrolled on %d days, which are not whole weeks: some weekdays count more than others. Plan enrolment in whole weeks.", enrolment)
	}
	return c
}

// onTheWall is what clocks of the schedule's timezone show, as if it were UTC: a week in which they change is a week all the same.
func (n *inference) onTheWall(i datasets.Instant) datasets.Instant {
	_, offset := i.Time().In(n.location()).Zone()
	return i.Add(datasets.Span(offset) * datasets.Hour / 3600)
}
