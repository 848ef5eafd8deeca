package calibration

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

const value = "  - {name: value, role: success, better: higher, type: mean, value: {column: value}}\n"

// Of values that are about normal, everything is as it should be.
func TestNormalValuesHold(t *testing.T) {
	s := newShop(head+value, "value")
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 600 {
		s.add(variantOf(i), "", 5+rng.NormFloat64())
	}
	c := s.calibrate(t, Options{Splits: 2000, Seed: 1})
	m := c.Metrics[0]
	k := m.Comparisons[0]
	if m.Verdict != Holds || k.Outside+k.Failed > 0 || k.Splits != 2000 {
		t.Errorf("verdict %q: %s; %d outside, %d failed of %d", m.Verdict, m.Reason, k.Outside, k.Failed, k.Splits)
	}
	if *k.FalsePositives.Lower > 0.05 || *k.FalsePositives.Upper < 0.05 {
		t.Errorf("false positives %v to %v, 5%% is not among them", *k.FalsePositives.Lower, *k.FalsePositives.Upper)
	}
	if *k.Uniform.PValue < 0.001 {
		t.Errorf("p-values are not uniform: p = %v", *k.Uniform.PValue)
	}
	if r := *k.StdError / *k.Spread; math.Abs(r-1) > 0.06 {
		t.Errorf("standard errors are %v of the spread", r)
	}
	if missed := k.Coverage.Of - k.Coverage.Count; missed != k.FalsePositives.Count {
		t.Errorf("%d intervals miss zero, %d tests reject", missed, k.FalsePositives.Count)
	}
	for _, check := range c.Checks {
		if check.Check == "sample_ratio" && *check.Warn.Lower > 0.01 {
			t.Errorf("sample_ratio warns in %v", *check.Warn.Rate)
		}
	}
}

// An effect in the data leaves "no difference" true of every split.
func TestEffectDoesNotMatter(t *testing.T) {
	if testing.Short() {
		t.Skip("many splits")
	}
	s := newShop(head+value, "value")
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 600 {
		s.add(variantOf(i), "", rng.NormFloat64()+3*float64(i%2))
	}
	if c := s.calibrate(t, Options{Splits: 2000, Seed: 3}); c.Metrics[0].Verdict != Holds {
		t.Error(c.Metrics[0].Reason)
	}
}

// Few values with a heavy tail are not fit for Student's t, and the calibration says so.
func TestHeavyTailIsFlagged(t *testing.T) {
	s := newShop(head+value, "value")
	rng := rand.New(rand.NewPCG(1, 3))
	for i := range 120 {
		s.add(variantOf(i), "", math.Exp(3*rng.NormFloat64()))
	}
	m := s.calibrate(t, Options{Splits: 500}).Metrics[0]
	if m.Verdict == Holds || m.Do == "" {
		t.Errorf("verdict %q: %s. %s", m.Verdict, m.Reason, m.Do)
	}
}

// Shoppers of one merchant are alike. Dealt out with their merchants, they are judged as such.
func TestMerchantsHold(t *testing.T) {
	if testing.Short() {
		t.Skip("many splits")
	}
	s := newShop(merchantHead+value, "value")
	rng := rand.New(rand.NewPCG(1, 4))
	for m := range 120 {
		level := rng.NormFloat64()
		for range 5 + rng.IntN(10) {
			s.add(variantOf(m), strconv.Itoa(m), level+rng.NormFloat64())
		}
	}
	c := s.calibrate(t, Options{Splits: 1000, Seed: 1})
	k := c.Metrics[0].Comparisons[0]
	if c.Metrics[0].Verdict != Holds || k.Methods[0].Method != "cluster-cr2" || c.Units != 120 {
		t.Errorf("%d %ss: %q by %v: %s", c.Units, c.Unit, c.Metrics[0].Verdict, k.Methods, c.Metrics[0].Reason)
	}
	if r := *k.StdError / *k.Spread; math.Abs(r-1) > 0.1 {
		t.Errorf("standard errors are %v of the spread", r)
	}
}

// Few merchants are judged by repeating the assignment, in a limited number of splits.
func TestFewMerchants(t *testing.T) {
	if testing.Short() {
		t.Skip("many splits")
	}
	s := newShop(merchantHead+value, "value")
	rng := rand.New(rand.NewPCG(1, 5))
	for m := range 10 {
		for range 4 {
			s.add(variantOf(m), strconv.Itoa(m), float64(m%3)+rng.NormFloat64())
		}
	}
	c := s.calibrate(t, Options{Splits: 250, Seed: 1})
	k := c.Metrics[0].Comparisons[0]
	if k.Splits >= 250 || k.Methods[0].Method != "randomisation" || c.Metrics[0].Verdict != Holds {
		t.Errorf("%d splits by %v: %s", k.Splits, k.Methods, c.Metrics[0].Reason)
	}
	if notes := strings.Join(c.notes(), "\n"); !strings.Contains(notes, "splits only") {
		t.Errorf("nobody says why there are fewer: %s", notes)
	}
}

