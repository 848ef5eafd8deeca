package analysis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/assignment"
	"liftgate/experiment/decision"
	"liftgate/experiment/result"
	"liftgate/stats/randomisation"
)

// taken is a run that is held in memory.
type taken struct {
	definition *experiment.Definition
	evidence   *datasets.Evidence
	result     *result.Result
}

// run analyses a shop with evidence of all parts.
func (s *shop) run(t testing.TB) *taken {
	t.Helper()
	d, err := experiment.Parse("shop.yaml", []byte(s.yaml))
	if err != nil {
		t.Fatal(err)
	}
	study, err := analysis.Bind(context.Background(), d, s.source(), analysis.Options{Views: true})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := s.source().Observe(context.Background(), &study.Query)
	if err != nil {
		t.Fatal(err)
	}
	r, err := study.Infer(ev, analysis.Stamp{Engine: "test", Fingerprint: "none"})
	if err != nil {
		t.Fatal(err)
	}
	r.Decision = decision.Decide(r)
	return &taken{d, ev, r}
}

func (r *taken) recut(c result.Cut) (*result.Result, error) {
	study, err := analysis.Reopen(r.definition, r.evidence, analysis.Options{})
	if err != nil {
		return nil, err
	}
	part, err := study.Recut(r.evidence, r.result, c, analysis.Stamp{Engine: "test", Fingerprint: "none"})
	if err == nil {
		part.Decision = decision.Decide(part)
	}
	return part, err
}

