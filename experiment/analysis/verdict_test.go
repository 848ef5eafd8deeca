package analysis_test

import (
	"slices"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment/result"
)

// TestWhatYouSeeIsTheRule: the p-value is below alpha exactly when the shown interval excludes the null, and the verdict agrees.
func TestWhatYouSeeIsTheRule(t *testing.T) {
	margins := []string{"0.6pp", "20%", "2pp", "0.1pp", "300%"}
	if testing.Short() {
		margins = margins[:2]
	}
	for _, margin := range margins {
		s := newShop(t, 4000)
		s.replace(t, "margin: 2pp", "margin: "+margin)
		r := s.decide(t)
		for i := range r.Metrics {
			m := &r.Metrics[i]
			for _, c := range m.Comparisons {
				lower, upper, null := *c.Difference.Lower, *c.Difference.Upper, 0.0
				if c.Margin != nil {
					null = -c.Margin.Value
					if m.Better == "lower" {
						null = c.Margin.Value
					}
					if c.Margin.Scale == result.OnLift {
						lower, upper = *c.Lift.Lower, *c.Lift.Upper
					}
				}
				excluded := lower > null || upper < null
				if significant := *c.PValue < c.Alpha; significant != excluded {
					t.Errorf("%s, margin %s: p %g, alpha %g, interval [%g, %g], null %g", m.Metric, margin, *c.PValue, c.Alpha, lower, upper, null)
				}
				if open := c.Verdict == result.Inconclusive || c.Verdict == result.NotProven; open == excluded {
					t.Errorf("%s, margin %s: verdict %s with interval [%g, %g] and null %g", m.Metric, margin, c.Verdict, lower, upper, null)
				}
				if c.Level != 1-c.Alpha {
					t.Errorf("%s: level %g, alpha %g", m.Metric, c.Level, c.Alpha)
				}
			}
		}
	}
}

// TestAlphaIsSplitByRole: three success metrics share alpha, guardrails do not, watched metrics share it among themselves, and all
// split it over two treatments.
func TestAlphaIsSplitByRole(t *testing.T) {
	s := newShop(t, 2000)
	s.replace(t, "{name: amazon_pay, weight: 50}", "{name: amazon_pay, weight: 25}, {name: express, weight: 25}")
	for i, row := range s.Tables[shopExposures].Rows {
		if treated(row) && i%4 == 3 {
			row[1].Text = "express"
		}
	}
	s.replace(t, "name: captured_value, role: supporting", "name: captured_value, role: success")
	s.replace(t, "name: conversion,", "name: conversion_again, role: success, better: higher, type: proportion, value: {from: events, take: any, window: [0d, 1d]}}\n  - {name: conversion,")
	s.replace(t, "segments:", "  - {name: refunds, role: quality, better: lower, type: proportion, value: {from: risk, where: 'event == \"refund\"', take: any, window: [0d, 7d]}}\n  - {name: shown, role: supporting, better: higher, type: proportion, value: {from: events, take: any, window: [0d, 7d]}}\nsegments:")
	want := map[string]float64{
		"conversion": 0.05 / 6, "conversion_again": 0.05 / 6, "captured_value": 0.05 / 6, "authorization_rate": 0.05 / 2, "dispute_rate": 0.05 / 2,
		"refund_value": 0.05 / 4, "refunds": 0.05 / 4, "shown": 0.05,
	}
	r := s.decide(t)
	if len(r.Metrics) != len(want) {
		t.Errorf("%d rows, want %d", len(r.Metrics), len(want))
	}
	for _, m := range r.Metrics {
		if len(m.Comparisons) != 2 || m.Comparisons[0].Variant != "amazon_pay" || m.Comparisons[1].Variant != "express" {
			t.Fatalf("%s compares %+v", m.Metric, m.Comparisons)
		}
		for _, c := range m.Comparisons {
			if c.Alpha != want[m.Metric] {
				t.Errorf("%s: alpha %g, want %g", m.Metric, c.Alpha, want[m.Metric])
			}
		}
	}
	if len(r.Decision.Treatments) != 2 {
		t.Errorf("%d treatments decided", len(r.Decision.Treatments))
	}
}

