package analysis_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
	"liftgate/experiment/result"
)

// inMerchants turns a shop's experiment into one in which merchants are randomised: of every two, one is treated. Their sizes are as
// those of the first numbers of a triangle, 1 to n/2.
func inMerchants(t testing.TB, s *shop, merchants int) *shop {
	t.Helper()
	var sizes []int
	for k := range merchants / 2 {
		for range k + 1 {
			sizes = append(sizes, k)
		}
	}
	s.replace(t, "unit: shopper\n", "unit: merchant\n")
	s.yaml = strings.ReplaceAll(s.yaml, "unit: shopper_id", "unit: shopper_id, cluster: merchant_id")
	for _, table := range s.Tables {
		table.Columns = append(table.Columns, datasets.Column{Name: "merchant_id", Type: expr.Text})
		for i, row := range table.Rows {
			shopper := number(t, row[0])
			merchant := 2*sizes[shopper/2%len(sizes)] + shopper%2
			table.Rows[i] = append(row, expr.TextValue("m"+strconv.Itoa(merchant)))
		}
	}
	return s
}

// number is that of a shopper or merchant, s7 or m7.
func number(t testing.TB, v expr.Value) int {
	t.Helper()
	n, err := strconv.Atoi(v.Text[1:])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestMerchants: with many and even merchants everything is judged by cluster-robust errors, and a good launch ships.
func TestMerchants(t *testing.T) {
	s := inMerchants(t, newShop(t, shoppers), 200)
	r := s.decide(t)
	if r.Decision.Status != result.Ship {
		t.Errorf("%s: %s", r.Decision.Status, r.Decision.Headline)
	}
	for _, c := range r.Checks {
		if c.Status != result.Pass {
			t.Errorf("check %s: %s: %s", c.Check, c.Status, c.Detail)
		}
	}
	var merchants, analysed int64
	for _, v := range r.Exposure.Variants {
		merchants, analysed = merchants+v.Units, analysed+*v.AnalysisUnits
	}
	if merchants != 200 || analysed != shoppers {
		t.Errorf("%d merchants with %d shoppers", merchants, analysed)
	}
	for _, m := range r.Metrics {
		c := m.Comparisons[0]
		if !strings.HasPrefix(c.Method, "cluster-cr2") || !strings.HasPrefix(c.Choice, "merchants are randomised: standard errors over 200 merchants (as good as 15") || c.Outside != "" {
			t.Errorf("%s: %s (%s) %s", m.Metric, c.Method, c.Choice, c.Outside)
		}
		if c.Clusters == nil || c.Clusters.Number != 200 || c.Clusters.Effective < 140 || c.Clusters.Effective > 160 {
			t.Errorf("%s: %+v", m.Metric, c.Clusters)
		}
	}
}

// TestFewMerchants: below 40 effective merchants, randomisation inference decides, and says so.
func TestFewMerchants(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	s := inMerchants(t, newShop(t, shoppers), 20)
	r := s.decide(t)
	if c := check(t, r, "clusters"); c.Status != result.Warn || c.Blocks || !strings.Contains(c.Detail, "equal ones, fewer than 40") {
		t.Errorf("%+v", c)
	}
	for _, m := range r.Metrics {
		if c := m.Comparisons[0]; c.Method != "randomisation" || !strings.Contains(c.Choice, "randomisation inference, over 9,999 random redraws") {
			t.Errorf("%s: %s (%s)", m.Metric, c.Method, c.Choice)
		}
	}
	again := s.decide(t)
	if a, b := *r.Metrics[0].Comparisons[0].PValue, *again.Metrics[0].Comparisons[0].PValue; a != b {
		t.Errorf("p %g, then %g: draws depend on more than the definition", a, b)
	}
}

// TestMerchantsFailClosed breaks what only merchants have.
func TestMerchantsFailClosed(t *testing.T) {
	merchant := func(r []expr.Value) int { return number(t, r[len(r)-1]) }
	for i, c := range []struct {
		name   string
		breaks func(s *shop)
		check  string
		status string // of the check
	}{
		{"merchants are lost in the treatment", func(s *shop) {
			s.keep(shopExposures, func(r []expr.Value) bool { return !treated(r) || merchant(r)%4 == 1 })
		}, "sample_ratio", result.Fail},
		{"merchants that change variant", func(s *shop) {
			for i, r := range s.Tables[shopExposures].Rows {
				if i%500 == 0 {
					s.add(shopExposures, expr.TextValue("other"+strconv.Itoa(i)), expr.TextValue("amazon_pay"), when(start.Add(13*datasets.Day)), r[3], r[4])
				}
			}
		}, "crossover", result.Fail},
		{"the treatment exposes fewer shoppers", func(s *shop) {
			s.keep(shopExposures, func(r []expr.Value) bool { return !treated(r) || number(t, r[0])/2%2 == 0 })
		}, "clusters", result.Warn},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && i > 0 {
				t.Skip("one of them is enough in a hurry")
			}
			s := inMerchants(t, newShop(t, shoppers), 200)
			c.breaks(s)
			r := s.decide(t)
			got := check(t, r, c.check)
			if got.Status != c.status || got.Blocks && r.Decision.Status != result.Invalid {
				t.Errorf("%s: %s; %s", got.Status, got.Detail, r.Decision.Status)
			}
		})
	}
}