// restricted is the analysis of the shop's units that a cut is about, with the caps of the run.
func (s *shop) restricted(t testing.TB, whole *result.Result, c result.Cut) *result.Result {
	t.Helper()
	own := &shop{yaml: s.yaml}
	for _, table := range s.Tables {
		copied := *table
		own.Tables = append(own.Tables, &copied)
	}
	for name, value := range c.Segments {
		at := slices.IndexFunc(s.Tables[shopExposures].Columns, func(c datasets.Column) bool { return c.Name == name })
		own.keep(shopExposures, func(row []expr.Value) bool {
			return row[at].Plain() == value || value == datasets.NoValue && row[at].Null()
		})
	}
	if c := row(t, whole, "captured_value").Cap; c != nil {
		own.replace(t, "cap: {upper: 99%}", "cap: {upper: "+strconv.FormatFloat(*c.Upper, 'g', -1, 64)+"}")
	}
	if c.Age != nil {
		own.yaml = strings.ReplaceAll(own.yaml, "window: [0d, 7d]", fmt.Sprintf("window: [0d, %dd]", *c.Age))
	}
	var o analysis.Options
	if c.Day != nil {
		end, err := experiment.ParseInstant(*c.Day, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		end = end.Add(datasets.Day)
		o.AsOf = &end
	}
	r, err := own.tryDecide(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// onDevices gives every exposure a device, of one kind in a merchant, and to some none.
func onDevices(s *shop) *shop {
	table := s.Tables[shopExposures]
	of := max(slices.IndexFunc(table.Columns, func(c datasets.Column) bool { return c.Name == "merchant_id" }), 0)
	table.Columns = append(table.Columns, datasets.Column{Name: "device", Type: expr.Text})
	for i, row := range table.Rows {
		n, _ := strconv.Atoi(row[of].Text[1:])
		device := expr.TextValue([]string{"mobile", "desktop"}[n/2%3%2])
		if n%17 == 0 {
			device = expr.Value{}
		}
		table.Rows[i] = append(row, device)
	}
	s.yaml = strings.Replace(s.yaml, "attributes: [country]", "attributes: [country, device]", 1)
	s.yaml = strings.Replace(s.yaml, "segments: [country]", "segments: [device, country]", 1)
	return s
}

// crossing exposes some shoppers to the other variant, too, a moment later.
func crossing(s *shop) *shop {
	for i, row := range slices.Clone(s.Tables[shopExposures].Rows) {
		if i%300 == 0 {
			again := slices.Clone(row)
			again[1] = expr.TextValue(map[string]string{"control": "amazon_pay", "amazon_pay": "control"}[row[1].Text])
			again[2].Int++
			s.Tables[shopExposures].Rows = append(s.Tables[shopExposures].Rows, again)
		}
	}
	return s
}

// quantiles adds one over rows.
func quantiles(s *shop) *shop {
	s.yaml = strings.Replace(s.yaml, "segments:", `  - {name: order_p90, role: supporting, better: higher, type: quantile, quantile: 0.9, over: rows,
     value: {from: events, where: 'event == "order_captured"', column: value, window: [0d, 7d]}}
segments:`, 1)
	return s
}

func in(pairs ...string) result.Cut {
	c := result.Cut{Segments: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		c.Segments[pairs[i]] = pairs[i+1]
	}
	return c
}

func by(c result.Cut, day string) result.Cut {
	c.Day = &day
	return c
}

func aged(c result.Cut, age int) result.Cut {
	c.Age = &age
	return c
}

// TestRecutIsAnalysisOfRestrictedData: shoppers and merchants, proportions, capped and adjusted means, ratios, quantiles, crossover units.
func TestRecutIsAnalysisOfRestrictedData(t *testing.T) {
	size := 2000
	if testing.Short() {
		size = 700
	}
	shops := []struct {
		name string
		make func(t testing.TB) *shop
		cuts []result.Cut
	}{
		{"shoppers", func(t testing.TB) *shop { return crossing(quantiles(onDevices(newShop(t, size)))) }, []result.Cut{
			in("country", "DE"), in("country", "DE", "device", "mobile"), in("device", datasets.NoValue),
			by(in(), "2026-10-12"), by(in("device", "desktop"), "2026-10-14"), by(in(), "2026-10-21"),
			aged(in(), 3), aged(by(in("country", "US"), "2026-10-10"), 2), aged(in("country", "US"), 7),
		}},
		{"merchants", func(t testing.TB) *shop { return quantiles(onDevices(inMerchants(t, newShop(t, 4000), 400))) }, []result.Cut{
			in("device", "mobile"), by(in("device", "mobile"), "2026-10-16"), by(in(), "2026-10-12"), aged(in("device", "mobile"), 3),
		}},
		{"few merchants", func(t testing.TB) *shop { return onDevices(inMerchants(t, newShop(t, 1000), 20)) }, []result.Cut{in("device", "mobile")}},
		{"pairs of merchants", func(t testing.TB) *shop {
			return designed(t, onDevices(inMerchants(t, newShop(t, 2000), 300)), 300, "paired", nil)
		}, []result.Cut{in("device", "mobile")}},
		{"merchants drawn until balanced", func(t testing.TB) *shop {
			return designed(t, onDevices(inMerchants(t, newShop(t, 2000), 300)), 300, "rerandomized", func(r *assignment.Record) {
				r.Limit = randomisation.DefaultLimit(1, 1)
			})
		}, []result.Cut{in("device", "mobile")}},
	}
	for _, c := range shops {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.name != "shoppers" {
				t.Skip("shoppers are enough in a hurry")
			}
			s := c.make(t)
			r := s.run(t)
			if testing.Short() {
				c.cuts = c.cuts[3:5]
			}
			for _, cut := range c.cuts {
				got, err := r.recut(cut)
				if err != nil {
					t.Fatalf("%s: %v", cut, err)
				}
				compareCuts(t, got, s.restricted(t, r.result, cut), *r.result.AsOf)
			}
		})
	}
}

func compareCuts(t *testing.T, got, want *result.Result, whole string) {
	t.Helper()
	cut := got.Cut
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %s", cut, fmt.Sprintf(format, args...))
	}
	if *got.AsOf != *want.AsOf || got.Decision.Status != result.NotDecided || len(got.Decision.Treatments) != 0 {
		fail("as of %s, %+v; want %s and no decision", *got.AsOf, got.Decision, *want.AsOf)
	}
	if a, b := fmt.Sprint(got.Exposure.Days), fmt.Sprint(want.Exposure.Days); a != b {
		fail("exposed %s, want %s", a, b)
	}
	for i, v := range got.Exposure.Variants {
		if w := want.Exposure.Variants[i]; v.Units != w.Units || v.CrossoverUnits != w.CrossoverUnits || orNone(v.AnalysisUnits) != orNone(w.AnalysisUnits) {
			fail("exposed %+v, want %+v", v, w)
		}
	}
	for i := range want.Metrics {
		g, w := &got.Metrics[i], &want.Metrics[i]
		if g.Status != w.Status {
			fail("%s is %s (%s), want %s (%s)", w.Metric, g.Status, g.Reason, w.Status, w.Reason)
		}
		if g.Incomplete != w.Incomplete {
			fail("%s: %d incomplete, want %d", w.Metric, g.Incomplete, w.Incomplete)
		}
		if exact := w.Type != "quantile" || len(cut.Segments) <= 1 && *got.AsOf == whole && (cut.Age == nil || *cut.Age == 7); exact != (g.Sketch == nil) {
			fail("%s: sketch %+v", w.Metric, g.Sketch)
		}
		if g.Sketch != nil {
			compareSketches(fail, g, w)
			continue
		}
		for v := range w.Variants {
			a, b := g.Variants[v], w.Variants[v]
			if a.N != b.N || !alike(a.Value, b.Value) || !alike(a.StdError, b.StdError) || !alike(a.Sum, b.Sum) {
				fail("%s: %s, want %s", w.Metric, inWords(a), inWords(b))
			}
		}
		compareComparisons(fail, &g.Comparisons[0], &w.Comparisons[0], w.Metric, cut)
	}
}

