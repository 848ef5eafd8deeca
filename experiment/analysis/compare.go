package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/causal"
)

// hypothesis is what a comparison is judged by.
type hypothesis struct {
	metric *experiment.Metric
	alpha  float64
}

// test is non-inferiority for guardrails, superiority for all other roles.
func (h hypothesis) test() string {
	if h.metric.Role == experiment.Guardrail {
		return result.NonInferiority
	}
	return result.Superiority
}

// onLift reports whether a relative margin judges.
func (h hypothesis) onLift() bool {
	return h.test() == result.NonInferiority && h.metric.Margin != nil && h.metric.Margin.Relative
}

// contrast compares the moments of a treatment and the control by the method that the metric's type calls for.
func contrast(kind experiment.MetricType, covariates int, treated, control *stats.Moments) (stats.Contrast, error) {
	parts := partsOf(kind)
	if covariates > 0 {
		return stats.CompareAdjusted(*treated, *control, parts)
	}
	a, b := project(treated, parts), project(control, parts)
	switch kind {
	case experiment.Proportion:
		return stats.CompareProportions(binomial(a), binomial(b))
	case experiment.Ratio:
		return stats.CompareRatios(a, b)
	case experiment.DifferenceRatio:
		return causal.CompareDifferences(a, b)
	default:
		return stats.CompareMeans(a, b)
	}
}

// project keeps the first components of moments: those of the metric itself, without its covariates.
func project(m *stats.Moments, parts int) stats.Moments {
	out := stats.Moments{N: m.N}
	if m.Dim() == 0 {
		return out
	}
	out.Means = m.Means[:parts]
	k := 0
	for i := range parts {
		out.Cross = append(out.Cross, m.Cross[k:k+parts-i]...)
		k += m.Dim() - i
	}
	return out
}

func binomial(m stats.Moments) stats.Binomial {
	return stats.Binomial{Successes: int64(math.Round(m.Sum(0))), N: m.N}
}

// judge reads a comparison's numbers and verdict off a contrast. Outside the method's region of validity numbers are an indication, and a
// metric that decides has no verdict.
func (h hypothesis) judge(c choice) result.Comparison {
	out := h.read(c)
	out.Choice, out.Outside, out.Clusters = c.why, c.outside, c.clusters
	out.AdjustedFor = labels(h.metric, c.covariates)
	if a, ok := c.Contrast.(stats.Adjusted); ok && len(c.covariates) > 0 {
		out.VarianceRemoved = number(a.VarianceRemoved())
	}
	if c.outside != "" && h.metric.Role.Deciding() {
		h.withhold(&out)
	}
	return out
}

// read takes numbers and verdict from a contrast.
func (h hypothesis) read(c stats.Contrast) result.Comparison {
	level := 1 - h.alpha
	d, l := c.Difference(level), c.Lift(level)
	out := result.Comparison{
		Method: c.Method(), AdjustedFor: []string{}, Sensitivity: []result.Sensitivity{},
		Level: level, Test: h.test(), Alpha: h.alpha, MDE: h.metric.MDE, Warnings: c.Warnings(),
	}
	out.Difference, out.Lift = h.shown(d, l)
	_, worse := h.sides(d.Lower, d.Upper, 0)
	out.WorseThanZero = worse
	if h.test() == result.Superiority {
		if p := c.PDifference(0); p >= h.alpha || out.Difference.Lower != nil || out.Difference.Upper != nil { // else no interval shows what p would say
			out.PValue = number(p)
		}
		out.Verdict = h.superiority(d.Lower, d.Upper)
		return out
	}
	h.nonInferiority(&out, c, d, l)
	return out
}

// shown are a difference and a lift as a result holds them: without ends that do not exist. A ratio of differences has no level that a lift
// could be of.
func (h hypothesis) shown(d stats.Estimate, l stats.Lift) (*result.Estimate, *result.Lift) {
	difference := &result.Estimate{Estimate: number(d.Estimate), StdError: number(d.StdError), Lower: number(d.Lower), Upper: number(d.Upper)}
	if h.metric.Type == experiment.DifferenceRatio {
		return difference, nil
	}
	lift := &result.Lift{Estimate: number(l.Estimate), Shape: string(l.Shape), Reason: l.Reason}
	if l.Shape == stats.Bounded {
		lift.Lower, lift.Upper = number(l.Lower), number(l.Upper)
	}
	return difference, lift
}

