package simulate

import (
	"math"

	"liftgate/experiment"
	"liftgate/stats"
)

// TruthSchema names the format of truth.json.
const TruthSchema = "liftgate.truth/v1"

const truthNote = "Expectations over shoppers drawn from the scenario's fixed merchants, exposed and with complete windows, " +
	"computed from other shoppers than those of the data, each under every variant. std_error is the Monte-Carlo error of this " +
	"computation; a cap given as a percentile is taken as its estimate and adds none."

// Truths is what an analysis of simulated data should find: truth.json. A nil number does not exist.
type Truths struct {
	Schema           string       `json:"schema"`
	Experiment       string       `json:"experiment"`
	Scenario         string       `json:"scenario"`
	Note             string       `json:"note"`
	Shoppers         int64        `json:"shoppers"`          // simulated
	Exposed          int64        `json:"exposed"`           // of them exposed
	IncrementalShare float64      `json:"incremental_share"` // of the checkouts drawn to Amazon Pay: would have left without it
	Metrics          []TrueMetric `json:"metrics"`           // every metric of the definition, in its order
}

// TrueMetric is the truth about one metric.
type TrueMetric struct {
	Metric      string           `json:"metric"`
	Type        string           `json:"type"`
	Status      string           `json:"status"` // ok, not_computed
	Reason      string           `json:"reason"`
	CapLower    *float64         `json:"cap_lower"`
	CapUpper    *float64         `json:"cap_upper"`
	Variants    []TrueVariant    `json:"variants"`
	Comparisons []TrueComparison `json:"comparisons"`
}

// TrueVariant is the true value under one variant.
type TrueVariant struct {
	Variant  string   `json:"variant"`
	Value    *float64 `json:"value"`
	StdError *float64 `json:"std_error"`
}

// TrueComparison is the true effect of a treatment.
type TrueComparison struct {
	Variant    string    `json:"variant"`
	Control    string    `json:"control"`
	Difference TrueValue `json:"difference"`
	Lift       TrueValue `json:"lift"`
}

// TrueValue is a number and its Monte-Carlo error.
type TrueValue struct {
	Estimate *float64 `json:"estimate"`
	StdError *float64 `json:"std_error"`
}

// truth turns what was observed into estimates.
func (e *estimand) truth(d *experiment.Definition, o *observation) TrueMetric {
	t := TrueMetric{
		Metric: e.metric.Name, Type: string(e.metric.Type), Status: "ok",
		Variants: []TrueVariant{}, Comparisons: []TrueComparison{},
	}
	m := &o.moments[0]
	var arms []arm
	if e.reason == "" && e.metric.Cap != nil {
		t.CapLower, t.CapUpper = limits(e.metric.Cap, o.pairs[0], weightsOf(d))
		clamp(o.pairs[0], t.CapLower, t.CapUpper)
		for p := o.pairs[0]; len(p) > 0; p = p[2*len(d.Variants):] {
			m.Add(p[:2*len(d.Variants)]...)
		}
	}
	if e.reason == "" && len(o.lives[0]) > 0 {
		var err error
		if arms, m, err = e.quantileArms(len(d.Variants), o.lives[0]); err != nil {
			e.reason = err.Error()
		}
	}
	if e.reason == "" && m.N < 2 {
		e.reason = "no simulated shopper has a complete window: compare complete_through with the schedule and the windows"
	}
	if e.reason != "" {
		t.Status, t.Reason = "not_computed", e.reason
		return t
	}
	for i := len(arms); i < len(d.Variants); i++ {
		arms = append(arms, newArm(m, i))
	}
	t.fill(d, m, arms)
	return t
}

func weightsOf(d *experiment.Definition) []float64 {
	out := make([]float64, len(d.Variants))
	for i, v := range d.Variants {
		out[i] = float64(v.Weight)
	}
	return out
}

func (t *TrueMetric) fill(d *experiment.Definition, m *stats.Moments, arms []arm) {
	control := 0
	for i, v := range d.Variants {
		value := trueValue(m, arms[i].value, arms[i].gradient)
		t.Variants = append(t.Variants, TrueVariant{v.Name, value.Estimate, value.StdError})
		if v.Name == d.Control {
			control = i
		}
	}
	for i, v := range d.Variants {
		if i == control {
			continue
		}
		a, b := arms[i], arms[control]
		t.Comparisons = append(t.Comparisons, TrueComparison{
			Variant: v.Name, Control: d.Control,
			Difference: trueValue(m, a.value-b.value, combine(1, a.gradient, -1, b.gradient)),
			Lift:       trueValue(m, a.value/b.value-1, combine(1/b.value, a.gradient, -a.value/(b.value*b.value), b.gradient)),
		})
	}
}

// arm is the ratio of two means, or a quantile, and its gradient in all means.
type arm struct {
	value    float64
	gradient []float64
}

func newArm(m *stats.Moments, i int) arm {
	n, d := m.Means[2*i], m.Means[2*i+1]
	a := arm{value: n / d, gradient: make([]float64, m.Dim())}
	a.gradient[2*i], a.gradient[2*i+1] = 1/d, -n/(d*d)
	return a
}

func combine(x float64, a []float64, y float64, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = x*a[i] + y*b[i]
	}
	return out
}

// trueValue adds the error by the delta method. Shoppers are spread evenly over merchants, which only makes the true error
// smaller.
func trueValue(m *stats.Moments, estimate float64, gradient []float64) TrueValue {
	if math.IsNaN(estimate) || math.IsInf(estimate, 0) {
		return TrueValue{}
	}
	var variance float64
	for i := range gradient {
		for j := range gradient {
			variance += gradient[i] * gradient[j] * m.Cov(i, j)
		}
	}
	stdError := math.Sqrt(max(variance, 0) / float64(m.N))
	return TrueValue{&estimate, &stdError}
}