// compareSketches: values are as near as is said, and intervals allow for that.
func compareSketches(fail func(string, ...any), g, w *result.Metric) {
	for v := range w.Variants {
		a, b := g.Variants[v], w.Variants[v]
		if a.N != b.N || math.Abs(*a.Value-*b.Value) > g.Sketch.RelativeError**b.Value || *a.StdError < *b.StdError {
			fail("%s: %s, want about %s", w.Metric, inWords(a), inWords(b))
		}
	}
	a, b := &g.Comparisons[0], &w.Comparisons[0]
	if *a.Difference.Lower > *b.Difference.Estimate || *a.Difference.Upper < *b.Difference.Estimate || *a.PValue < *b.PValue || a.Outside == "" && b.Outside != "" {
		fail("%s: %s, want one that holds %s", w.Metric, inWords(a), inWords(b))
	}
	if !strings.Contains(a.Choice, "read off sketches") {
		fail("%s: the choice %q does not name sketches", w.Metric, a.Choice)
	}
}

func compareComparisons(fail func(string, ...any), g, w *result.Comparison, metric string, cut result.Cut) {
	if g.Method == "randomisation" && w.Method == g.Method && !strings.Contains(w.Choice, "all ") { // other definitions draw otherwise
		if !alike(g.Difference.Estimate, w.Difference.Estimate) || math.Abs(*g.PValue-*w.PValue) > 0.03 {
			fail("%s: %s, want %s", metric, inWords(g), inWords(w))
		}
		return
	}
	if g.Method != w.Method || g.Verdict != w.Verdict || g.Outside != w.Outside || !alike(g.PValue, w.PValue) ||
		!same(g.Difference, w.Difference) || !alike(g.Lift.Lower, w.Lift.Lower) || !alike(g.Lift.Upper, w.Lift.Upper) {
		fail("%s: %s, want %s", metric, inWords(g), inWords(w))
	}
	for _, s := range w.Sensitivity {
		at := slices.IndexFunc(g.Sensitivity, func(o result.Sensitivity) bool { return o.Name == s.Name })
		if at < 0 && s.Name == "without_crossover" && cut.Age != nil {
			continue
		}
		if at < 0 || !same(g.Sensitivity[at].Difference, s.Difference) || !alike(g.Sensitivity[at].PValue, s.PValue) || g.Sensitivity[at].Verdict != s.Verdict {
			fail("%s, %s: %s, want %s", metric, s.Name, inWords(g.Sensitivity), inWords(s))
		}
	}
}

func orNone(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

func same(a, b *result.Estimate) bool {
	if a == nil || b == nil {
		return a == b
	}
	return alike(a.Estimate, b.Estimate) && alike(a.StdError, b.StdError) && alike(a.Lower, b.Lower) && alike(a.Upper, b.Upper)
}

// alike allows for rounding.
func alike(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) <= 1e-9*math.Max(math.Abs(*a), 1e-3)
}

