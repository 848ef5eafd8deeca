package report

import (
	"fmt"
	"slices"
	"strings"

	"liftgate/experiment/result"
)

// scorecard is a result in the words, numbers and order in which people read it. All formats for people are made from it.
type scorecard struct {
	Experiment string
	Title      string // empty when it is the experiment's name
	Decision   mark
	Headline   string
	Facts      string // as of, decision date, what was compared
	Cut        string // empty for the whole experiment
	Caution    string // why the numbers are not to be decided by; empty when they are
	Checks     []checkRow
	Treatments []treatmentCard
	Control    string
	Single     bool   // one treatment: its values stand beside the control's
	Treatment  string // its name; empty with several
	Tiers      []tierTable
	Levels     string
	Methods    []method
	Warnings   []string
}

// checkRow is one check.
type checkRow struct {
	Mark   mark
	Name   string
	P      string
	Detail string
	Blocks bool
}

// treatmentCard is the decision about one treatment.
type treatmentCard struct {
	Variant  string
	Mark     mark
	Headline string
	Reasons  []string // empty when the headline or the blockers say all
	Blockers []blocker
}

// Says reports whether the card says more than the banner of an experiment with one treatment.
func (t treatmentCard) Says(single bool) bool {
	return !single || len(t.Blockers) > 0 || len(t.Reasons) > 0
}

// blocker is a hypothesis that keeps a treatment from SHIP.
type blocker struct {
	Metric string
	Mark   mark
	Why    string
	Needs  string
}

// tierTable is one group of metrics.
type tierTable struct {
	Name, Title, Says string
	Metrics           []metricRows
}

// metricRows is one metric with a row a treatment.
type metricRows struct {
	Metric  string
	Title   string
	Role    string
	Better  string
	Margin  string   // empty without one
	Control string   // the control's value
	Reason  string   // why there are no numbers; empty when there are
	Notes   []string // what else to know about its numbers
	Rows    []row
	metric  *result.Metric
	scale   scale
}

// title is what readers call the metric.
func (m metricRows) title() string {
	if m.Title != "" {
		return m.Title
	}
	return m.Metric
}

// row is one comparison.
type row struct {
	Variant string
	Value   string
	Effects []effect // the lift, then the difference where the margin is on the difference
	P       string
	Mark    mark
	Notes   []string // what a reader of the verdict must also know
	Blocks  bool
	line    line
}

func newScorecard(r *result.Result) *scorecard {
	names := treatments(r)
	s := &scorecard{
		Experiment: r.Experiment, Decision: stateMark(r.Decision.Status), Headline: r.Decision.Headline,
		Facts: facts(r), Cut: r.Cut.String(), Caution: states[r.Decision.Status].caution, Control: r.Control, Single: len(names) == 1, Levels: levels(r), Methods: methods(r), Warnings: r.Warnings,
	}
	if r.Title != r.Experiment {
		s.Title = r.Title
	}
	if s.Single {
		s.Treatment = names[0]
	}
	for _, c := range r.Checks {
		s.Checks = append(s.Checks, checkRow{checkMark(c.Status), c.Check, probability(c.PValue), c.Detail, c.Blocks})
	}
	for _, t := range r.Decision.Treatments {
		s.Treatments = append(s.Treatments, treatmentCard{t.Variant, stateMark(t.Status), t.Headline, reasons(t), blockers(r, t)})
	}
	for _, t := range tiers {
		table := tierTable{t.Name, t.Title, t.Says, nil}
		for i := range r.Metrics {
			if m := &r.Metrics[i]; tierOf(m) == t.Name {
				table.Metrics = append(table.Metrics, newMetricRows(r, m))
			}
		}
		if len(table.Metrics) > 0 {
			s.Tiers = append(s.Tiers, table)
		}
	}
	return s
}

// tierOf is the metric's tier; by its role when it has none that is known.
func tierOf(m *result.Metric) string {
	switch m.Tier {
	case "core", "supporting", "risk":
		return m.Tier
	}
	switch m.Role {
	case "success":
		return "core"
	case "supporting":
		return "supporting"
	}
	return "risk"
}

// pNote says what p-values are against.
const pNote = "p is against the margin where there is one, else against zero"

// reasons are those of a treatment, unless the headline holds the only one or the blockers are the reasons.
func reasons(t result.Treatment) []string {
	if len(t.Reasons) < 2 || t.Status == result.Discuss {
		return nil
	}
	return t.Reasons
}

func blockers(r *result.Result, t result.Treatment) []blocker {
	status := map[string]string{}
	for i := range r.Metrics {
		status[r.Metrics[i].Metric] = r.Metrics[i].Status
	}
	var out []blocker
	for _, h := range t.Hypotheses {
		if h.Blocks {
			out = append(out, blocker{h.Metric, judgedMark(status[h.Metric], h.Verdict), h.Why, h.Needs})
		}
	}
	return out
}

