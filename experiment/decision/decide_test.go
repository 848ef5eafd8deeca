package decision_test

import (
	"strings"
	"testing"

	"liftgate/experiment/decision"
	"liftgate/experiment/result"
)

func number(x float64) *float64 { return &x }

// metric is a row with one comparison whose lift and difference intervals are [lower, upper].
func metric(name, role, verdict string, lower, upper float64) result.Metric {
	c := result.Comparison{
		Variant: "amazon_pay", Control: "control", Level: 0.95, Alpha: 0.05, Test: result.Superiority, Verdict: verdict,
		Difference: &result.Estimate{Estimate: number((lower + upper) / 2), Lower: number(lower), Upper: number(upper)},
		Lift:       &result.Lift{Estimate: number((lower + upper) / 2), Lower: number(lower), Upper: number(upper), Shape: "bounded"},
	}
	if role == "guardrail" {
		c.Test, c.Margin = result.NonInferiority, &result.Margin{Value: 0.005, Scale: result.OnDifference}
	}
	return result.Metric{
		Metric: name, Type: "proportion", Role: role, Better: "higher", Status: result.OK,
		Variants:    []result.Variant{{Variant: "control", N: 1000}, {Variant: "amazon_pay", N: 1000}},
		Comparisons: []result.Comparison{c},
	}
}

func withStatus(m result.Metric, status string) result.Metric {
	m.Status, m.Reason = status, "because"
	m.Comparisons[0].Verdict = result.Inconclusive
	if m.Role == "guardrail" {
		m.Comparisons[0].Verdict = result.NotProven
	}
	return m
}

// belowZero turns a metric's differences around, as they are when the control's level is negative.
func belowZero(m result.Metric) result.Metric {
	l := m.Comparisons[0].Lift
	m.Comparisons[0].Difference = &result.Estimate{Estimate: number(-*l.Estimate), Lower: number(-*l.Upper), Upper: number(-*l.Lower)}
	return m
}

// outside is a metric whose data lie outside its method's region of validity, whatever the verdict says.
func outside(m result.Metric) result.Metric {
	m.Comparisons[0].Outside = "too few merchants"
	return m
}

func withMDE(m result.Metric, mde float64) result.Metric {
	m.Comparisons[0].MDE = &mde
	return m
}

func withCap(m result.Metric, lower, upper *float64) result.Metric {
	m.Cap = &result.Cap{Lower: lower, Upper: upper}
	return m
}

func withSensitivity(m result.Metric, name, verdict string) result.Metric {
	m.Comparisons[0].Sensitivity = []result.Sensitivity{{Name: name, Verdict: verdict}}
	return m
}

func withoutMargin(m result.Metric) result.Metric {
	m.Comparisons[0].Margin, m.Comparisons[0].Verdict = nil, result.NotProven
	return m
}

func better() result.Metric { return metric("conversion", "success", result.Better, 0.01, 0.03) }
func holds() result.Metric {
	return metric("authorization", "guardrail", result.NonInferior, -0.001, 0.002)
}

func at(asOf, date string, metrics ...result.Metric) *result.Result {
	return &result.Result{
		AsOf: &asOf, DecisionDate: &date, Rules: result.Rules{Alpha: 0.05, Power: 0.8, MinDays: 7, Days: number(28)}, Metrics: metrics,
		Checks: []result.Check{{Check: "sample_ratio", Status: result.Pass, Blocks: true}},
	}
}

func after(metrics ...result.Metric) *result.Result {
	return at("2026-11-12T00:00:00Z", "2026-11-12T00:00:00Z", metrics...)
}

