package planning

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liftgate/experiment"
	"liftgate/experiment/result"
)

// absent stands for a number that does not exist.
const absent = "–"

// Headline says what the plan takes, in one sentence.
func (p *Plan) Headline() string {
	switch {
	case p.Total == nil:
		return "As it is defined, this experiment has no plan: " + strings.Join(p.sizeless(), " and ") + " cannot be planned for."
	case p.Total.Days == nil:
		return fmt.Sprintf("The plan takes %s %s in all; %s needs the most.", count(p.Total.Units), p.units(), p.Total.Metric)
	}
	most := p.Total.Metric + " needs the most"
	if row := p.row(p.Total.Metric); *row.Days < *p.Total.Days {
		most = fmt.Sprintf("that is min_days, no test that must pass needs more than %s", days(*row.Days))
	}
	return fmt.Sprintf("With %s %s a day the plan takes %s of enrolment; %s.", rate(*p.UnitsPerDay), p.units(), days(*p.Total.Days), most)
}

// Calendar says how that compares with the schedule; it is empty where nothing is known of time.
func (p *Plan) Calendar() string {
	if p.Total == nil {
		return p.absence()
	}
	if p.Total.Days == nil {
		return "How many days that is, --units-per-day tells."
	}
	var text []string
	if p.Schedule != nil {
		verdict := "which is enough"
		if p.TooShort() {
			verdict = "which is too short"
		}
		text = append(text, fmt.Sprintf("The schedule has %s, %s.", days(*p.Schedule), verdict))
	}
	enrolment := *p.Total.Days
	if weeks := 7 * math.Ceil(enrolment/7); weeks != enrolment && p.TooShort() {
		enrolment = weeks
		text = append(text, fmt.Sprintf("In whole weeks, which even out weekdays, it takes %s.", days(weeks)))
	}
	if p.Window > 0 {
		if p.Schedule != nil {
			enrolment = max(enrolment, *p.Schedule)
		}
		text = append(text, fmt.Sprintf("The last window closes %s after enrolment, so the decision is due %s after the start.", days(p.Window), days(enrolment+p.Window)))
	}
	return strings.Join(text, " ")
}

// sizeless are the metrics that leave a plan without a total: guardrails, or else success metrics.
func (p *Plan) sizeless() []string {
	var guardrails, successes []string
	for _, r := range p.Metrics {
		switch {
		case r.Units != nil || r.Reason == "":
		case r.Role == string(experiment.Guardrail):
			guardrails = append(guardrails, r.Metric)
		case r.Role == string(experiment.Success) && r.Reason != noMDE:
			successes = append(successes, r.Metric)
		}
	}
	if guardrails != nil {
		return guardrails
	}
	return successes
}

// absence is why there is no plan.
func (p *Plan) absence() string {
	for _, name := range p.sizeless() {
		return name + ": " + p.row(name).Reason + "."
	}
	return ""
}

// rate writes how many units a day come in.
func rate(x float64) string {
	if x < 1 {
		return significant(x)
	}
	return count(x)
}

// TooShort reports whether the plan takes longer than the schedule; a plan without a schedule may take what it takes.
func (p *Plan) TooShort() bool {
	return p.Total == nil || p.Total.Days != nil && p.Schedule != nil && *p.Total.Days > *p.Schedule
}

// CostLine says what the most expensive guardrail costs; it is empty without one.
func (p *Plan) CostLine() string {
	c := p.Cost
	if c == nil {
		return ""
	}
	text := fmt.Sprintf("The most expensive guardrail is %s: the plan takes %s with it, %s without.", c.Metric, p.amount(c.Units, c.Days), p.amount(c.UnitsWithout, c.DaysWithout))
	if c.HalvingMargin == nil {
		return text
	}
	row := p.row(c.Metric)
	return text + fmt.Sprintf(" A margin of %s in place of %s would halve what it needs.", row.effect(c.HalvingMargin), row.effect(row.Effect))
}

func (p *Plan) amount(units float64, needed *float64) string {
	if needed == nil {
		return count(units) + " " + p.units()
	}
	return days(*needed)
}

func (p *Plan) row(metric string) *Row {
	for i := range p.Metrics {
		if p.Metrics[i].Metric == metric {
			return &p.Metrics[i]
		}
	}
	return nil
}

// units are what is counted: shoppers, at merchants too.
func (p *Plan) units() string { return string(experiment.Shopper) + "s" }

// columns are the heads of the table. The last is what the schedule can show, or the plan itself where there is none.
func (p *Plan) columns() []string {
	shows := "plan shows"
	if p.Schedule != nil {
		shows = "schedule shows"
	}
	return []string{"metric", "role", "test", "baseline ± sd", "must show", "alpha", "power", "units a variant", "days", shows}
}

// cells are a row of the table.
func (p *Plan) cells(r *Row) []string {
	need := absent
	if r.Days != nil {
		need = count(*r.Days)
	}
	return []string{
		r.Metric, r.Role, r.test(), r.level(), r.effect(r.Effect), percent(r.Alpha), percent(r.Power), r.variants(), need, r.effect(r.Detectable),
	}
}

// test is what is to be shown.
func (r *Row) test() string {
	switch {
	case r.Test == result.NonInferiority:
		return "not worse"
	case r.Role != string(experiment.Success):
		return "worse"
	}
	return "better"
}

// level is the baseline, with the spread of a unit where that is not implied.
func (r *Row) level() string {
	text := significant(r.Baseline)
	if r.share {
		text = percent(r.Baseline)
	}
	if r.SD > 0 && !r.share {
		text += " ± " + significant(r.SD)
	}
	return text
}

// variants is the number of units by variant: one number where they are equal.
func (r *Row) variants() string {
	if r.Units == nil {
		return absent
	}
	var out []string
	for _, n := range r.Units {
		out = append(out, count(n))
	}
	for _, n := range out[1:] {
		if n != out[0] {
			return strings.Join(out, " / ")
		}
	}
	return out[0]
}

// effect writes an effect with its sign, a margin without.
func (r *Row) effect(e *Effect) string {
	if e == nil {
		return absent
	}
	sign := ""
	if r.Test == result.Superiority && e.Value > 0 {
		sign = "+"
	}
	switch {
	case e.Scale == result.OnLift:
		return sign + percent(e.Value)
	case r.share:
		return sign + strings.TrimSuffix(percent(e.Value), "%") + " pp"
	}
	return sign + significant(e.Value)
}

// percent writes a share with up to three significant digits.
func percent(x float64) string { return significant(100*x) + "%" }

func significant(x float64) string {
	if math.Abs(x) >= 1000 {
		return count(x)
	}
	if x != 0 && math.Abs(x) < 1e-4 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// count writes a number of units, rounded up, in groups of three digits.
func count(x float64) string {
	digits := strconv.FormatFloat(math.Max(math.Ceil(math.Abs(x)-1e-9), 0), 'f', 0, 64)
	var b strings.Builder
	if x < 0 {
		b.WriteByte('-')
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func days(x float64) string {
	if x == 1 {
		return "1 day"
	}
	return significant(x) + " days"
}

// notes are the reasons why a metric has no size, and the warnings.
func (p *Plan) notes() []string {
	var out []string
	for _, r := range p.Metrics {
		if r.Reason != "" && r.Reason != noMDE && (p.Total != nil || r.Metric != p.sizeless()[0]) {
			out = append(out, r.Metric+" has no size: "+r.Reason)
		}
		for _, w := range r.Warnings {
			out = append(out, r.Metric+": "+w)
		}
	}
	return append(out, p.Warnings...)
}