func inWords(x any) string {
	text, err := json.Marshal(x)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// TestRecutRefuses what the evidence does not hold, and says what it does.
func TestRecutRefuses(t *testing.T) {
	s := onDevices(newShop(t, 400))
	r := s.run(t)
	for _, c := range []struct {
		cut  result.Cut
		says string
	}{
		{in("contry", "DE"), `the evidence has no segment "contry"; there are device, country; did you mean "country"?`},
		{in("device", "mobil"), `no analysed unit has device = "mobil"; there are (none), desktop, mobile; did you mean "mobile"?`},
		{by(in(), "2026-09-30"), "the run has no day 2026-09-30: its first is 2026-10-01 and its last 2026-10-21"},
		{aged(in(), 8), "no window reaches to age 8: the longest closes 7 days after the exposure"},
	} {
		_, err := r.recut(c.cut)
		var none *datasets.NotHeldError
		if !errors.As(err, &none) || err.Error() != c.says {
			t.Errorf("%s: %v, want %s", c.cut, err, c.says)
		}
	}
	r.evidence.Views = nil
	if _, err := r.recut(in("country", "DE")); err == nil || !strings.Contains(err.Error(), "totals only") {
		t.Errorf("without views: %v", err)
	}
}

// TestRecutIsFailClosed: what the whole did not know a part does not, and few units are not shown.
func TestRecutIsFailClosed(t *testing.T) {
	s := onDevices(newShop(t, 400))
	kept := 0 // three treated shoppers in the US, of whom one is exposed late
	s.keep(shopExposures, func(row []expr.Value) bool {
		if row[3].Text != "US" || row[1].Text != "amazon_pay" {
			return true
		}
		kept++
		return kept <= 6
	})
	s.keep(shopRisk, func(row []expr.Value) bool { return row[2].Text != "dispute_opened" })
	r := s.run(t)
	for _, cut := range []result.Cut{in("country", "DE"), by(in(), "2026-10-20"), aged(in(), 5)} {
		part, err := r.recut(cut)
		if err != nil {
			t.Fatal(err)
		}
		if m := row(t, part, "dispute_rate"); m.Status != result.NoData || m.Comparisons[0].Verdict != result.NotProven || !strings.HasPrefix(m.Reason, "in the whole experiment: no matching rows") {
			t.Errorf("%s: %s %s %s", cut, m.Status, m.Reason, m.Comparisons[0].Verdict)
		}
		if c := check(t, part, "join_rate"); !strings.HasPrefix(c.Detail, "In the whole run: ") {
			t.Errorf("%s: %s", cut, c.Detail)
		}
	}
	few, err := r.recut(by(in("country", "US"), "2026-10-09"))
	if err != nil {
		if !strings.Contains(err.Error(), "fewer than 5 shoppers of amazon_pay are in this part (country = US, up to 2026-10-09)") {
			t.Fatal(err)
		}
		return
	}
	for _, m := range few.Metrics {
		if c := m.Comparisons[0]; m.Status == result.OK || c.Difference.Estimate != nil || c.PValue != nil || m.Variants[1].Value != nil {
			t.Errorf("%s", inWords(m))
		}
	}
}

// TestRecutOfDroppedCrossoverUnits: nobody knows where they belong, so the check is the whole run's.
func TestRecutOfDroppedCrossoverUnits(t *testing.T) {
	if testing.Short() {
		t.Skip("one more analysis")
	}
	s := crossing(newShop(t, 700))
	s.replace(t, "attributes: [country]", "attributes: [country], crossover: drop")
	part, err := s.run(t).recut(in("country", "DE"))
	if err != nil {
		t.Fatal(err)
	}
	if c := check(t, part, "crossover"); !strings.HasPrefix(c.Detail, "In the whole run: 3 units (") {
		t.Errorf("%+v", c)
	}
	if !slices.ContainsFunc(part.Warnings, func(w string) bool { return strings.Contains(w, "crossover units are dropped") }) {
		t.Errorf("%q", part.Warnings)
	}
}