// TestNotSupportedYet: what is not built has its row, says why, and blocks.
func TestNotSupportedYet(t *testing.T) {
	for name, edit := range map[string][2]string{
		"group sequential": {"segments:", "monitoring: {method: group-sequential, spending: obrien-fleming, looks: [7d, 14d]}\nsegments:"},
		"always valid":     {"segments:", "monitoring: {method: always-valid}\nsegments:"},
		"trigger":          {"metrics:", "trigger: {from: events, where: 'event == \"order_captured\"'}\nmetrics:"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, 2000)
			s.replace(t, edit[0], edit[1])
			r := s.decide(t)
			if m := row(t, r, "conversion"); m.Status != result.NotSupported || !strings.Contains(m.Reason, "not supported yet") {
				t.Errorf("conversion is %s: %s", m.Status, m.Reason)
			}
			if r.Decision.Status == result.Ship {
				t.Errorf("ships: %s", r.Decision.Headline)
			}
			if h := r.Decision.Treatments[0].Hypotheses[0]; !h.Blocks || h.Needs == "" {
				t.Errorf("%+v", h)
			}
		})
	}
}

// TestWithholdsImmatureVerdicts: numbers of closed windows are shown while others are open, but nothing is concluded from them.
func TestWithholdsImmatureVerdicts(t *testing.T) {
	s := newShop(t, 4000)
	s.replace(t, "schedule: {start: 2026-10-01, end: 2026-10-15}\n", "")
	s.replace(t, "complete_through: 2026-10-22}\n  risk", "complete_through: 2026-10-20}\n  risk")
	r := s.decide(t)
	m := row(t, r, "conversion")
	if m.Status != result.Immature || m.Incomplete == 0 || m.Comparisons[0].Verdict != result.Inconclusive || m.Comparisons[0].Difference == nil {
		t.Errorf("%+v", m)
	}
	if c := check(t, r, "maturity"); c.Status != result.Warn {
		t.Errorf("%+v", c)
	}
}

// TestWeeksWithAClockChange: two weeks around the end of summer time are an hour longer than fourteen days, and two weeks.
func TestWeeksWithAClockChange(t *testing.T) {
	s := newShop(t, 2000)
	s.replace(t, "schedule: {start: 2026-10-01, end: 2026-10-15}", "schedule: {start: 2026-10-25, end: 2026-11-08, timezone: America/New_York}")
	s.yaml = strings.ReplaceAll(s.yaml, "complete_through: 2026-10-22", "complete_through: 2026-11-15")
	for _, table := range s.Tables {
		for _, row := range table.Rows {
			for i := range row {
				if row[i].Type == expr.Time {
					row[i].Int += int64(24*datasets.Day + 4*datasets.Hour)
				}
			}
		}
	}
	if c := check(t, s.decide(t), "whole_weeks"); c.Status != result.Pass || !strings.Contains(c.Detail, "14 days") {
		t.Errorf("%s: %s", c.Status, c.Detail)
	}
}

// TestRatioOfDifferences: extra orders for each extra authorized charge, a ratio with an interval and without a lift.
func TestRatioOfDifferences(t *testing.T) {
	if testing.Short() {
		t.Skip("one more analysis")
	}
	s := newShop(t, shoppers)
	s.replace(t, "segments:", `  - {name: incrementality, role: supporting, better: higher, type: difference_ratio,
     numerator: {from: events, where: 'event == "order_captured"', take: count, window: [0d, 7d]},
     denominator: {from: events, where: 'event == "charge_authorized"', take: count, window: [0d, 7d]}}
segments:`)
	m := row(t, s.decide(t), "incrementality")
	c := m.Comparisons[0]
	if m.Status != result.OK || c.Method != "difference-ratio" || c.Lift != nil || m.Variants[0].Value != nil || m.Variants[0].N != shoppers/2 {
		t.Fatalf("%s: %s; %+v", m.Status, m.Reason, c)
	}
	// Every authorized charge comes with an order, one order in ten without one.
	if *c.Difference.Lower > 1.1 || *c.Difference.Upper < 1.1 || c.Verdict != result.Better {
		t.Errorf("%v [%v, %v] %s", *c.Difference.Estimate, *c.Difference.Lower, *c.Difference.Upper, c.Verdict)
	}
}

// TestExactBesideTheScoreTest: in small samples Boschloo's p-value stands beside; it decides nothing.
func TestExactBesideTheScoreTest(t *testing.T) {
	if testing.Short() {
		t.Skip("one more analysis")
	}
	for units, want := range map[int]bool{1000: true, 10_000: false} {
		c := row(t, newShop(t, units).decide(t), "conversion").Comparisons[0]
		has := slices.ContainsFunc(c.Sensitivity, func(s result.Sensitivity) bool {
			return s.Name == "exact" && s.PValue != nil && *s.PValue > 0 && *s.PValue <= 1 && s.Difference == nil
		})
		if has != want || c.Method != "miettinen-nurminen" {
			t.Errorf("%d shoppers: %+v", units, c.Sensitivity)
		}
	}
}