// Metrics of every type hold on ordinary data, also at the margin; with merchants, too.
func TestEveryType(t *testing.T) {
	if testing.Short() {
		t.Skip("many splits")
	}
	for name, s := range map[string]*shop{
		"shoppers":  mixedShop(head+mixedMetrics, 2000, 1000),
		"merchants": mixedShop(merchantHead+mixedMetrics, 2000, 150),
	} {
		t.Run(name, func(t *testing.T) {
			c := s.calibrate(t, Options{Splits: 500, Seed: 5})
			for _, m := range c.Metrics {
				if m.Verdict != Holds {
					t.Errorf("%s: %s: %s", m.Metric, m.Verdict, m.Reason)
				}
				k := m.Comparisons[0]
				if guards := m.Role == "guardrail"; guards != (k.FalseNonInferior != nil) {
					t.Errorf("%s: tried at the margin: %v", m.Metric, !guards)
				} else if guards && k.FalseNonInferior.Of == 0 {
					t.Errorf("%s: never tried at the margin", m.Metric)
				}
			}
		})
	}
}

// With a hundred thousand splits even small errors would show.
func TestEveryTypeClosely(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	c := mixedShop(head+mixedMetrics, 4000, 1000).calibrate(t, Options{Splits: 40_000, Seed: 7})
	for _, m := range c.Metrics {
		t.Logf("%s: %s: %s", m.Metric, m.Verdict, m.Reason)
		if m.Verdict != Holds {
			t.Errorf("%s: %s", m.Metric, m.Verdict)
		}
	}
}

// Neither workers nor the number of splits change a split; another seed changes all.
func TestDeterminism(t *testing.T) {
	for name, s := range map[string]*shop{
		"shoppers":  mixedShop(head+mixedMetrics, 300, 100),
		"merchants": mixedShop(merchantHead+mixedMetrics, 300, 60),
	} {
		t.Run(name, func(t *testing.T) {
			study, units := s.bind(t)
			var first []*sheet
			for _, o := range []Options{{Splits: 30, Workers: 1}, {Splits: 30, Workers: 3}, {Splits: 45, Workers: 2}, {Splits: 30, Seed: 1}} {
				p, err := newPopulation(study, units, Everyone)
				if err != nil {
					t.Fatal(err)
				}
				o.Population, o.Workers = Everyone, max(o.Workers, 1)
				c := &campaign{study: study, population: p, options: o}
				c.prepare()
				if err := c.run(t.Context()); err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = c.sheets
				}
				same := cmp.Diff(fmt.Sprint(plain(first)), fmt.Sprint(plain(c.sheets[:30]))) == ""
				if same != (o.Seed == 0) {
					t.Errorf("%+v: the same as before: %v", o, same)
				}
			}
		})
	}
}

func plain(sheets []*sheet) (out [][][]outcome) {
	for _, s := range sheets {
		out = append(out, s.outcomes)
	}
	return out
}

// What cannot be calibrated says why.
func TestBadInput(t *testing.T) {
	alone := newShop(head+value, "value")
	alone.add("control", "", 1)
	study, units := alone.bind(t)
	if _, err := Run(t.Context(), study, units, Options{}); !errors.Is(err, errFewUnits) {
		t.Errorf("one unit: %v", err)
	}
	for name, number := range map[string]func(int) float64{
		"constant":         func(int) float64 { return 7.1 },
		"zero":             func(int) float64 { return 0 },
		"as good as equal": func(i int) float64 { return 1e9 + 1e-7*float64(i%2) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(head+value, "value")
			for i := range 50 {
				s.add(variantOf(i/3), "", number(i))
			}
			m := s.calibrate(t, Options{Splits: 20}).Metrics[0]
			if m.Verdict != NotCalibrated || m.Reason == "" || m.Comparisons[0].FalsePositives.Rate.Rate != nil {
				t.Errorf("%s: %s", m.Verdict, m.Reason)
			}
		})
	}
	if _, err := Run(t.Context(), study, units, Options{Splits: -1}); err == nil {
		t.Error("a negative number of splits is accepted")
	}
	if _, err := Run(t.Context(), study, units, Options{Population: "some"}); err == nil {
		t.Error("an unknown population is accepted")
	}
}

