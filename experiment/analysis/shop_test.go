package analysis_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/decision"
	"liftgate/experiment/result"
)

// start is the first day of the shop's schedule.
const start = datasets.Instant(1_790_812_800_000_000) // 2026-10-01

// shop is a small experiment in memory, with orders up in the treatment and risks alike.
type shop struct {
	yaml string
	sourcetest.Data
}

const (
	shopExposures = iota
	shopEvents
	shopRisk
)

func newShop(t testing.TB, shoppers int) *shop {
	t.Helper()
	yaml, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := func(name string) datasets.Column { return datasets.Column{Name: name, Type: expr.Text} }
	ts := datasets.Column{Name: "ts", Type: expr.Time}
	events := []datasets.Column{text("shopper_id"), ts, text("event"), {Name: "value", Type: expr.Number}}
	s := &shop{yaml: string(yaml), Data: sourcetest.Data{Tables: []*sourcetest.Table{
		{Spec: datasets.Table{Name: "exposures"}, Columns: []datasets.Column{text("shopper_id"), text("variant"), ts, text("country")}},
		{Spec: datasets.Table{Name: "events"}, Columns: events},
		{Spec: datasets.Table{Name: "risk"}, Columns: events},
	}}}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range shoppers {
		s.visit(rng, i)
	}
	return s
}

// visit is one shopper's exposure and what follows: one or two orders for every other shopper, risks for some.
func (s *shop) visit(rng *rand.Rand, i int) {
	id := expr.TextValue("s" + strconv.Itoa(i))
	variant, orders := "control", 0.4
	if i%2 == 1 {
		variant, orders = "amazon_pay", 0.5
	}
	at := start.Add(datasets.Span(rng.Int64N(int64(14 * datasets.Day))))
	s.add(shopExposures, id, expr.TextValue(variant), when(at), expr.TextValue([]string{"DE", "US"}[rng.IntN(2)]))
	event := func(table int, name string, value expr.Value, age datasets.Span) {
		s.add(table, id, when(at.Add(age)), expr.TextValue(name), value)
	}
	age := func() datasets.Span { return datasets.Span(rng.Int64N(int64(7 * datasets.Day))) }
	typical := rng.ExpFloat64()
	if rng.Float64() < 0.4 {
		event(shopEvents, "order_captured", expr.FloatValue(20*typical), -age()-1)
	}
	for range 1 + rng.IntN(2) {
		if rng.Float64() > orders {
			continue
		}
		a := age()
		event(shopEvents, "charge_attempted", expr.Value{}, a)
		if rng.Float64() < 0.9 {
			event(shopEvents, "charge_authorized", expr.Value{}, a)
		}
		event(shopEvents, "order_captured", expr.FloatValue(20*typical+5*rng.Float64()), a)
	}
	if rng.Float64() < 0.02 {
		event(shopRisk, "dispute_opened", expr.FloatValue(10), age())
	}
	if rng.Float64() < 0.1 {
		event(shopRisk, "refund", expr.FloatValue(10*rng.Float64()), age())
	}
}

func (s *shop) add(table int, cells ...expr.Value) {
	s.Tables[table].Rows = append(s.Tables[table].Rows, cells)
}

func when(i datasets.Instant) expr.Value { return expr.TimeValue(int64(i)) }

// keep drops the rows of a table that the condition does not hold for.
func (s *shop) keep(table int, holds func(row []expr.Value) bool) {
	var kept [][]expr.Value
	for _, r := range s.Tables[table].Rows {
		if holds(r) {
			kept = append(kept, r)
		}
	}
	s.Tables[table].Rows = kept
}

// treated reports whether the row is about a shopper of the treatment.
func treated(row []expr.Value) bool {
	i, err := strconv.Atoi(strings.TrimPrefix(row[0].Text, "s"))
	return err == nil && i%2 == 1
}

// replace edits the definition; the text must be there.
func (s *shop) replace(t testing.TB, old, new string) {
	t.Helper()
	if !strings.Contains(s.yaml, old) {
		t.Fatalf("the definition does not contain %q", old)
	}
	s.yaml = strings.Replace(s.yaml, old, new, 1)
}

// decide runs the whole of an analysis.
func (s *shop) decide(t testing.TB) *result.Result {
	t.Helper()
	r, err := s.tryDecide(analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s *shop) tryDecide(o analysis.Options) (*result.Result, error) {
	d, err := experiment.Parse("shop.yaml", []byte(s.yaml))
	if err != nil {
		return nil, err
	}
	source := s.source()
	study, err := analysis.Bind(context.Background(), d, source, o)
	if err != nil {
		return nil, err
	}
	ev, err := source.Observe(context.Background(), &study.Query)
	if err != nil {
		return nil, err
	}
	r, err := study.Infer(ev, analysis.Stamp{Engine: "test", Fingerprint: "none"})
	if err != nil {
		return nil, err
	}
	r.Decision = decision.Decide(r)
	return r, nil
}

func (s *shop) source() datasets.Source { return sourcetest.NewSource(s.Data) }

func row(t testing.TB, r *result.Result, metric string) *result.Metric {
	t.Helper()
	for i := range r.Metrics {
		if r.Metrics[i].Metric == metric {
			return &r.Metrics[i]
		}
	}
	t.Fatalf("no row for %s", metric)
	return nil
}

func check(t testing.TB, r *result.Result, name string) *result.Check {
	t.Helper()
	for i := range r.Checks {
		if r.Checks[i].Check == name {
			return &r.Checks[i]
		}
	}
	t.Fatalf("no check %s", name)
	return nil
}