// TestQuantileOfFewMerchants: the quantile is shown, but with twenty merchants nothing is proven by it, and it blocks.
func TestQuantileOfFewMerchants(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	for merchants, want := range map[int]string{20: result.NotProven, 300: result.NonInferior} {
		s := newShop(t, shoppers)
		s.replace(t, "segments:", `  - {name: order_p75, role: guardrail, better: higher, type: quantile, quantile: 0.75, over: rows, margin: 30%,
     value: {from: events, where: 'event == "order_captured"', column: value, window: [0d, 7d]}}
segments:`)
		r := inMerchants(t, s, merchants).decide(t)
		m := row(t, r, "order_p75")
		c := m.Comparisons[0]
		if c.Verdict != want || m.Status != result.OK || m.Variants[0].Value == nil || m.Variants[0].Sum != nil || *m.Variants[0].StdError <= 0 {
			t.Errorf("%d merchants: %s, %s (%s), %+v", merchants, m.Status, c.Verdict, c.Outside, m.Variants[0])
		}
		if m.Variants[0].N != shoppers/2 {
			t.Errorf("%d shoppers", m.Variants[0].N)
		}
		if outside := c.Outside != ""; outside != (want == result.NotProven) {
			t.Error(c.Outside)
		}
		if c.Outside == "" {
			continue
		}
		for _, h := range r.Decision.Treatments[0].Hypotheses {
			if h.Metric == "order_p75" && (!h.Blocks || !strings.HasPrefix(h.Needs, "More merchants")) {
				t.Errorf("%+v", h)
			}
		}
		if r.Decision.Status == result.Ship {
			t.Error(r.Decision.Headline)
		}
	}
}

// merchantTable is a unit table of six merchants, worked out by hand.
func merchantTable(t testing.TB, rows [][4]any) *shop {
	t.Helper()
	text := func(name string) datasets.Column { return datasets.Column{Name: name, Type: expr.Text} }
	s := &shop{yaml: `liftgate: 1
name: merchants
unit: merchant
variants: [{name: control, weight: 50}, {name: amazon_pay, weight: 50}]
control: control
data: {units: {files: units.parquet, unit: shopper_id, variant: variant, cluster: merchant_id}}
metrics:
  - {name: spent, role: success, better: higher, type: mean, value: {column: spent}}
  - {name: spent_by_merchant, role: supporting, better: higher, type: mean, weight: merchant, value: {column: spent}}
`}
	s.Tables = []*sourcetest.Table{{
		Spec: datasets.Table{Name: "units"}, Columns: []datasets.Column{text("shopper_id"), text("merchant_id"), text("variant"), {Name: "spent", Type: expr.Number}},
	}}
	for _, r := range rows {
		s.add(0, expr.TextValue(r[0].(string)), expr.TextValue(r[1].(string)), expr.TextValue(r[2].(string)), expr.FloatValue(r[3].(float64)))
	}
	return s
}