func TestStates(t *testing.T) {
	failed := after(better(), holds())
	failed.Checks[0].Status = result.Fail
	warned := after(better(), holds())
	warned.Checks = append(warned.Checks, result.Check{Check: "outlier", Status: result.Fail}, result.Check{Check: "join_rate", Status: result.Warn, Blocks: true})
	short := after(better(), holds())
	short.Rules.Days = number(6.9)
	undated := after(better(), holds())
	undated.AsOf, undated.DecisionDate, undated.Rules.Days = nil, nil, nil

	for _, c := range []struct {
		name   string
		result *result.Result
		want   string
	}{
		{"all well", after(better(), holds()), result.Ship},
		{"no guardrail declared", after(better()), result.Ship},
		{"non-blocking failures and warnings", warned, result.Ship},
		{"no dates at all", undated, result.Ship},
		{"supporting metrics never block", after(better(), withStatus(metric("clicks", "supporting", "", 0, 0), result.Failed)), result.Ship},
		{"blocking check fails", failed, result.Invalid},
		{"before the decision date", at("2026-11-11T23:59:59.999999Z", "2026-11-12T00:00:00Z", better(), holds()), result.Collecting},
		{"unreadable date", at("soon", "2026-11-12T00:00:00Z", better(), holds()), result.Collecting},
		{"too few days", short, result.Collecting},
		{"guardrail not proven", after(better(), metric("authorization", "guardrail", result.NotProven, -0.006, 0.002)), result.Discuss},
		{"guardrail without margin", after(better(), withoutMargin(holds())), result.Discuss},
		{"guardrail without data", after(better(), withStatus(holds(), result.NoData)), result.Discuss},
		{"guardrail failed", after(better(), withStatus(holds(), result.Failed)), result.Discuss},
		{"guardrail not supported", after(better(), withStatus(holds(), result.NotSupported)), result.Discuss},
		{"guardrail passes only with crossover units", after(better(), withSensitivity(holds(), "without_crossover", result.NotProven)), result.Discuss},
		{"guardrail passes only when capped", after(better(), withSensitivity(holds(), "uncapped", result.NotProven)), result.Discuss},
		{"guardrail passes only when capped from above, lower being worse", after(better(), withCap(withSensitivity(holds(), "uncapped", result.NotProven), nil, new(100.0))), result.Ship},
		{"guardrail passes only when capped from below, lower being worse", after(better(), withCap(withSensitivity(holds(), "uncapped", result.NotProven), new(0.0), nil)), result.Discuss},
		{"guardrail passes only when adjusted", after(better(), withSensitivity(holds(), "unadjusted", result.NotProven)), result.Ship},
		{"guardrail harmful", after(better(), metric("authorization", "guardrail", result.Harmful, -0.02, -0.01)), result.NoShip},
		{"guardrail immature", after(better(), withStatus(holds(), result.Immature)), result.RiskImmature},
		{"guardrail immature, another not proven", after(better(), withStatus(holds(), result.Immature), withoutMargin(holds())), result.Discuss},
		{"guardrail immature, nothing better", after(metric("conversion", "success", result.Inconclusive, -0.01, 0.03), withStatus(holds(), result.Immature)), result.Discuss},
		{"success metric immature", after(better(), withStatus(better(), result.Immature)), result.Discuss},
		{"one success metric failed", after(better(), withStatus(better(), result.Failed)), result.Discuss},
		{"one success metric worse", after(better(), metric("value", "success", result.Worse, -0.03, -0.01)), result.Discuss},
		{"deterioration worse", after(better(), metric("refunds", "deterioration", result.Worse, 0.01, 0.03)), result.Discuss},
		{"deterioration without data", after(better(), withStatus(metric("refunds", "deterioration", "", 0, 0), result.NoData)), result.Discuss},
		{"quality worse", after(better(), metric("api_errors", "quality", result.Worse, 0.01, 0.03)), result.Discuss},
		{"nothing better", after(metric("conversion", "success", result.Inconclusive, -0.01, 0.03), holds()), result.Discuss},
		{"no success metric declared", after(holds()), result.Discuss},
		{"futile", after(withMDE(metric("conversion", "success", result.Inconclusive, -0.01, 0.005), 0.01), holds()), result.NoShip},
		{"not futile without an mde", after(metric("conversion", "success", result.Inconclusive, -0.01, 0.005), holds()), result.Discuss},
		{"not futile below zero, where a lift points the other way", after(withMDE(belowZero(metric("profit", "success", result.Inconclusive, -0.04, 0.01)), 0.01), holds()), result.Discuss},
		{"not futile while another can", after(withMDE(metric("a", "success", result.Inconclusive, -0.01, 0.005), 0.01),
			withMDE(metric("b", "success", result.Inconclusive, -0.01, 0.02), 0.01)), result.Discuss},
		{"better, though short of its mde", after(withMDE(metric("conversion", "success", result.Better, 0.001, 0.005), 0.01), holds()), result.Ship},
		{"not futile by a method outside its region", after(outside(withMDE(metric("conversion", "success", result.Inconclusive, -0.01, 0.005), 0.01)), holds()), result.Discuss},
		{"not harmful by a method outside its region", after(better(), outside(metric("authorization", "guardrail", result.Harmful, -0.02, -0.01))), result.Discuss},
		{"supporting metric outside", after(better(), holds(), outside(metric("clicks", "supporting", result.Better, 0.1, 0.2))), result.Ship},
		{"nothing measured", &result.Result{}, result.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decision.Decide(c.result)
			if d.Status != c.want {
				t.Fatalf("status %s, want %s: %s", d.Status, c.want, d.Headline)
			}
			if d.Headline == "" || strings.Contains(d.Headline, "%!") || strings.HasSuffix(d.Headline, "..") {
				t.Errorf("headline %q", d.Headline)
			}
			for _, tr := range d.Treatments {
				checkTreatment(t, tr)
			}
		})
	}
}

