package planning

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/power"
)

// question is what a metric's test is to show, as package power sees it.
type question struct {
	metric     power.Metric
	hypothesis power.Hypothesis
	design     power.Design
	alpha      float64 // of the interval; the design's is that of one look where many are taken
}

// fewMerchants is below which the variance between merchants is known too badly for the normal distribution.
const fewMerchants = 40

func (p *planner) ask(m *experiment.Metric) (question, error) {
	b, _ := p.basis.known(m)
	q := question{metric: power.Metric{Level: b.Level, Variance: b.SD * b.SD}, design: p.design(m)}
	q.alpha = q.design.Alpha
	switch m.Type {
	case experiment.Proportion:
		q.metric = power.Proportion(b.Level, power.Score)
	case experiment.DelayedRate:
		q.metric.Variance = b.Level * (1 - b.Level) / b.SD
	}
	if p.definition.Unit == experiment.Merchant && b.ICC != nil {
		q.metric.Clusters = power.Clusters{Size: 1, CV: p.basis.MerchantCV, ICC: *b.ICC}
		q.design.Student = p.basis.Merchants < fewMerchants
	}
	q.hypothesis.LowerIsBetter = m.Better == experiment.Lower
	switch {
	case m.Role == experiment.Guardrail:
		q.hypothesis.Margin, q.hypothesis.Relative = m.Margin.Value, m.Margin.Relative
		return q, p.look(&q)
	case m.Role != experiment.Success:
		q.hypothesis.LowerIsBetter = !q.hypothesis.LowerIsBetter // it is the harm that is to be found
	}
	q.hypothesis.Relative = true
	if m.MDE != nil {
		q.hypothesis.Effect = *m.MDE
	}
	if q.hypothesis.LowerIsBetter {
		q.hypothesis.Effect *= -1
	}
	return q, p.look(&q)
}

// design is the test at its share of the error rate.
func (p *planner) design(m *experiment.Metric) power.Design {
	d := power.Design{Alpha: p.errors.Deterioration, Power: 1 - p.errors.Beta, Sides: 2, Ratio: p.least / p.control}
	switch m.Role {
	case experiment.Success:
		d.Alpha = p.errors.Success
	case experiment.Guardrail:
		d.Alpha = p.errors.Guardrail
	}
	return d
}

// size is the number of units of all variants together at which the question is answered with its power. Merchants grow with the
// days, so theirs is found day by day.
func (p *planner) size(q question) (units float64, warnings []string, err error) {
	if p.definition.Unit != experiment.Merchant {
		size, err := q.design.Size(q.metric, q.hypothesis)
		return size.Control / p.control, size.Warnings, err
	}
	const longest = 3650 // days
	var failed error
	days := sort.Search(longest, func(day int) bool {
		chance, err := p.powerAt(q, float64(day+1)*p.basis.UnitsPerDay)
		failed = cmp.Or(failed, err)
		return chance >= q.design.Power
	})
	switch {
	case failed != nil:
		return 0, nil, failed
	case days == longest:
		return 0, nil, fmt.Errorf("%w: %s merchants do not tell enough, however long they take part%s", stats.ErrTooFew, count(p.basis.Merchants), p.more(q))
	}
	return float64(days+1) * p.basis.UnitsPerDay, nil, nil
}

// more says how many merchants of the same size would do within the schedule.
func (p *planner) more(q question) string {
	open := schedule(p.definition)
	if open == nil {
		return ""
	}
	metric := p.grown(q, *open*p.basis.UnitsPerDay)
	size, err := q.design.Size(metric, q.hypothesis)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("; over %s it takes about %s of them", days(*open), count(size.Control/p.control/metric.Clusters.Size))
}

// powerAt is the power with so many units in all variants together.
func (p *planner) powerAt(q question, units float64) (float64, error) {
	return q.design.PowerAt(p.grown(q, units), q.hypothesis, units*p.control)
}

// grown is the metric when its merchants have so many units.
func (p *planner) grown(q question, units float64) power.Metric {
	if p.definition.Unit == experiment.Merchant {
		q.metric.Clusters.Size = max(units/p.basis.Merchants, 1)
	}
	return q.metric
}

// noMDE is why a metric that is to be found better or worse has no size.
const noMDE = "no mde"

func (p *planner) row(m *experiment.Metric) (Row, error) {
	q, err := p.ask(m)
	if err != nil {
		return Row{}, err
	}
	b, _ := p.basis.known(m)
	row := Row{
		Metric: m.Name, Title: m.Title, Role: string(m.Role), Test: result.Superiority, Better: string(m.Better),
		Baseline: b.Level, SD: b.SD, Source: b.Source, Alpha: q.alpha, Power: q.design.Power, share: isShare(m, b),
	}
	if p.definition.Unit == experiment.Merchant {
		row.ICC = b.ICC
	}
	switch {
	case !sizable(m):
		row.Reason = "a ratio of two differences has no formula for its size: plan it by simulation"
		return row, nil
	case m.Role == experiment.Guardrail:
		row.Test, row.Effect = result.NonInferiority, &Effect{m.Margin.Value, scaleOf(m.Margin.Relative)}
	case m.MDE != nil:
		row.Effect = &Effect{q.hypothesis.Effect, result.OnLift}
	default:
		row.Reason = noMDE
		return row, nil
	}
	units, warnings, err := p.size(q)
	if noAnswer(err) {
		row.Reason = plain(err)
		return row, nil
	}
	if err != nil {
		return Row{}, err
	}
	row.Days, row.Warnings = p.days(units), slices.Concat(warnings, p.doubts(m))
	for _, v := range p.definition.Variants {
		row.Units = append(row.Units, units*p.shareOf(v))
	}
	return row, nil
}

// noAnswer reports whether a procedure says that its numbers allow no answer.
func noAnswer(err error) bool {
	return errors.Is(err, stats.ErrTooFew) || errors.Is(err, stats.ErrInvalid) || errors.Is(err, stats.ErrNoVariance) || errors.Is(err, stats.ErrZeroDenominator)
}

// plain is what such an error says, without its kind.
func plain(err error) string {
	text := err.Error()
	for _, kind := range []error{stats.ErrTooFew, stats.ErrInvalid, stats.ErrNoVariance, stats.ErrZeroDenominator} {
		text = strings.TrimPrefix(text, kind.Error()+": ")
	}
	return text
}

// doubts are where the size of a metric says less than what its analysis will meet.
func (p *planner) doubts(m *experiment.Metric) []string {
	var out []string
	if m.Weight != "" {
		out = append(out, "every merchant counts alike in its analysis, the plan counts shoppers: expect to need more")
	}
	if m.Delayed != nil && m.Delayed.Horizon > 0 {
		out = append(out, "its outcomes are known "+days(float64(m.Delayed.Horizon)/float64(datasets.Day))+" after the order, which come on top")
	}
	return out
}

// isShare reports whether a metric's level is written as a percentage.
func isShare(m *experiment.Metric, b Baseline) bool {
	switch m.Type {
	case experiment.Proportion, experiment.DelayedRate:
		return true
	case experiment.Ratio:
		return b.Level >= 0 && b.Level <= 1
	}
	return false
}

func scaleOf(relative bool) string {
	if relative {
		return result.OnLift
	}
	return result.OnDifference
}
