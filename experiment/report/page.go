package report

import (
	"fmt"
	"strings"

	"liftgate/experiment/result"
)

// page is all that the HTML template shows: the scorecard and what only a page has room for.
type page struct {
	*scorecard
	Result      *result.Result
	Name        string // title of the page
	Means, Next string
	Rules       []fact
	Plots       []tierPlots
	Funnel      *funnel // nil without stages
	Parties     []party
	Hypotheses  []hypothesisTable
	Closers     []closer
	Exposure    exposure
	Details     []detail
	Definition  string
	Inputs      []Input
	Glossary    []fact
}

// fact is a word and what it stands for.
type fact struct{ Name, Value string }

// tierPlots is a group of metrics with a plot for each row.
type tierPlots struct {
	tierTable
	Metrics []metricPlots
}

// metricPlots is a metric with its rows' plots.
type metricPlots struct {
	metricRows
	Better string // higher is better
	Rows   []plotRow
}

// plotRow is a row with its plot.
type plotRow struct {
	row
	Plot *forest // nil when there is nothing to draw
}

// hypothesisTable lists a treatment's hypotheses.
type hypothesisTable struct {
	Variant string
	Rows    []hypothesisRow
}

type hypothesisRow struct {
	result.Hypothesis
	Mark mark
}

// detail is a comparison, or one of its sensitivities, with everything that a statistician asks for.
type detail struct {
	Metric, Variant  string
	Name             string // as decided, or the sensitivity's
	Units            string // control / treatment
	Lift, Difference effect
	Level, P         string
	Mark             mark
	Notes            string
}

func newPage(r *result.Result, o Options) *page {
	card := newScorecard(r)
	p := &page{
		scorecard: card, Result: r, Name: card.Title, Means: states[r.Decision.Status].Means, Next: states[r.Decision.Status].Next,
		Rules: rules(r), Funnel: newFunnel(r, card), Parties: parties(card), Exposure: newExposure(r), Closers: newClosers(r, card),
		Definition: string(o.DefinitionYAML), Inputs: o.Inputs, Glossary: glossary,
	}
	if p.Name == "" {
		p.Name = r.Experiment
	}
	plots := 0
	for _, t := range card.Tiers {
		tier := tierPlots{tierTable: t}
		for _, m := range t.Metrics {
			tier.Metrics = append(tier.Metrics, newMetricPlots(m, &plots))
			p.Details = append(p.Details, details(m)...)
		}
		p.Plots = append(p.Plots, tier)
	}
	for _, t := range r.Decision.Treatments {
		table := hypothesisTable{Variant: t.Variant}
		for _, h := range t.Hypotheses {
			table.Rows = append(table.Rows, hypothesisRow{h, verdictMark(h.Verdict)})
		}
		if len(table.Rows) > 0 {
			p.Hypotheses = append(p.Hypotheses, table)
		}
	}
	return p
}

// newMetricPlots draws a metric's rows; plots counts those drawn on the page, so that each has its own name.
func newMetricPlots(m metricRows, plots *int) metricPlots {
	out := metricPlots{metricRows: m}
	if m.Better != "" {
		out.Better = m.Better + " is better"
	}
	limit := reach(m.Rows)
	for _, r := range m.Rows {
		*plots++
		out.Rows = append(out.Rows, plotRow{r, newForest(*plots, r, limit)})
	}
	return out
}

// rules are the parameters that the decision goes by.
func rules(r *result.Result) []fact {
	rules := r.Rules
	var out []fact
	add := func(name, value string, known bool) {
		if known {
			out = append(out, fact{name, value})
		}
	}
	add("Significance level", shortPercent(rules.Alpha)+", shared among the hypotheses", rules.Alpha > 0)
	add("Planned power", shortPercent(rules.Power), rules.Power > 0)
	add("Least duration", fmt.Sprintf("%d days", rules.MinDays), rules.MinDays > 0)
	if rules.Days != nil {
		add("Duration so far", plain(rules.Days, 1)+" days", true)
	}
	add("Looks", rules.Monitoring, rules.Monitoring != "")
	for _, t := range r.Decision.Treatments {
		add("Harm monitoring", statusWord(t.HarmMonitoring), t.HarmMonitoring != "")
		break
	}
	if rules.RiskBudget != nil {
		add("Risk budget", plain(&rules.RiskBudget.Amount, 0)+" "+rules.RiskBudget.Currency, true)
	}
	return out
}

// details lists a metric's comparisons, each followed by its sensitivities.
func details(m metricRows) []detail {
	var out []detail
	for _, r := range m.Rows {
		c := r.line.comparison
		d := estimates(m.scale, c.Lift, c.Difference)
		d.Metric, d.Variant, d.Name, d.P, d.Mark = m.Metric, r.Variant, "as decided", r.P, r.Mark
		d.Notes = notes(c)
		if r.line.control != nil && r.line.treatment != nil {
			d.Units = count(r.line.control.N) + " / " + count(r.line.treatment.N)
		}
		if c.Level > 0 {
			d.Level = shortPercent(c.Level)
		}
		out = append(out, d)
		for _, s := range c.Sensitivity {
			d := estimates(m.scale, s.Lift, s.Difference)
			d.Metric, d.Variant, d.Name, d.P, d.Mark = m.Metric, r.Variant, s.Name, probability(s.PValue), verdictMark(s.Verdict)
			d.Notes = s.Outside
			out = append(out, d)
		}
	}
	return out
}

func estimates(s scale, l *result.Lift, d *result.Estimate) detail {
	out := detail{Lift: effect{Estimate: absent}, Difference: effect{Estimate: absent}}
	if l != nil {
		out.Lift = liftEffect(l)
	}
	if d != nil {
		out.Difference = differenceEffect(d, s)
	}
	return out
}

// notes say how a comparison was made, and its warnings.
func notes(c *result.Comparison) string {
	var out []string
	if c.Method != "" {
		out = append(out, c.Method)
	}
	if c.Choice != "" {
		out = append(out, c.Choice)
	}
	if len(c.AdjustedFor) > 0 {
		out = append(out, "adjusted for "+strings.Join(c.AdjustedFor, ", "))
	}
	if c.VarianceRemoved != nil {
		out = append(out, "variance removed "+percent(c.VarianceRemoved, 0))
	}
	if c.MDE != nil {
		out = append(out, "smallest effect worth launching for "+shortPercent(*c.MDE))
	}
	if c.Lift != nil && c.Lift.Reason != "" {
		out = append(out, c.Lift.Reason)
	}
	return strings.Join(append(out, c.Warnings...), " · ")
}