// A metric for which no unit has a value is not calibrated, the others are.
func TestNobodyHasAValue(t *testing.T) {
	text := func(name string) datasets.Column { return datasets.Column{Name: name, Type: expr.Text} }
	ts := datasets.Column{Name: "ts", Type: expr.Time}
	exposures := &sourcetest.Table{Spec: datasets.Table{Name: "exposures"}, Columns: []datasets.Column{text("id"), text("variant"), ts}}
	events := &sourcetest.Table{Spec: datasets.Table{Name: "events"}, Columns: []datasets.Column{text("id"), ts, {Name: "value", Type: expr.Number}}}
	for i := range 400 {
		id, at := expr.TextValue(strconv.Itoa(i)), expr.TimeValue(int64(i+1)*int64(datasets.Hour))
		exposures.Rows = append(exposures.Rows, []expr.Value{id, expr.TextValue(variantOf(i)), at})
		events.Rows = append(events.Rows, []expr.Value{id, expr.TimeValue(int64(i+1)*int64(datasets.Hour) + 1), expr.FloatValue(float64(i % 7))})
	}
	s := &shop{yaml: `liftgate: 1
name: shop
unit: shopper
variants: [{name: control, weight: 50}, {name: express, weight: 50}]
control: control
data:
  exposures: {files: exposures.csv, unit: id, variant: variant, time: ts}
  events: {files: events.csv, unit: id, time: ts}
metrics:
  - {name: never, role: supporting, better: higher, type: mean, value: {from: events, where: 'value > 100', take: mean, column: value, window: [0d, 1d]}}
  - {name: value, role: supporting, better: higher, type: mean, value: {from: events, take: sum, column: value, window: [0d, 1d]}}
  - {name: latency, role: supporting, better: lower, type: quantile, quantile: 0.5, over: rows, value: {from: events, column: value, window: [0d, 1d]}}
`, Data: sourcetest.Data{Tables: []*sourcetest.Table{exposures, events}}}
	c := s.calibrate(t, Options{Splits: 200})
	if never := c.Metrics[0]; never.Verdict != NotCalibrated || never.Reason == "" {
		t.Errorf("%s: %s", never.Verdict, never.Reason)
	}
	for _, m := range c.Metrics[1:] {
		if m.Comparisons[0].Splits != 200 || m.Comparisons[0].Failed > 0 {
			t.Errorf("%s: %s: %s", m.Metric, m.Verdict, m.Reason)
		}
	}
	if c.Units != 400 {
		t.Errorf("%d units", c.Units)
	}
}

func TestInterrupted(t *testing.T) {
	study, units := mixedShop(head+mixedMetrics, 300, 100).bind(t)
	ctx, cancel := context.WithCancel(t.Context())
	o := Options{Splits: 500, Progress: func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}}
	if _, err := Run(ctx, study, units, o); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

// The control by itself is a smaller population.
func TestControlOnly(t *testing.T) {
	c := mixedShop(head+mixedMetrics, 400, 100).calibrate(t, Options{Splits: 50, Population: Control})
	if c.Units == 0 || c.Units >= 400 || c.Metrics[0].Comparisons[0].Splits != 50 {
		t.Errorf("%d units of the control, %d splits", c.Units, c.Metrics[0].Comparisons[0].Splits)
	}
}

// Three variants with unequal weights: each treatment is compared with the control.
func TestUnequalWeights(t *testing.T) {
	yaml := strings.Replace(head, "{name: control, weight: 50}, {name: express, weight: 50}", "{name: control, weight: 6}, {name: express, weight: 3}, {name: slow, weight: 1}", 1)
	s := newShop(yaml+value, "value")
	rng := rand.New(rand.NewPCG(1, 6))
	for i := range 3000 {
		s.add([]string{"control", "express", "slow"}[i%3], "", rng.ExpFloat64())
	}
	c := s.calibrate(t, Options{Splits: 600, Seed: 2})
	if n := len(c.Metrics[0].Comparisons); n != 2 || c.Metrics[0].Verdict != Holds {
		t.Errorf("%d comparisons: %s", n, c.Metrics[0].Reason)
	}
	if w := c.Checks[0]; w.Check != "sample_ratio" || *w.Warn.Lower > 0.01 {
		t.Errorf("%s warns in %v", w.Check, *w.Warn.Rate)
	}
}

func TestWrite(t *testing.T) {
	c := mixedShop(head+mixedMetrics, 300, 100).calibrate(t, Options{Splits: 40, Engine: "test"})
	for f, want := range map[Format][]string{
		Table:    {"ordered", "miettinen-nurminen", "passes at margin", "All metrics together"},
		Markdown: {"# Calibration of shop", "| ordered |"},
		JSON:     {`"schema": "liftgate.calibration/v1"`, `"false_non_inferior"`, `"rate"`},
	} {
		var out bytes.Buffer
		if err := c.Write(&out, f, 0); err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s lacks %q:\n%s", f, text, &out)
			}
		}
	}
	if err := c.Write(&bytes.Buffer{}, "pdf", 0); err == nil {
		t.Error("a format that does not exist is written")
	}
}
