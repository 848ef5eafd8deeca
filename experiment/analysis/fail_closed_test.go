package analysis_test

import (
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
)

const shoppers = 10_000

// TestShips is the case that the fail-closed tests break one thing of.
func TestShips(t *testing.T) {
	r := newShop(t, shoppers).decide(t)
	if r.Decision.Status != result.Ship {
		t.Fatalf("%s: %s\n%+v", r.Decision.Status, r.Decision.Headline, r.Decision.Treatments[0].Reasons)
	}
	for _, c := range r.Checks {
		if c.Status != result.Pass {
			t.Errorf("check %s: %s: %s", c.Check, c.Status, c.Detail)
		}
	}
	for _, w := range r.Warnings {
		t.Errorf("warning: %s", w)
	}
}

// notByMerchant are the cases that break nothing where merchants are randomised: whole merchants must be lost, and randomisation inference
// bears skewed values.
var notByMerchant = map[string]bool{"broken sample ratio": true, "guardrail on values too skewed for their number": true}

func TestFailClosed(t *testing.T) {
	event := func(name string) func([]expr.Value) bool {
		return func(row []expr.Value) bool { return row[2].Text == name }
	}
	half := start.Add(8 * datasets.Day)
	for i, c := range []struct {
		name   string
		breaks func(t *testing.T, s *shop)
		status string // of dispute_rate, or empty
		check  string // that fails, or empty
	}{
		{"risk source without rows", func(_ *testing.T, s *shop) {
			s.keep(shopRisk, func([]expr.Value) bool { return false })
		}, result.NoData, ""},
		{"one risk event without rows", func(_ *testing.T, s *shop) {
			s.keep(shopRisk, func(r []expr.Value) bool { return !event("dispute_opened")(r) })
		}, result.NoData, ""},
		{"risk source without rows in the treatment", func(_ *testing.T, s *shop) {
			s.keep(shopRisk, func(r []expr.Value) bool { return !treated(r) })
		}, result.NoData, "join_rate"},
		{"one risk event without rows in the treatment", func(_ *testing.T, s *shop) {
			s.keep(shopRisk, func(r []expr.Value) bool { return !treated(r) || !event("dispute_opened")(r) })
		}, result.NoData, ""},
		{"risk source stops half way", func(_ *testing.T, s *shop) {
			s.keep(shopRisk, func(r []expr.Value) bool { return r[1].Int < int64(half) })
		}, result.NoData, "data_freshness"},
		{"risk source stops half way in the treatment", func(_ *testing.T, s *shop) {
			s.keep(shopRisk, func(r []expr.Value) bool { return r[1].Int < int64(half) || !treated(r) })
		}, "", "data_freshness"},
		{"one risk event stops half way", func(_ *testing.T, s *shop) {
			s.keep(shopRisk, func(r []expr.Value) bool { return r[1].Int < int64(half) || !event("dispute_opened")(r) })
		}, result.NoData, ""},
		{"risk events far below their baseline", func(t *testing.T, s *shop) {
			s.replace(t, "baseline: 2%", "baseline: 10%")
		}, result.NoData, ""},
		{"guardrail without margin", func(t *testing.T, s *shop) {
			s.replace(t, "margin: 2pp, ", "")
		}, result.OK, ""},
		{"guardrail that errs", func(_ *testing.T, s *shop) {
			s.keep(shopEvents, func(r []expr.Value) bool { return !event("charge_attempted")(r) })
		}, "", ""},
		{"guardrail of an unsupported type", func(t *testing.T, s *shop) {
			s.replace(t, "type: proportion, margin: 2pp, baseline: 2%,\n     value: {from: risk, where: 'event == \"dispute_opened\"', take: any, window: [0d, 7d]}}",
				"type: delayed, margin: 2pp, horizon: 7d,\n     start: {from: events, where: 'event == \"order_captured\"', key: shopper_id}, failure: {from: risk, where: 'event == \"dispute_opened\"', key: shopper_id}}")
		}, result.NotSupported, ""},
		{"guardrail on a handful of events", func(t *testing.T, s *shop) {
			s.replace(t, ", baseline: 2%", "")
			seen := map[bool]int{}
			s.keep(shopRisk, func(r []expr.Value) bool {
				if !event("dispute_opened")(r) {
					return true
				}
				seen[treated(r)]++
				return seen[treated(r)] <= 5
			})
		}, result.OK, ""},
		{"guardrail on values too skewed for their number", func(t *testing.T, s *shop) {
			s.replace(t, "type: proportion, margin: 2pp, baseline: 2%,\n     value: {from: risk, where: 'event == \"dispute_opened\"', take: any, window: [0d, 7d]}}",
				"type: mean, margin: 50,\n     value: {from: risk, where: 'event == \"dispute_opened\"', take: sum, column: value, window: [0d, 7d]}}")
			for _, row := range s.Tables[shopRisk].Rows {
				if event("dispute_opened")(row) && row[0].Text[1] == '7' && len(row[0].Text) == 4 {
					row[3] = expr.FloatValue(5000)
				}
			}
		}, result.OK, ""},
		{"guardrail on a quantile among ties", func(t *testing.T, s *shop) {
			s.replace(t, "type: proportion, margin: 2pp, baseline: 2%,\n     value: {from: risk, where: 'event == \"dispute_opened\"', take: any, window: [0d, 7d]}}",
				"type: quantile, quantile: 0.5, margin: 2,\n     value: {from: risk, column: value, window: [0d, 7d]}}")
			for i, row := range s.Tables[shopRisk].Rows {
				row[3] = expr.FloatValue([]float64{10, 10, 10, 10, 10, 10, 10, 20, 5, 1}[i%10])
			}
		}, "", ""},
		{"unfinished windows", func(t *testing.T, s *shop) {
			s.replace(t, "complete_through: 2026-10-22}\n  risk", "complete_through: 2026-10-21}\n  risk")
		}, "", ""},
		{"unfinished windows without a schedule", func(t *testing.T, s *shop) {
			s.replace(t, "complete_through: 2026-10-22}\n  risk", "complete_through: 2026-10-21}\n  risk")
			s.replace(t, "schedule: {start: 2026-10-01, end: 2026-10-15}\n", "")
		}, result.Immature, ""},
		{"broken sample ratio", func(_ *testing.T, s *shop) {
			n := 0
			s.keep(shopExposures, func(r []expr.Value) bool {
				n++
				return !treated(r) || n%10 != 0
			})
		}, "", "sample_ratio"},
		{"assignment that the definition does not give", func(t *testing.T, s *shop) {
			s.replace(t, "control: control\n", "control: control\nassignment: {salt: other}\n")
		}, "", "assignment"},
		{"units that change variant", func(_ *testing.T, s *shop) {
			for i := 0; i < shoppers; i += 15 {
				r := append([]expr.Value{}, s.Tables[shopExposures].Rows[i]...)
				r[1], r[2] = expr.TextValue("amazon_pay"), when(start.Add(15*datasets.Day-1-datasets.Day))
				if !treated(r) {
					s.add(shopExposures, r...)
				}
			}
		}, "", "crossover"},
	} {
		for _, unit := range []string{"shopper", "merchant"} {
			t.Run(c.name+", by "+unit, func(t *testing.T) {
				if testing.Short() && (unit == "merchant" || i%8 != 0) {
					t.Skip("an eighth of them, of one unit, is enough in a hurry")
				}
				if unit == "merchant" && notByMerchant[c.name] {
					t.Skip("merchants are judged in another way, see TestMerchantsFailClosed")
				}
				s := newShop(t, shoppers)
				c.breaks(t, s)
				if unit == "merchant" {
					s = inMerchants(t, s, 200)
				}
				r := s.decide(t)
				if r.Decision.Status == result.Ship || r.Decision.Treatments[0].Status == result.Ship {
					t.Fatalf("ships: %s", r.Decision.Headline)
				}
				if got := row(t, r, "dispute_rate"); c.status != "" && got.Status != c.status {
					t.Errorf("dispute_rate is %s: %s", got.Status, got.Reason)
				}
				if c.check != "" {
					if got := check(t, r, c.check); got.Status != result.Fail || r.Decision.Status != result.Invalid {
						t.Errorf("%s %s: %s; decision %s", c.check, got.Status, got.Detail, r.Decision.Status)
					}
				}
			})
		}
	}
}