// checkTreatment holds what is true of every decision: SHIP has no blocking hypothesis, and whatever blocks says why and what it needs.
func checkTreatment(t *testing.T, tr result.Treatment) {
	t.Helper()
	if tr.HarmMonitoring != result.NotSupported {
		t.Errorf("harm monitoring reads %q", tr.HarmMonitoring)
	}
	for _, h := range tr.Hypotheses {
		if h.Blocks && tr.Status == result.Ship {
			t.Errorf("ships although %s blocks", h.Metric)
		}
		if h.Why == "" || (h.Blocks && h.Needs == "") {
			t.Errorf("%s blocks %v, why %q, needs %q", h.Metric, h.Blocks, h.Why, h.Needs)
		}
	}
}

// TestFailClosed tries every status and verdict that is not a proof on every deciding role: none may ship.
func TestFailClosed(t *testing.T) {
	for _, role := range []string{"success", "guardrail", "deterioration", "quality"} {
		for _, status := range []string{result.NoData, result.Failed, result.Immature, result.NotSupported, "", "new-status"} {
			if d := decision.Decide(after(better(), holds(), withStatus(metric("x", role, "", 0, 0), status))); d.Status == result.Ship {
				t.Errorf("a %s metric with status %q ships", role, status)
			}
		}
	}
	for role, verdict := range map[string]string{"success": result.Better, "guardrail": result.NonInferior, "deterioration": result.Inconclusive, "quality": result.Better} {
		d := decision.Decide(after(better(), holds(), outside(metric("x", role, verdict, 0.001, 0.002))))
		if h := d.Treatments[0].Hypotheses[2]; d.Status == result.Ship || !h.Blocks || h.Needs == "" || !strings.Contains(h.Why, "too few merchants") {
			t.Errorf("a %s metric outside its method's region: %s, %+v", role, d.Status, h)
		}
	}
	for name, needs := range map[string]string{"uncapped": "guard a share too", "without_crossover": "More units"} {
		m := withSensitivity(holds(), name, result.NonInferior) // whatever the verdict says
		m.Comparisons[0].Sensitivity[0].Outside = "too skewed"
		d := decision.Decide(after(better(), m))
		if h := d.Treatments[0].Hypotheses[1]; d.Status == result.Ship || !h.Blocks || h.Verdict != result.NotProven || !strings.Contains(h.Why, "too skewed") || !strings.Contains(h.Needs, needs) {
			t.Errorf("a guardrail whose sensitivity %s is outside its method's region: %s, %+v", name, d.Status, h)
		}
		r := after(better(), m)
		r.Unit = "merchant"
		if h := decision.Decide(r).Treatments[0].Hypotheses[1]; !strings.HasPrefix(h.Needs, "More merchants") {
			t.Errorf("needs: %s", h.Needs)
		}
	}
	for _, verdict := range []string{result.NotProven, result.Harmful, result.Inconclusive, result.Better, "", "new-verdict"} {
		if d := decision.Decide(after(better(), metric("x", "guardrail", verdict, -0.006, 0.002))); d.Status == result.Ship {
			t.Errorf("a guardrail with verdict %q ships", verdict)
		}
	}
}

