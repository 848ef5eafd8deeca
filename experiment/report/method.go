package report

import (
	"slices"
	"strings"

	"liftgate/experiment/result"
)

// method is a procedure, why it was chosen, and the metrics that it judges.
type method struct {
	Name, Choice string
	Metrics      []string
}

// String is the reason and whom it concerns, in a line; a result of an earlier version names the method only.
func (m method) String() string {
	why := m.Name
	if m.Choice != "" {
		why = strings.ToUpper(m.Choice[:1]) + m.Choice[1:]
	}
	return why + ": " + strings.Join(m.Metrics, ", ")
}

// methods lists the procedures in the order of the metrics, each choice once.
func methods(r *result.Result) []method {
	var out []method
	for _, m := range r.Metrics {
		for _, c := range m.Comparisons {
			if c.Method == "" {
				continue
			}
			i := slices.IndexFunc(out, func(x method) bool { return x.Name == c.Method && x.Choice == c.Choice })
			if i < 0 {
				i = len(out)
				out = append(out, method{Name: c.Method, Choice: c.Choice})
			}
			if !slices.Contains(out[i].Metrics, m.Metric) {
				out[i].Metrics = append(out[i].Metrics, m.Metric)
			}
		}
	}
	return out
}

// analysed counts the shoppers at the merchants of all variants; not ok where shoppers are what was randomised.
func analysed(r *result.Result) (n int64, ok bool) {
	for _, v := range r.Exposure.Variants {
		if v.AnalysisUnits != nil {
			n, ok = n+*v.AnalysisUnits, true
		}
	}
	return n, ok
}
