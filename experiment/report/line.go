package report

import (
	"liftgate/experiment/result"
)

// line is one comparison with all that belongs to it: a row of the CSV and Arrow formats. A metric without comparisons has one
// line a treatment, with absent numbers, so that no declared metric is missing from a file.
type line struct {
	result     *result.Result
	metric     *result.Metric
	comparison *result.Comparison // never nil; zero but for its variants when the metric has none
	control    *result.Variant    // nil when absent
	treatment  *result.Variant    // nil when absent
	hypothesis *result.Hypothesis // nil when the metric has no part in the decision
}

// lines lists the rows of a result: metrics in the order of the definition, treatments in the order of the variants.
func lines(r *result.Result) []line {
	var out []line
	for i := range r.Metrics {
		out = append(out, metricLines(r, &r.Metrics[i])...)
	}
	return out
}

func metricLines(r *result.Result, m *result.Metric) []line {
	comparisons := m.Comparisons
	if len(comparisons) == 0 {
		for _, t := range treatments(r) {
			comparisons = append(comparisons, result.Comparison{Variant: t, Control: r.Control})
		}
	}
	out := make([]line, 0, len(comparisons))
	for i := range comparisons {
		c := &comparisons[i]
		out = append(out, line{
			result: r, metric: m, comparison: c,
			control: variant(m, c.Control), treatment: variant(m, c.Variant), hypothesis: hypothesis(r, c.Variant, m.Metric),
		})
	}
	return out
}

func variant(m *result.Metric, name string) *result.Variant {
	for i := range m.Variants {
		if m.Variants[i].Variant == name {
			return &m.Variants[i]
		}
	}
	return nil
}

func hypothesis(r *result.Result, treatment, metric string) *result.Hypothesis {
	for i := range r.Decision.Treatments {
		t := &r.Decision.Treatments[i]
		for j := range t.Hypotheses {
			if t.Variant == treatment && t.Hypotheses[j].Metric == metric {
				return &t.Hypotheses[j]
			}
		}
	}
	return nil
}

// treatments lists the variants other than the control: those decided about, then any that only the exposure or a comparison names.
func treatments(r *result.Result) []string {
	var names []string
	seen := map[string]bool{r.Control: true}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, t := range r.Decision.Treatments {
		add(t.Variant)
	}
	for _, v := range r.Exposure.Variants {
		add(v.Variant)
	}
	for _, m := range r.Metrics {
		for _, c := range m.Comparisons {
			add(c.Variant)
		}
	}
	if len(names) == 0 {
		add(r.Decision.Variant)
	}
	return names
}