func newMetricRows(r *result.Result, m *result.Metric) metricRows {
	rows := metricRows{
		Metric: m.Metric, Title: m.Title, Role: m.Role, Better: m.Better, Control: absent, metric: m, scale: scaleOf(m),
	}
	if m.Status != result.OK {
		rows.Reason = strings.TrimSuffix(statusWord(m.Status)+": "+m.Reason, ": ")
	}
	rows.Notes = metricNotes(r, m)
	for _, l := range metricLines(r, m) {
		if l.control != nil {
			rows.Control = rows.scale.value(l.control.Value)
		}
		if rows.Margin == "" {
			rows.Margin = marginText(m, l.comparison.Margin)
		}
		rows.Rows = append(rows.Rows, newRow(l, rows.scale))
	}
	return rows
}

func newRow(l line, s scale) row {
	c := l.comparison
	out := row{
		Variant: c.Variant, Value: s.value(raw(l.treatment).Value), P: absent, line: l,
		Mark: rowMark(l), Blocks: deciding(l).Blocks,
	}
	if l.metric.Status == result.OK {
		out.Effects, out.P = effects(c, s), probability(c.PValue)
	}
	out.Notes = verdictNotes(c)
	return out
}

// verdictNotes qualify a verdict: data on which the method has not been checked, a guardrail within its margin that is nevertheless
// worse than the control, and answers that change when the data are treated in another way.
func verdictNotes(c *result.Comparison) []string {
	var out []string
	if c.Outside != "" {
		out = append(out, "outside the method's region")
	}
	if c.WorseThanZero && c.Verdict == result.NonInferior {
		out = append(out, "but worse")
	}
	for _, s := range c.Sensitivity {
		if s.Verdict != "" && s.Verdict != c.Verdict {
			out = append(out, spaced(s.Verdict)+" "+spaced(s.Name))
		}
	}
	return out
}

// metricNotes are the units left out, the limits of the method and the warnings of a metric's comparisons, each once.
func metricNotes(r *result.Result, m *result.Metric) []string {
	var out []string
	if m.Incomplete > 0 {
		counted := "units"
		if _, finer := analysed(r); finer {
			counted = "shoppers"
		}
		out = append(out, count(m.Incomplete)+" "+counted+" left out: their window is not complete")
	}
	if m.Sketch != nil && slices.ContainsFunc(m.Variants, func(v result.Variant) bool { return v.Value != nil }) {
		out = append(out, "read off sketches: values are within "+roundedUp(m.Sketch.RelativeError)+" of the exact quantiles, which intervals and p allow for")
	}
	add := func(note string) {
		if !slices.Contains(out, note) {
			out = append(out, note)
		}
	}
	for _, c := range m.Comparisons {
		if c.Outside != "" {
			add("outside the region in which " + c.Method + " is known to be valid: " + c.Outside)
		}
		for _, warning := range c.Warnings {
			add(warning)
		}
	}
	return out
}

// spaced is a name of the format in words: without_crossover is without crossover.
func spaced(s string) string { return strings.ReplaceAll(s, "_", " ") }

// rowMark is the verdict of a row. Nothing looks good in a result that is not to be decided by, nor by a method outside its region.
func rowMark(l line) mark {
	m := judgedMark(l.metric.Status, verdictOf(l))
	if m.Tone == good && (states[l.result.Decision.Status].caution != "" || l.comparison.Outside != "") {
		m.Tone = neutral
	}
	return m
}

// judgedMark is how a metric's verdict looks. One without numbers has none but "not proven": it shows what became of it.
func judgedMark(status, verdict string) mark {
	if status != result.OK && verdict != result.NotProven {
		return mark{"?", statusWord(status), open}
	}
	return verdictMark(verdict)
}

// marginText is a margin on its harmful side: -0.5 pp where higher is better, +5% where lower is.
func marginText(m *result.Metric, margin *result.Margin) string {
	if margin == nil {
		return ""
	}
	sign := "-"
	if m.Better == "lower" {
		sign = "+"
	}
	switch {
	case margin.Scale == result.OnLift:
		return sign + shortPercent(margin.Value)
	case m.IsShare():
		return sign + short(margin.Value*100) + " pp"
	}
	return sign + short(margin.Value)
}

// facts are the few facts that a reader needs beside the decision, in one line.
func facts(r *result.Result) string {
	var parts []string
	if r.AsOf != nil {
		parts = append(parts, "as of "+moment(r.AsOf))
	}
	if r.DecisionDate != nil {
		parts = append(parts, "decision date "+moment(r.DecisionDate))
	}
	var groups []string
	for _, v := range r.Exposure.Variants {
		groups = append(groups, fmt.Sprintf("%s %s", v.Variant, count(v.Units)))
	}
	if len(groups) > 0 {
		shoppers := ""
		if n, ok := analysed(r); ok {
			shoppers = " (" + count(n) + " shoppers)"
		}
		parts = append(parts, plural(r.Unit)+": "+strings.Join(groups, ", ")+shoppers)
	}
	return strings.Join(parts, " · ")
}

func plural(unit string) string {
	if unit == "" {
		return "units"
	}
	return unit + "s"
}

// levels says how wide the intervals are, by role: they follow from each role's share of alpha.
func levels(r *result.Result) string {
	var parts []string
	seen := map[string]bool{}
	for _, m := range r.Metrics {
		for _, c := range m.Comparisons {
			part := m.Role + " " + shortPercent(c.Level)
			if c.Level > 0 && !seen[part] {
				seen[part] = true
				parts = append(parts, part)
			}
		}
	}
	return strings.Join(parts, ", ")
}
