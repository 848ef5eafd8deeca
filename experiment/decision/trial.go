package decision

import (
	"fmt"
	"strings"

	"liftgate/experiment/result"
)

// The roles of metrics, the direction, the unit and a sensitivity, as a result spells them.
const (
	roleSuccess       = "success"
	roleGuardrail     = "guardrail"
	roleDeterioration = "deterioration"
	roleQuality       = "quality"
	lowerIsBetter     = "lower"
	unitMerchant      = "merchant"
	uncapped          = "uncapped"
)

// trial is one treatment's case for a launch.
type trial struct {
	result     *result.Result
	variant    string
	hypotheses []hypothesis
}

// hypothesis is one deciding metric with its finding.
type hypothesis struct {
	metric     *result.Metric
	comparison *result.Comparison
	finding
}

func newTrial(r *result.Result, variant string) *trial {
	t := &trial{result: r, variant: variant}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		if !decides(m.Role) {
			continue
		}
		c := comparison(m, variant)
		if c == nil {
			// A row without this treatment proves nothing about it.
			c = &result.Comparison{Variant: variant, Verdict: result.NotProven}
		}
		t.hypotheses = append(t.hypotheses, hypothesis{m, c, find(r, m, c)})
	}
	return t
}

func decides(role string) bool {
	return role == roleSuccess || role == roleGuardrail || role == roleDeterioration || role == roleQuality
}

// decide goes through the states in their order; the first that applies is the decision.
func (t *trial) decide() result.Treatment {
	out := result.Treatment{Variant: t.variant, HarmMonitoring: result.NotSupported, Reasons: []string{}}
	for _, h := range t.hypotheses {
		out.Hypotheses = append(out.Hypotheses, result.Hypothesis{
			Metric: h.metric.Metric, Role: h.metric.Role, Test: h.comparison.Test, Alpha: h.comparison.Alpha,
			Verdict: h.verdict, Blocks: h.blocks, Why: h.why + ".", Needs: h.needs,
		})
	}
	for _, state := range []struct {
		name    string
		applies func() []string // reasons, nil when the state does not apply
	}{
		{result.Invalid, t.invalid},
		{result.Collecting, t.collecting},
		{result.RiskImmature, t.riskImmature},
		{result.Ship, t.ship},
		{result.NoShip, t.noShip},
	} {
		if reasons := state.applies(); reasons != nil {
			out.Status, out.Reasons = state.name, reasons
			break
		}
	}
	if out.Status == "" {
		out.Status, out.Reasons = result.Discuss, t.blocked()
	}
	out.Headline = t.headline(out.Status, out.Reasons)
	return out
}

func (t *trial) invalid() []string {
	var reasons []string
	for _, c := range t.result.Checks {
		if c.Blocks && c.Status == result.Fail {
			reasons = append(reasons, fmt.Sprintf("The %s check failed: %s", strings.ReplaceAll(c.Check, "_", " "), c.Detail))
		}
	}
	if reasons != nil && t.harm() {
		reasons = append(reasons, "Stop exposure: the numbers, though not to be trusted, point to harm in "+t.harmed()+".")
	}
	return reasons
}

// harm reports whether anything is significantly worse.
func (t *trial) harm() bool { return t.harmed() != "" }

func (t *trial) harmed() string {
	var names []string
	for _, h := range t.hypotheses {
		if v := h.verdict; v == result.Harmful || v == result.Worse || h.comparison.WorseThanZero {
			names = append(names, h.metric.Metric)
		}
	}
	return strings.Join(names, ", ")
}

func (t *trial) collecting() []string {
	r := t.result
	var reasons []string
	if before(r.AsOf, r.DecisionDate) {
		reasons = append(reasons, fmt.Sprintf("The experiment is decided once, on %s; the data reach to %s.", result.Moment(*r.DecisionDate), result.Moment(*r.AsOf)))
	}
	if d := r.Rules.Days; d != nil && *d < float64(r.Rules.MinDays) {
		reasons = append(reasons, fmt.Sprintf("It has run for %.3g of at least %d days.", *d, r.Rules.MinDays))
	}
	return reasons
}

// riskImmature applies when immature risk metrics are all that keeps the treatment from a launch.
func (t *trial) riskImmature() []string {
	var immature []string
	for _, h := range t.hypotheses {
		switch {
		case !h.blocks:
		case h.metric.Status == result.Immature && h.metric.Role != roleSuccess:
			immature = append(immature, fmt.Sprintf("%s is immature: %s.", h.metric.Metric, h.metric.Reason))
		default:
			return nil
		}
	}
	if immature == nil || !t.anySuccess() || len(t.harmedSegments()) > 0 {
		return nil
	}
	return append(immature, "No ramp can be stated yet: the cost of the worst case is not known.")
}

func (t *trial) ship() []string {
	if len(t.harmedSegments()) > 0 {
		return nil
	}
	var better []string
	for _, h := range t.hypotheses {
		if h.blocks {
			return nil
		}
		if h.metric.Role == roleSuccess && h.verdict == result.Better {
			better = append(better, sentence(h.metric, h.comparison)+".")
		}
	}
	return better
}

func (t *trial) anySuccess() bool {
	for _, h := range t.hypotheses {
		if h.metric.Role == roleSuccess && h.verdict == result.Better {
			return true
		}
	}
	return false
}

func (t *trial) noShip() []string {
	var reasons []string
	for _, h := range t.hypotheses {
		if h.metric.Role == roleGuardrail && h.verdict == result.Harmful {
			reasons = append(reasons, h.why+".")
		}
	}
	if futile := t.futile(); futile != "" {
		reasons = append(reasons, futile)
	}
	return reasons
}

// futile says that no success metric can still reach its mde, if so.
func (t *trial) futile() string {
	names := []string{}
	for _, h := range t.hypotheses {
		if h.metric.Role != roleSuccess {
			continue
		}
		if !shortOfMDE(h.metric, h.comparison) {
			return ""
		}
		names = append(names, h.metric.Metric)
	}
	if len(names) == 0 {
		return ""
	}
	return "The best that the data allow falls short of the smallest effect worth having in " + strings.Join(names, ", ") + "."
}

// shortOfMDE reports whether even the favourable end of the lift interval falls short of the mde. Without an mde it never does.
func shortOfMDE(m *result.Metric, c *result.Comparison) bool {
	if m.Status != result.OK || c.Outside != "" || c.MDE == nil || c.Lift == nil || c.BelowZero() {
		return false
	}
	if m.Better == lowerIsBetter {
		return c.Lift.Lower != nil && -*c.Lift.Lower < *c.MDE
	}
	return c.Lift.Upper != nil && *c.Lift.Upper < *c.MDE
}

// blocked lists what keeps the treatment from a launch.
func (t *trial) blocked() []string {
	reasons := []string{}
	for _, h := range t.hypotheses {
		if h.blocks {
			reasons = append(reasons, h.why+".")
		}
	}
	reasons = append(reasons, t.segmentReasons()...)
	if !t.anySuccess() {
		reasons = append(reasons, "No success metric is better.")
	}
	return reasons
}
