package report

import (
	"math"

	"liftgate/experiment/result"
)

// way is the shopper's way, with what a reader calls each step.
var way = []struct{ Stage, Title string }{
	{"cart", "Cart"},
	{"selection", "Selection"},
	{"login", "Login"},
	{"confirmation", "Confirmation"},
	{"payment", "Payment"},
	{"settlement", "Settlement"},
}

// funnel shows what share of the analysed units reaches each step, by variant.
type funnel struct {
	Variants []string
	Steps    []step
}

// step is one proportion metric of a stage.
type step struct {
	Stage, Title string
	Shares       []share
	Marks        []mark // one a treatment
}

// share is a variant's level, and its bar's length in percent of the longest of the funnel.
type share struct {
	Variant string
	Value   string
	Bar     float64
}

// newFunnel takes the proportions of which more is better; nil when there are none with numbers.
func newFunnel(r *result.Result, s *scorecard) *funnel {
	f := &funnel{Variants: append([]string{s.Control}, treatments(r)...)}
	longest := 0.0
	var found []metricRows
	for _, t := range s.Tiers {
		for _, m := range t.Metrics {
			if m.metric.Type == "proportion" && m.metric.Better != "lower" && len(m.metric.Variants) > 0 {
				found = append(found, m)
				for _, v := range m.metric.Variants {
					longest = math.Max(longest, orZero(v.Value))
				}
			}
		}
	}
	for _, stage := range way {
		for _, m := range found {
			if m.metric.Stage == stage.Stage {
				f.Steps = append(f.Steps, newStep(stage.Title, m, f.Variants, longest))
			}
		}
	}
	if len(f.Steps) == 0 || longest == 0 {
		return nil
	}
	return f
}

func newStep(stage string, m metricRows, variants []string, longest float64) step {
	out := step{Stage: stage, Title: m.title()}
	for _, name := range variants {
		s := share{Variant: name, Value: absent}
		if v := variant(m.metric, name); v != nil {
			s.Value = m.scale.value(v.Value)
			s.Bar = math.Round(math.Max(0, orZero(v.Value))/longest*1000) / 10
		}
		out.Shares = append(out.Shares, s)
	}
	for _, r := range m.Rows {
		out.Marks = append(out.Marks, r.Mark)
	}
	return out
}
