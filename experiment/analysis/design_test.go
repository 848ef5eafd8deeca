package analysis_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/experiment/result"
)

// designed turns a shop in merchants into one whose merchants were assigned by a design: its record lists them, and some more who never had a
// shopper. Two merchants of one size are a pair; strata are four, by size.
func designed(t testing.TB, s *shop, merchants int, method string, edit func(r *assignment.Record)) *shop {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.json")
	keys := map[string]string{"paired": "balance: [size]", "stratified": "strata: [group]", "rerandomized": "balance: [size]"}
	design := fmt.Sprintf("{method: %s, %s, seed: 1, record: %q}", method, keys[method], path)
	s.replace(t, "control: control\n", "control: control\nassignment: {design: "+design+"}\n")
	r := recordOf(t, s, method, merchants)
	if edit != nil {
		edit(r)
	}
	slices.SortFunc(r.Merchants, func(a, b assignment.Listed) int { return strings.Compare(a.Unit, b.Unit) })
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	return s
}

func recordOf(t testing.TB, s *shop, method string, merchants int) *assignment.Record {
	t.Helper()
	d, err := experiment.Parse("shop.yaml", []byte(s.yaml))
	if err != nil {
		t.Fatal(err)
	}
	r := assignment.NewRecord(d)
	switch method {
	case "paired":
		r.Matching = &assignment.Matching{Size: 2}
	case "rerandomized":
		r.Limit = 0.2
	}
	for i := range merchants {
		m := assignment.Listed{Unit: "m" + strconv.Itoa(i), Variant: []string{"control", "amazon_pay"}[i%2], Reason: bucket.Assigned}
		if method != "stratified" {
			m.Balance = []float64{float64(i / 2)}
		}
		switch method {
		case "paired":
			m.Block, m.Pair = i/2+1, i/2+1
		case "stratified":
			m.Block = 1 + 4*i/merchants
		default:
			m.Block = 1
		}
		r.Merchants = append(r.Merchants, m)
	}
	return r
}

// TestDesigns: the analysis goes by the design, and says so.
func TestDesigns(t *testing.T) {
	for _, c := range []struct {
		method string
		few    bool
		says   string
		blocks int64
	}{
		{"paired", false, "merchants are randomised in 100 matched pairs: the variance of 200 merchants (as good as 7", 100},
		{"stratified", false, "merchants are randomised in 4 strata: the variance of 200 merchants (as good as 1", 4},
		{"rerandomized", false, "equal ones) is that between merchants after a regression on what was balanced", 1},
		{"paired", true, "merchants are randomised in 10 matched pairs, but the 20 are only as good as", 10},
		{"rerandomized", true, "9,999 random redraws by the same design", 1},
	} {
		t.Run(fmt.Sprint(c.method, c.few), func(t *testing.T) {
			if testing.Short() && (c.few || c.method != "paired") {
				t.Skip("simulation")
			}
			merchants := 200
			if c.few {
				merchants = 20
			}
			s := designed(t, inMerchants(t, newShop(t, shoppers), merchants), merchants, c.method, nil)
			r := s.decide(t)
			if !c.few && r.Decision.Status != result.Ship {
				t.Errorf("%s: %s", r.Decision.Status, r.Decision.Headline)
			}
			for _, check := range r.Checks {
				if check.Status != result.Pass && (check.Check != "clusters" || !c.few) {
					t.Errorf("check %s: %s: %s", check.Check, check.Status, check.Detail)
				}
			}
			for _, m := range r.Metrics {
				got := m.Comparisons[0]
				want := map[bool]string{false: "cluster-blocks", true: "randomisation"}[c.few]
				if !strings.HasPrefix(got.Method, want) || !strings.Contains(got.Choice, c.says) {
					t.Errorf("%s by %s: %s (%s)", m.Metric, got.Method, got.Choice, got.Outside)
				}
				if got.Clusters == nil || got.Clusters.Blocks == nil || got.Clusters.Blocks.Number != c.blocks || got.Clusters.Blocks.Incomplete != 0 {
					t.Errorf("%s: %+v", m.Metric, got.Clusters)
				}
				for _, label := range got.AdjustedFor {
					if strings.Contains(label, "size") {
						t.Errorf("%s: what was balanced is no covariate of the metric: %v", m.Metric, got.AdjustedFor)
					}
				}
			}
			if d := check(t, r, "sample_ratio").Detail; !strings.Contains(d, fmt.Sprintf("control %d of %d", merchants/2, merchants/2)) {
				t.Error(d)
			}
		})
	}
}

