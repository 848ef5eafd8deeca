package analysis_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/decision"
	"liftgate/experiment/result"
)

// TestGuardrailOnUncappedValues: a guardrail that a cap makes judgeable blocks where the values without it are too skewed for their number,
// however far inside the margin their interval lies; where they are not, it passes.
func TestGuardrailOnUncappedValues(t *testing.T) {
	if testing.Short() {
		t.Skip("many units")
	}
	for _, unit := range []string{"shopper", "merchant"} {
		for _, c := range []struct {
			name    string
			large   float64
			forget  bool // as in files from before the skewness of uncapped values was kept
			outside string
		}{
			{"within", 10, false, ""},
			{"too skewed", 5000, false, "values are too skewed"},
			{"not known", 10, true, "the skewness of the values is not known"},
		} {
			t.Run(unit+", "+c.name, func(t *testing.T) {
				s := newShop(t, shoppers)
				s.guardLosses(t, c.large)
				if unit == "merchant" {
					s = inMerchants(t, s, 200)
				}
				r := s.decideBy(t, func(ev *datasets.Evidence) {
					for i := range ev.Blocks {
						if c.forget {
							ev.Blocks[i].UncappedSkewness = nil
						}
					}
				})
				got := row(t, r, "dispute_rate").Comparisons[0]
				if got.Verdict != result.NonInferior || got.Outside != "" {
					t.Fatalf("not the case to be tested: %s, outside %q", got.Verdict, got.Outside)
				}
				uncapped := got.Sensitivity[slices.IndexFunc(got.Sensitivity, func(s result.Sensitivity) bool { return s.Name == "uncapped" })]
				if *uncapped.Difference.Upper >= got.Margin.Value {
					t.Fatalf("not the case to be tested: up to %g", *uncapped.Difference.Upper)
				}
				if !strings.Contains(uncapped.Outside, c.outside) || (uncapped.Verdict == result.NonInferior) != (c.outside == "") {
					t.Errorf("%s, outside %q", uncapped.Verdict, uncapped.Outside)
				}
				blocked := guarded(t, r)
				if want := c.outside != ""; blocked.Blocks != want || (r.Decision.Status == result.Ship) == want {
					t.Errorf("%s: %+v", r.Decision.Status, blocked)
				}
				if !strings.Contains(blocked.Why, uncapped.Outside) || strings.Contains(blocked.Why, "cap the metric") {
					t.Errorf("why: %s", blocked.Why)
				}
			})
		}
	}
}

// guardLosses guards the value of disputes, capped at 8; some are large.
func (s *shop) guardLosses(t testing.TB, large float64) {
	t.Helper()
	s.replace(t, "type: proportion, margin: 2pp, baseline: 2%,\n     value: {from: risk, where: 'event == \"dispute_opened\"', take: any, window: [0d, 7d]}}",
		"type: mean, margin: 50, cap: {upper: 8},\n     value: {from: risk, where: 'event == \"dispute_opened\"', take: sum, column: value, window: [0d, 7d]}}")
	for _, r := range s.Tables[shopRisk].Rows {
		if r[2].Text == "dispute_opened" && r[0].Text[1] == '7' && len(r[0].Text) == 4 {
			r[3] = expr.FloatValue(large)
		}
	}
}

// decideBy decides by evidence that was edited.
func (s *shop) decideBy(t testing.TB, edit func(*datasets.Evidence)) *result.Result {
	t.Helper()
	d, err := experiment.Parse("shop.yaml", []byte(s.yaml))
	if err != nil {
		t.Fatal(err)
	}
	study, err := analysis.Bind(context.Background(), d, s.source(), analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := s.source().Observe(context.Background(), &study.Query)
	if err != nil {
		t.Fatal(err)
	}
	edit(ev)
	r, err := study.Infer(ev, analysis.Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	r.Decision = decision.Decide(r)
	return r
}

func guarded(t testing.TB, r *result.Result) result.Hypothesis {
	t.Helper()
	for _, h := range r.Decision.Treatments[0].Hypotheses {
		if h.Metric == "dispute_rate" {
			return h
		}
	}
	t.Fatal("no hypothesis about dispute_rate")
	return result.Hypothesis{}
}