// TestAsOfPastWhatIsThere: what a source declares is all that it holds; zeros after it are not zeros.
func TestAsOfPastWhatIsThere(t *testing.T) {
	if testing.Short() {
		t.Skip("one more analysis")
	}
	s := newShop(t, shoppers)
	s.replace(t, "complete_through: 2026-10-22}\nmetrics", "complete_through: 2026-10-21}\nmetrics")
	asOf := start.Add(21 * datasets.Day)
	r, err := s.tryDecide(analysis.Options{AsOf: &asOf})
	if err != nil {
		t.Fatal(err)
	}
	c := check(t, r, "data_freshness")
	if c.Status != result.Fail || r.Decision.Status != result.Invalid || !strings.Contains(c.Detail, "risk is declared complete through 2026-10-21 only") {
		t.Errorf("%s: %s; decision %s", c.Status, c.Detail, r.Decision.Status)
	}
}

// TestRelativeMarginBelowZero: below zero a lift points the other way, so a guardrail that falls must not pass by it.
func TestRelativeMarginBelowZero(t *testing.T) {
	if testing.Short() {
		t.Skip("one more analysis")
	}
	s := newShop(t, shoppers)
	s.replace(t, "segments:", `  - {name: net_value, role: guardrail, better: higher, type: mean, margin: 5%,
     value: {from: events, where: 'event == "order_captured"', take: sum, column: '-value', window: [0d, 7d]}}
segments:`)
	r := s.decide(t)
	m := row(t, r, "net_value")
	if c := m.Comparisons[0]; *c.Difference.Estimate >= 0 || *c.Lift.Estimate <= 0 {
		t.Fatalf("not the case to be tested: %+v", c)
	}
	if m.Status != result.Failed || m.Comparisons[0].Verdict != result.NotProven || r.Decision.Status == result.Ship {
		t.Errorf("%s, %s, %s: %s", m.Status, m.Comparisons[0].Verdict, r.Decision.Status, r.Decision.Headline)
	}
}

func TestNothingToCompare(t *testing.T) {
	for name, holds := range map[string]func([]expr.Value) bool{
		"empty":            func([]expr.Value) bool { return false },
		"only control":     func(r []expr.Value) bool { return !treated(r) },
		"only the treated": treated,
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, 100)
			s.keep(shopExposures, holds)
			_, err := s.tryDecide(analysis.Options{})
			if err == nil || !strings.Contains(err.Error(), "no analysed unit") {
				t.Errorf("error: %v", err)
			}
		})
	}
}