func TestInvalidWithHarmStopsExposure(t *testing.T) {
	r := after(better(), metric("authorization", "guardrail", result.Harmful, -0.02, -0.01))
	r.Checks[0].Status = result.Fail
	if d := decision.Decide(r); d.Status != result.Invalid || !strings.Contains(strings.ToLower(d.Headline), "stop exposure") {
		t.Errorf("%s: %s", d.Status, d.Headline)
	}
}

// TestSentencesFollowTheScale: a ratio above one has no percentage points, a lift from below zero is not quoted, and times are dates.
func TestSentencesFollowTheScale(t *testing.T) {
	perOrder := metric("value_per_order", "guardrail", result.NonInferior, -0.1, 0.3)
	perOrder.Type = "ratio"
	perOrder.Variants[0].Value, perOrder.Comparisons[0].Margin.Value = number(30), 0.5
	below := belowZero(metric("profit", "success", result.Better, 0.01, 0.03))
	h := decision.Decide(after(below, perOrder)).Treatments[0].Hypotheses
	if want := "profit -2.00 pp (-3.00 pp to -1.00 pp): significantly better."; h[0].Why != want {
		t.Errorf("got %q, want %q", h[0].Why, want)
	}
	if want := "value_per_order +0.100 (-0.100 to +0.300), wholly inside the margin of 0.500."; h[1].Why != want {
		t.Errorf("got %q, want %q", h[1].Why, want)
	}
	early := at("2026-11-11T08:30:00.000001Z", "2026-11-12T00:00:00Z", better(), holds())
	if want := "Keep collecting: the experiment is decided once, on 2026-11-12; the data reach to 2026-11-11 08:30 UTC."; decision.Decide(early).Headline != want {
		t.Errorf("got %q, want %q", decision.Decide(early).Headline, want)
	}
}

func TestBestTreatmentLeads(t *testing.T) {
	r := after(better(), holds())
	for i := range r.Metrics {
		second := r.Metrics[i].Comparisons[0]
		second.Variant = "express"
		second.Lift = &result.Lift{Estimate: number(0.5), Lower: number(0.4), Upper: number(0.6), Shape: "bounded"}
		r.Metrics[i].Comparisons = append(r.Metrics[i].Comparisons, second)
	}
	if d := decision.Decide(r); d.Variant != "express" || len(d.Treatments) != 2 {
		t.Errorf("%s leads of %d", d.Variant, len(d.Treatments))
	}
	r.Metrics[1].Comparisons[1].Verdict = result.NotProven
	if d := decision.Decide(r); d.Variant != "amazon_pay" || d.Status != result.Ship {
		t.Errorf("%s leads with %s", d.Variant, d.Status)
	}
}

// TestNeeds checks the stated sample size against its own formula: with it, the interval clears the margin with the planned power.
func TestNeeds(t *testing.T) {
	m := metric("authorization", "guardrail", result.NotProven, -0.006, 0.002)
	d := decision.Decide(after(better(), m))
	h := d.Treatments[0].Hypotheses[1]
	// Half width 0.004 at 95 %: se 0.0020408; distance 0.005 - 0.002 = 0.003; (2.8016 * 0.0020408 / 0.003)^2 = 3.632.
	if !strings.Contains(h.Needs, "3.6 times the units (3,700 a variant)") {
		t.Errorf("needs: %s", h.Needs)
	}
	m.Comparisons[0].Clusters = &result.Clusters{Number: 100, Effective: 60}
	r := after(better(), m)
	r.Unit = "merchant"
	if h := decision.Decide(r).Treatments[0].Hypotheses[1]; !strings.Contains(h.Needs, "3.6 times the merchants (370 in all)") {
		t.Errorf("needs: %s", h.Needs)
	}
}
