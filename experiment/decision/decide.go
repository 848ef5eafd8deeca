package decision

import (
	"liftgate/experiment/result"
)

// Decide applies the rules to every treatment. The decision about the experiment is that about its best treatment. A part of an experiment
// is not decided.
func Decide(r *result.Result) result.Decision {
	if !r.Cut.Whole() {
		return result.Decision{
			Status: result.NotDecided, Treatments: []result.Treatment{},
			Headline: "A part of the experiment (" + r.Cut.String() + ") carries no launch decision: that is the whole run's.",
		}
	}
	var d result.Decision
	for _, variant := range treatments(r) {
		t := newTrial(r, variant)
		d.Treatments = append(d.Treatments, t.decide())
	}
	if len(d.Treatments) == 0 {
		return result.Decision{
			Status: result.Invalid, Headline: "The result compares nothing: it holds no treatment.", Treatments: []result.Treatment{},
		}
	}
	best := 0
	for i := range d.Treatments {
		if preferred(r, &d.Treatments[i], &d.Treatments[best]) {
			best = i
		}
	}
	d.Status, d.Variant, d.Headline = d.Treatments[best].Status, d.Treatments[best].Variant, d.Treatments[best].Headline
	return d
}

// treatments lists the variants that a metric compares with the control, in the order of the result.
func treatments(r *result.Result) []string {
	if len(r.Metrics) == 0 {
		return nil
	}
	var out []string
	for _, c := range r.Metrics[0].Comparisons {
		out = append(out, c.Variant)
	}
	return out
}

// preference orders the states from what a reader wants to hear about first.
var preference = map[string]int{
	result.Ship: 0, result.RiskImmature: 1, result.Discuss: 2, result.Collecting: 3, result.NoShip: 4, result.StopHarm: 5, result.Invalid: 6,
}

// preferred reports whether treatment a is a better candidate than b: by state, then by the lift of the first success metric.
func preferred(r *result.Result, a, b *result.Treatment) bool {
	if preference[a.Status] != preference[b.Status] {
		return preference[a.Status] < preference[b.Status]
	}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		if m.Role != roleSuccess {
			continue
		}
		la, lb := favourableLift(m, a.Variant), favourableLift(m, b.Variant)
		return la != nil && (lb == nil || *la > *lb)
	}
	return false
}

// favourableLift is the estimated lift, signed so that more is better.
func favourableLift(m *result.Metric, variant string) *float64 {
	c := comparison(m, variant)
	if c == nil || c.Lift == nil || c.Lift.Estimate == nil {
		return nil
	}
	lift := *c.Lift.Estimate
	if (m.Better == lowerIsBetter) != c.BelowZero() {
		lift = -lift
	}
	return &lift
}

func comparison(m *result.Metric, variant string) *result.Comparison {
	for i := range m.Comparisons {
		if m.Comparisons[i].Variant == variant {
			return &m.Comparisons[i]
		}
	}
	return nil
}