// TestMerchantsByHand: three merchants against three. All twenty assignments are gone through here too, with the studentised difference of
// Hajek means; shoppers' names may recur at another merchant.
func TestMerchantsByHand(t *testing.T) {
	merchants := []struct {
		name   string
		values []float64
	}{{"a", []float64{9, 11, 10}}, {"b", []float64{12, 14}}, {"c", []float64{13, 11, 12, 12}}, {"d", []float64{7, 8}}, {"e", []float64{6, 9, 9}}, {"f", []float64{8}}}
	var rows [][4]any
	for i, m := range merchants {
		for j, v := range m.values {
			rows = append(rows, [4]any{"s" + strconv.Itoa(j), m.name, []string{"amazon_pay", "control"}[i/3], v})
		}
	}
	statistic := func(treated []int) (difference, se [3]float64) {
		var y, n, sums [2]float64
		arm := func(i int) int {
			if slices.Contains(treated, i) {
				return 1
			}
			return 0
		}
		for i, m := range merchants {
			for _, v := range m.values {
				y[arm(i)] += v
				n[arm(i)]++
			}
		}
		for i, m := range merchants {
			e := 0.0
			for _, v := range m.values {
				e += v - y[arm(i)]/n[arm(i)]
			}
			sums[arm(i)] += e * e
		}
		for a := range sums {
			se[a] = math.Sqrt(1.5*sums[a]) / n[a] // 3 clusters: G/(G-1)
		}
		difference[0] = y[1]/n[1] - y[0]/n[0]
		se[2] = math.Hypot(se[0], se[1])
		return difference, se
	}
	observed, se := statistic([]int{0, 1, 2})
	extreme := 0
	for i := range 6 {
		for j := range i {
			for k := range j {
				if d, se2 := statistic([]int{i, j, k}); math.Abs(d[0]/se2[2]) >= math.Abs(observed[0]/se[2])*(1-1e-9) {
					extreme++
				}
			}
		}
	}
	r := merchantTable(t, rows).decide(t)
	m := row(t, r, "spent")
	c := m.Comparisons[0]
	near := func(what string, got *float64, want float64) {
		t.Helper()
		if got == nil || math.Abs(*got-want) > 1e-12*math.Abs(want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	near("difference", c.Difference.Estimate, 104.0/9-47.0/6)
	near("standard error of the control", m.Variants[0].StdError, se[0])
	near("standard error of the treatment", m.Variants[1].StdError, se[1])
	near("standard error", c.Difference.StdError, se[2])
	near("p", c.PValue, float64(extreme)/20)
	near("merchants' own levels", row(t, r, "spent_by_merchant").Comparisons[0].Difference.Estimate, (10.0+13+12)/3-(7.5+8+8)/3)
	if c.Difference.Lower != nil || c.Difference.Upper != nil || c.Lift.Shape != "all" || c.Verdict != result.Inconclusive {
		t.Errorf("twenty assignments cannot exclude anything at 5%%: %+v %+v %s", c.Difference, c.Lift, c.Verdict)
	}
	if !strings.Contains(c.Choice, "all 20 possible assignments") {
		t.Error(c.Choice)
	}
	near("sum", m.Variants[1].Sum, 104)
	if m.Variants[1].N != 9 || r.Exposure.Variants[1].Units != 3 {
		t.Errorf("%+v, %+v", m.Variants[1], r.Exposure.Variants[1])
	}
	if w := row(t, r, "spent_by_merchant").Variants[1]; w.N != 3 || w.Sum != nil {
		t.Errorf("%+v", w)
	}
}

// TestOneShopperAMerchant: then a merchant is a unit, CR2 is HC2, and means and ratios are compared as over units.
func TestOneShopperAMerchant(t *testing.T) {
	merchants := 4000
	if testing.Short() {
		merchants = 1200
	}
	plain := newShop(t, merchants).decide(t)
	s := newShop(t, merchants)
	s.replace(t, "unit: shopper\n", "unit: merchant\n")
	s.yaml = strings.ReplaceAll(s.yaml, "unit: shopper_id", "unit: shopper_id, cluster: shopper_id")
	clustered := s.decide(t)
	for _, name := range []string{"authorization_rate", "refund_value"} {
		a, b := row(t, plain, name).Comparisons[0], row(t, clustered, name).Comparisons[0]
		for what, pair := range map[string][2]*float64{
			"difference": {a.Difference.Estimate, b.Difference.Estimate}, "error": {a.Difference.StdError, b.Difference.StdError},
			"lower": {a.Difference.Lower, b.Difference.Lower}, "lift": {a.Lift.Upper, b.Lift.Upper}, "p": {a.PValue, b.PValue},
		} {
			if math.Abs(*pair[0]-*pair[1]) > 1e-9*math.Abs(*pair[0]) {
				t.Errorf("%s, %s: %v over shoppers, %v over merchants", name, what, *pair[0], *pair[1])
			}
		}
	}
	if a, b := row(t, plain, "conversion"), row(t, clustered, "conversion"); *a.Variants[0].Value != *b.Variants[0].Value {
		t.Errorf("%v and %v", *a.Variants[0].Value, *b.Variants[0].Value)
	}
}

// TestOneMerchantsDisputes: where one merchant has all the disputes, chance put them into one variant; that is no dead feed in the other,
// and no proof of safety either.
func TestOneMerchantsDisputes(t *testing.T) {
	if testing.Short() {
		t.Skip("one more analysis")
	}
	s := newShop(t, shoppers)
	s.replace(t, ", baseline: 2%", "")
	s = inMerchants(t, s, 200)
	s.keep(shopRisk, func(r []expr.Value) bool { return r[2].Text != "dispute_opened" })
	for _, r := range s.Tables[shopExposures].Rows {
		if r[4].Text == "m198" {
			s.add(shopRisk, r[0], when(datasets.Instant(r[2].Int).Add(6*datasets.Day)), expr.TextValue("dispute_opened"), expr.FloatValue(10), r[4])
		}
	}
	m := row(t, s.decide(t), "dispute_rate")
	if c := m.Comparisons[0]; m.Status != result.OK || c.Verdict != result.NotProven || c.Method != "randomisation" {
		t.Errorf("%s (%s), %s by %s: %s", m.Status, m.Reason, c.Verdict, c.Method, c.Choice)
	}
	if *m.Variants[1].Sum != 0 || *m.Variants[0].Sum < 30 {
		t.Errorf("not the case to be tested: %v and %v disputes", *m.Variants[0].Sum, *m.Variants[1].Sum)
	}
}