func (h hypothesis) superiority(lower, upper float64) string {
	switch better, worse := h.sides(lower, upper, 0); {
	case better:
		return result.Better
	case worse:
		return result.Worse
	default:
		return result.Inconclusive
	}
}

// nonInferiority judges a guardrail on the scale of its margin. Without a margin nothing is proven.
func (h hypothesis) nonInferiority(out *result.Comparison, c stats.Contrast, d stats.Estimate, l stats.Lift) {
	out.Verdict = result.NotProven
	m := h.metric.Margin
	if m == nil {
		return
	}
	null := -m.Value
	if h.metric.Better == experiment.Lower {
		null = m.Value
	}
	lower, upper := d.Lower, d.Upper
	out.Margin = &result.Margin{Value: m.Value, Scale: result.OnDifference}
	p := c.PDifference
	if m.Relative {
		out.Margin.Scale = result.OnLift
		lower, upper = l.Lower, l.Upper
		p = c.PLift
	}
	out.PValue = number(p(null))
	if m.Relative && l.Shape != stats.Bounded {
		return
	}
	switch inside, beyond := h.sides(lower, upper, null); {
	case inside:
		out.Verdict = result.NonInferior
	case beyond:
		out.Verdict = result.Harmful
	}
}

// sides reports whether an interval lies wholly on the good or wholly on the bad side of a null.
func (h hypothesis) sides(lower, upper, null float64) (good, bad bool) {
	if h.metric.Better == experiment.Lower {
		return upper < null, lower > null
	}
	return lower > null, upper < null
}

// withhold keeps a comparison's numbers but takes back its verdict.
func (h hypothesis) withhold(c *result.Comparison) {
	c.Verdict = result.Inconclusive
	if h.test() == result.NonInferiority {
		c.Verdict = result.NotProven
	}
}

// sensitivity is a comparison of another sample. Why it is outside the region is told without the advice, which is for the metric's own.
func sensitivity(name string, c result.Comparison) result.Sensitivity {
	outside, _, _ := strings.Cut(c.Outside, "; ")
	return result.Sensitivity{Name: name, Difference: c.Difference, Lift: c.Lift, PValue: c.PValue, Verdict: c.Verdict, Outside: outside}
}

// labels are the names of the covariates that have one of the used values, counted over all covariates of the metric.
func labels(m *experiment.Metric, used []int) []string {
	out := []string{}
	first := 0
	for _, c := range m.Covariates {
		end := first + len(c.Values)
		if slices.ContainsFunc(used, func(i int) bool { return first <= i && i < end }) {
			out = append(out, c.Label)
		}
		first = end
	}
	return out
}

// empty is the comparison of a metric without numbers.
func (h hypothesis) empty(treatment, control string) result.Comparison {
	out := result.Comparison{
		Variant: treatment, Control: control, AdjustedFor: []string{}, Sensitivity: []result.Sensitivity{},
		Difference: &result.Estimate{}, Lift: noLift(),
		Level: 1 - h.alpha, Test: h.test(), Alpha: h.alpha, MDE: h.metric.MDE,
	}
	if m := h.metric.Margin; m != nil {
		out.Margin = &result.Margin{Value: m.Value, Scale: result.OnDifference}
		if m.Relative {
			out.Margin.Scale = result.OnLift
		}
	}
	h.withhold(&out)
	return out
}

// noLift is the lift of a comparison without numbers: nothing is excluded.
func noLift() *result.Lift {
	return &result.Lift{Shape: string(stats.All), Reason: "there is no estimate"}
}

// failure is why a contrast could not be made, in words that name the treatment.
func failure(treatment string, err error) string {
	return fmt.Sprintf("%s against control: %s", treatment, strings.ReplaceAll(err.Error(), "\n", "; "))
}
