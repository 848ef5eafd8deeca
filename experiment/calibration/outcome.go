package calibration

import (
	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
	"liftgate/stats"
)

// outcome is what was said of one comparison in one split.
type outcome struct {
	tried    bool
	failed   string // why there is no comparison
	outside  string // why it is outside the region of validity
	method   string
	verdict  string
	p        float64 // against no difference
	estimate float64
	stdError float64
	rejects  bool // p < alpha
	missed   bool // the interval of the difference lies off zero
	missedBy bool // that of the lift does

	harmed      bool // the treatment was made as bad as the margin
	harmOutside bool
	nonInferior bool // and called non-inferior
}

// sheet is all that was said of one split.
type sheet struct {
	outcomes [][]outcome // by metric and treatment
	checks   []alarm
}

// alarm is what a check of the experiment said.
type alarm struct{ check, status string }

// judge asks for everything about one split. Metrics that are not asked for are left out.
func (c *campaign) judge(split int, asked []bool, checks bool) (*sheet, error) {
	ev, err := c.dealer.evidence(split)
	if err != nil {
		return nil, err
	}
	trial, err := c.study.NewTrial(ev)
	if err != nil {
		return nil, err
	}
	s := &sheet{outcomes: make([][]outcome, len(c.metrics))}
	rows := make([]result.Metric, len(c.metrics))
	for m := range c.metrics {
		rows[m].Status = result.NotSupported
		if !asked[m] {
			continue
		}
		rows[m].Status = result.OK
		for _, t := range c.population.treatments {
			o, row := compare(trial, m, t)
			if o.failed != "" {
				rows[m].Status = result.Failed
			} else if h := c.metrics[m].harm; h != nil {
				o.harmedBy(c, trial, ev, m, t, split)
			}
			s.outcomes[m] = append(s.outcomes[m], o)
			rows[m].Comparisons = append(rows[m].Comparisons, row)
		}
	}
	if checks {
		for _, check := range trial.Checks(rows) {
			s.checks = append(s.checks, alarm{check.Check, check.Status})
		}
	}
	return s, nil
}

// compare makes one comparison.
func compare(trial *analysis.Trial, metric, treatment int) (outcome, result.Comparison) {
	contrast, row, err := trial.Compare(metric, treatment)
	if err != nil {
		return outcome{tried: true, failed: err.Error()}, row
	}
	o := outcome{tried: true, outside: row.Outside, method: row.Method, verdict: row.Verdict, p: contrast.PDifference(0)}
	o.rejects = o.p < row.Alpha
	d := row.Difference
	o.missed = d.Lower != nil && *d.Lower > 0 || d.Upper != nil && *d.Upper < 0
	if d.Estimate != nil {
		o.estimate = *d.Estimate
	}
	if d.StdError != nil {
		o.stdError = *d.StdError
	}
	switch l := row.Lift; {
	case l == nil: // nothing to be missed
	case l.Shape == string(stats.Bounded):
		o.missedBy = l.Lower != nil && *l.Lower > 0 || l.Upper != nil && *l.Upper < 0
	default:
		o.missedBy = contrast.PLift(0) < row.Alpha
	}
	return o, row
}

// harmedBy makes the treatment as bad as the margin and asks once more.
func (o *outcome) harmedBy(c *campaign, trial *analysis.Trial, ev *datasets.Evidence, metric, treatment, split int) {
	b := c.metrics[metric].block
	fair := ev.Blocks[b]
	defer func() { ev.Blocks[b] = fair }()
	source := chance(c.options.Seed, split, harmUnits, metric*len(ev.Variants)+treatment)
	ev.Blocks[b] = c.metrics[metric].harm.block(fair, &ev.Exposure, treatment, source)
	_, row, err := trial.Compare(metric, treatment)
	if err != nil {
		return
	}
	o.harmed, o.harmOutside, o.nonInferior = true, row.Outside != "", row.Verdict == result.NonInferior
}

// repeats reports whether the assignment was repeated to decide, which takes long.
func (s *sheet) repeats(metric int) bool {
	for _, o := range s.outcomes[metric] {
		if o.method == "randomisation" {
			return true
		}
	}
	return false
}

// deciding reports whether the verdict of a role can raise a false hope, or a false alarm.
func deciding(r experiment.Role) (hope, alarm bool) {
	return r == experiment.Success, r == experiment.Success || r == experiment.Deterioration || r == experiment.Quality
}
