package analysis_test

import (
	"strconv"
	"strings"
	"testing"

	"liftgate/experiment/result"
)

// TestRareLossesOverMerchants: a margin is not proven by losses that hardly any shopper has, whether they are counted, added up or averaged
// by merchant: where those of the treatment happen to be missing, an interval over merchants is short and far from the margin.
func TestRareLossesOverMerchants(t *testing.T) {
	if testing.Short() {
		t.Skip("several analyses")
	}
	guardrails := "metrics:\n" +
		"  - {name: lost, role: guardrail, better: lower, type: proportion, margin: 5pp, value: {column: spent}}\n" +
		"  - {name: loss, role: guardrail, better: lower, type: mean, margin: 0.05, value: {column: spent}}\n" +
		"  - {name: lost_by_merchant, role: guardrail, better: lower, type: proportion, weight: merchant, margin: 5pp, value: {column: spent}}\n"
	for _, c := range []struct {
		name   string
		losers func(merchant, shopper int) bool
		proven bool
	}{
		{"few", func(merchant, shopper int) bool { return merchant < 6 && shopper == 0 }, false},
		{"many", func(merchant, shopper int) bool { return (merchant/2+shopper)%4 == 0 }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rows [][4]any
			for merchant := range 100 {
				for shopper := range 20 + merchant/2%3 {
					lost := 0.0
					if c.losers(merchant, shopper) {
						lost = 1
					}
					rows = append(rows, [4]any{strconv.Itoa(shopper), strconv.Itoa(merchant), []string{"control", "amazon_pay"}[merchant%2], lost})
				}
			}
			s := merchantTable(t, rows)
			s.replace(t, "metrics:\n", guardrails)
			r := s.decide(t)
			for _, name := range []string{"lost", "loss", "lost_by_merchant"} {
				got := row(t, r, name).Comparisons[0]
				if (got.Outside == "") != c.proven || (got.Verdict == result.NonInferior) != c.proven {
					t.Errorf("%s: %s, %s, outside %q", name, got.Method, got.Verdict, got.Outside)
				}
			}
		})
	}
}

// TestOneMerchantIsMostOfAVariant: then no number of others says what the average effect is.
func TestOneMerchantIsMostOfAVariant(t *testing.T) {
	var rows [][4]any
	for merchant := range 60 {
		shoppers := 5
		if merchant == 1 {
			shoppers = 400
		}
		for shopper := range shoppers {
			spent := float64(10 + (merchant*7+shopper*3)%11 + merchant%2*20)
			rows = append(rows, [4]any{strconv.Itoa(shopper), strconv.Itoa(merchant), []string{"control", "amazon_pay"}[merchant%2], spent})
		}
	}
	c := row(t, merchantTable(t, rows).decide(t), "spent").Comparisons[0]
	if c.Method != "randomisation" || !strings.Contains(c.Outside, "one merchant holds 73% of its variant") || c.Verdict != result.Inconclusive {
		t.Errorf("%s: %s, outside %q", c.Method, c.Verdict, c.Outside)
	}
}
