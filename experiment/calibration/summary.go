package calibration

import (
	"slices"

	"liftgate/experiment/result"
)

// metric sums up what happened to a metric.
func (c *campaign) metric(m int) Metric {
	d := &c.study.Definition.Metrics[m]
	out := Metric{Metric: d.Name, Title: d.Title, Type: string(d.Type), Role: string(d.Role), Verdict: NotCalibrated, Comparisons: []Comparison{}}
	if out.Reason = c.metrics[m].reason; out.Reason != "" {
		return out
	}
	for i, t := range c.population.treatments {
		var list []outcome
		for _, s := range c.sheets {
			if s.outcomes[m] != nil {
				list = append(list, s.outcomes[m][i])
			}
		}
		one := c.comparison(m, list)
		one.Variant, one.Control = c.study.Query.Variants[t], c.study.Definition.Control
		out.Comparisons = append(out.Comparisons, one)
		if i == 0 || one.Verdict.serious() > out.Verdict.serious() {
			out.Verdict, out.Reason = one.Verdict, one.Reason
		}
	}
	out.Do = c.do(m, out.Verdict)
	return out
}

// comparison sums up what was said of a treatment and the control.
func (c *campaign) comparison(m int, list []outcome) Comparison {
	trial := c.population.trial
	out := Comparison{Splits: len(list), Methods: []Method{}}
	var judged []outcome
	for _, o := range list {
		switch {
		case o.failed != "":
			out.note(&out.Failed, &out.FailedReason, o.failed)
		case o.outside != "":
			out.note(&out.Outside, &out.OutsideReason, o.outside)
		default:
			judged = append(judged, o)
		}
	}
	alpha := trial.Alpha(m)
	out.FalsePositives = Test{tally(judged, func(o *outcome) bool { return o.rejects }), alpha}
	compared := slices.DeleteFunc(slices.Clone(list), func(o outcome) bool { return o.failed != "" })
	out.Regardless = Test{tally(compared, func(o *outcome) bool { return o.rejects }), alpha}
	out.Coverage = tally(judged, func(o *outcome) bool { return !o.missed })
	out.LiftCoverage = tally(judged, func(o *outcome) bool { return !o.missedBy })
	for _, level := range usual {
		out.Levels = append(out.Levels, Test{tally(judged, func(o *outcome) bool { return o.p < level }), level})
	}
	if c.metrics[m].harm != nil {
		out.FalseNonInferior = &Test{c.falselyPassed(list), alpha / 2}
	}
	out.Methods = methods(judged)
	p := make([]float64, len(judged))
	for i := range judged {
		p[i] = judged[i].p
	}
	out.Uniform = uniform(p)
	out.StdError, out.Spread = spread(judged)
	out.Verdict, out.Reason = c.verdict(m, &out)
	return out
}

// falselyPassed are the splits with a harmed treatment, inside the region of validity, that was called non-inferior.
func (c *campaign) falselyPassed(list []outcome) Rate {
	harmed := slices.DeleteFunc(slices.Clone(list), func(o outcome) bool { return !o.harmed || o.harmOutside })
	return tally(harmed, func(o *outcome) bool { return o.nonInferior })
}

func (k *Comparison) note(count *int, reason *string, why string) {
	if *count++; *reason == "" {
		*reason = why
	}
}

func tally(list []outcome, is func(*outcome) bool) Rate {
	n := 0
	for i := range list {
		if is(&list[i]) {
			n++
		}
	}
	return rateOf(n, len(list))
}

// methods are those that decided, in the order of their names.
func methods(list []outcome) []Method {
	by := map[string][]outcome{}
	var names []string
	for _, o := range list {
		if by[o.method] == nil {
			names = append(names, o.method)
		}
		by[o.method] = append(by[o.method], o)
	}
	slices.Sort(names)
	out := make([]Method, 0, len(names))
	for _, name := range names {
		out = append(out, Method{name, tally(by[name], func(o *outcome) bool { return o.rejects })})
	}
	return out
}

// allowed is the chance of a warning that a check allows itself; ok is false for one that tests nothing.
func (c *campaign) allowed(check string) (alpha float64, ok bool) {
	switch check {
	case "sample_ratio":
		return 0.01, true
	case "pre_period":
		tested := map[int]bool{}
		for _, b := range c.study.Query.Blocks {
			for _, value := range b.Covariates {
				tested[value] = true
			}
		}
		return 0.001 * float64(len(tested)*len(c.population.treatments)), true
	}
	return 0, false
}

// checks counts alarms.
func (c *campaign) checks() []Check {
	type count struct{ warn, fail, of int }
	counts := map[string]*count{}
	names := []string{}
	for _, s := range c.sheets {
		for _, check := range s.checks {
			n := counts[check.check]
			if n == nil {
				n = &count{}
				counts[check.check], names = n, append(names, check.check)
			}
			n.of++
			if check.status != result.Pass {
				n.warn++
			}
			if check.status == result.Fail {
				n.fail++
			}
		}
	}
	out := make([]Check, 0, len(names))
	for _, name := range names {
		n := counts[name]
		check := Check{Check: name, Warn: rateOf(n.warn, n.of), Fail: rateOf(n.fail, n.of)}
		if alpha, tests := c.allowed(name); tests {
			check.Alpha = &alpha
		}
		out = append(out, check)
	}
	return out
}

// scorecard counts false hopes and false alarms of all metrics together.
func (c *campaign) scorecard() Scorecard {
	var better, worse, of int
	for _, s := range c.sheets {
		complete, up, down := c.signals(s)
		if !complete {
			continue
		}
		of++
		if up {
			better++
		}
		if down {
			worse++
		}
	}
	return Scorecard{Better: rateOf(better, of), Worse: rateOf(worse, of), Alpha: c.study.Definition.Decision.Alpha}
}

// signals are the false hope and the false alarm of one split, if everything was asked of it.
func (c *campaign) signals(s *sheet) (complete, better, worse bool) {
	for m := range c.metrics {
		if c.metrics[m].reason != "" {
			continue
		}
		if s.outcomes[m] == nil {
			return false, false, false
		}
		hope, alarm := deciding(c.study.Definition.Metrics[m].Role)
		for _, o := range s.outcomes[m] {
			better = better || hope && o.verdict == result.Better
			worse = worse || alarm && o.verdict == result.Worse
		}
	}
	return true, better, worse
}