// TestDesignKeepsTheEstimate: pairs change what is known of it.
func TestDesignKeepsTheEstimate(t *testing.T) {
	if testing.Short() {
		t.Skip("two analyses")
	}
	plain := inMerchants(t, newShop(t, shoppers), 200).decide(t)
	pairs := designed(t, inMerchants(t, newShop(t, shoppers), 200), 200, "paired", nil).decide(t)
	a, b := row(t, plain, "conversion").Comparisons[0], row(t, pairs, "conversion").Comparisons[0]
	if *a.Difference.Estimate != *b.Difference.Estimate {
		t.Errorf("the estimate is %v without pairs, %v with", *a.Difference.Estimate, *b.Difference.Estimate)
	}
	if *b.Difference.StdError <= 0 || *b.Difference.StdError == *a.Difference.StdError {
		t.Errorf("standard errors %v and %v", *a.Difference.StdError, *b.Difference.StdError)
	}
}

// TestEligibility: the condition is computed again where the logged rows have its columns, and where not the check says so.
func TestEligibility(t *testing.T) {
	for name, c := range map[string]struct{ condition, status, says string }{
		"holds":     {`country in ["DE", "US"]`, result.Pass, "Eligibility was computed again"},
		"does not":  {`country == "DE"`, result.Fail, "should not have taken part. Eligibility was computed again"},
		"no column": {`platform == "shopify"`, result.Pass, `Eligibility could not be computed again: exposures has no column "platform".`},
	} {
		t.Run(name, func(t *testing.T) {
			s := designed(t, inMerchants(t, newShop(t, 600), 20), 20, "paired", nil)
			s.replace(t, "assignment: {design", fmt.Sprintf("assignment: {eligible: '%s', design", c.condition))
			if got := check(t, s.decide(t), "assignment"); got.Status != c.status || !strings.Contains(got.Detail, c.says) {
				t.Errorf("%s: %s", got.Status, got.Detail)
			}
		})
	}
}

// TestGrowthBookHash: logged variants are computed again by that hash too.
func TestGrowthBookHash(t *testing.T) {
	hashes := []string{"growthbook-v1", "growthbook-v2"}
	if testing.Short() {
		hashes = hashes[:1]
	}
	for _, hash := range hashes {
		s := newShop(t, 2000)
		s.replace(t, "control: control\n", "control: control\nassignment: {hash: "+hash+"}\n")
		d, err := experiment.Parse("shop.yaml", []byte(s.yaml))
		if err != nil {
			t.Fatal(err)
		}
		assigner, err := assignment.Load(d)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range s.Tables[shopExposures].Rows {
			s.Tables[shopExposures].Rows[i][1] = expr.TextValue(assigner.Assign(r[0].Text, nil).Variant)
		}
		if got := check(t, s.decide(t), "assignment"); got.Status != result.Pass || !strings.Contains(got.Detail, "All 2,000") {
			t.Errorf("%s: %s: %s", hash, got.Status, got.Detail)
		}
		s.Tables[shopExposures].Rows[7][1] = expr.TextValue(map[string]string{"control": "amazon_pay", "amazon_pay": "control"}[s.Tables[shopExposures].Rows[7][1].Text])
		if got := check(t, s.decide(t), "assignment"); got.Status != result.Fail {
			t.Errorf("%s: %s: %s", hash, got.Status, got.Detail)
		}
	}
}

// TestBlocksOfThree: with two treatments a comparison goes by its own two merchants of each block.
func TestBlocksOfThree(t *testing.T) {
	const blocks = 60
	variants := []string{"control", "amazon_pay", "express"}
	var rows [][4]any
	for m := range 3 * blocks {
		for shopper := range 4 + m/3%3 {
			rows = append(rows, [4]any{strconv.Itoa(shopper), "m" + strconv.Itoa(m), variants[m%3], float64(10 + m/3 + (m*7+shopper*3)%11 + 2*(m%3))})
		}
	}
	s := merchantTable(t, rows)
	s.replace(t, "[{name: control, weight: 50}, {name: amazon_pay, weight: 50}]", "[{name: control, weight: 1}, {name: amazon_pay, weight: 1}, {name: express, weight: 1}]")
	path := filepath.Join(t.TempDir(), "list.json")
	s.replace(t, "control: control\n", fmt.Sprintf("control: control\nassignment: {design: {method: paired, balance: [gmv], seed: 1, record: %q}}\n", path))
	d, err := experiment.Parse("merchants.yaml", []byte(s.yaml))
	if err != nil {
		t.Fatal(err)
	}
	r := assignment.NewRecord(d)
	r.Matching = &assignment.Matching{Size: 3}
	for m := range 3*blocks + 3 { // the last block had no shoppers
		r.Merchants = append(r.Merchants, assignment.Listed{
			Unit: "m" + strconv.Itoa(m), Variant: variants[m%3], Reason: bucket.Assigned, Block: m/3 + 1, Pair: m/3 + 1, Balance: []float64{float64(m)},
		})
	}
	slices.SortFunc(r.Merchants, func(a, b assignment.Listed) int { return strings.Compare(a.Unit, b.Unit) })
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	res := s.decide(t)
	for i, c := range row(t, res, "spent").Comparisons {
		if c.Method != "cluster-blocks" || c.Clusters.Number != 2*blocks || c.Clusters.Blocks.Number != blocks+1 || c.Clusters.Blocks.Incomplete != 0 ||
			!strings.HasPrefix(c.Choice, "merchants are randomised in 61 matched blocks of 3") {
			t.Errorf("%s: %s, %+v, %s", c.Variant, c.Method, c.Clusters, c.Choice)
		}
		if lower, upper := *c.Difference.Lower, *c.Difference.Upper; lower > float64(2*i+2)+1.5 || upper < float64(2*i+2)-1.5 {
			t.Errorf("%s: %v to %v", c.Variant, lower, upper)
		}
	}
	if by := row(t, res, "spent_by_merchant").Comparisons[0]; by.Method != "cluster-blocks" || by.Clusters.Number != 2*blocks {
		t.Errorf("%s, %+v", by.Method, by.Clusters)
	}
	if c := check(t, res, "sample_ratio"); c.Status != result.Pass || !strings.Contains(c.Detail, "express 60 of 61") {
		t.Errorf("%s: %s", c.Status, c.Detail)
	}
}

// TestLessBalancedThanAccepted: where merchants are not analysed as the list was drawn, redraws may be as unbalanced as what is seen, and the
// result says so.
func TestLessBalancedThanAccepted(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	s := designed(t, inMerchants(t, newShop(t, 2000), 20), 20, "rerandomized", func(r *assignment.Record) {
		r.Limit = 0.001
		r.Merchants = r.Merchants[:19] // the largest is a stranger, with what is typical of the others
	})
	r := s.decide(t)
	if !slices.ContainsFunc(r.Warnings, func(w string) bool {
		return strings.Contains(w, "amazon_pay and control are farther apart in size") && strings.Contains(w, "than their design accepted (0.001)")
	}) {
		t.Error(r.Warnings)
	}
	if c := row(t, r, "conversion").Comparisons[0]; c.Method != "randomisation" || c.PValue == nil {
		t.Errorf("%+v", c)
	}
	if c := check(t, r, "assignment"); c.Status != result.Fail {
		t.Errorf("%+v", c)
	}
}
