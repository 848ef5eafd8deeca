package planning_test

import (
	"math"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/planning"
	"liftgate/experiment/result"
	"liftgate/stats"
)

func TestBefore(t *testing.T) {
	text := head + conversion + `  - {name: adjusted, role: success, better: higher, type: mean, covariates: [{window: [-7d, 0d]}],
     value: {from: events, where: 'event == "order"', take: sum, column: value, window: [2d, 14d]}}
  - {name: shown, role: supporting, type: mean, value: {from: events, take: count, window: [0d, 1d]}}
`
	d := parse(t, text)
	before := planning.Before(d)
	if len(before.Metrics) != 2 {
		t.Fatalf("%d metrics are left, the two that decide are wanted", len(before.Metrics))
	}
	day := func(from, to datasets.Span) [2]datasets.Span {
		return [2]datasets.Span{from * datasets.Day, to * datasets.Day}
	}
	for _, c := range []struct{ got, want [2]datasets.Span }{
		{before.Metrics[0].Value.Window, day(-14, 0)},
		{before.Metrics[1].Value.Window, day(-12, 0)},
		{before.Metrics[1].Covariates[0].Values[0].Window, day(-21, -14)},
		{d.Metrics[1].Value.Window, day(2, 14)},
		{d.Metrics[1].Covariates[0].Values[0].Window, day(-7, 0)},
	} {
		if c.got != c.want {
			t.Errorf("window %v, want %v", c.got, c.want)
		}
	}
	if d.Metrics[0].Role != experiment.Success {
		t.Error("the definition itself has changed")
	}
}

// The spread of a unit is what the comparison's error says of it, whatever the split.
func TestLearn(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	ok := func(name string, se float64) result.Metric {
		return result.Metric{
			Metric: name, Status: result.OK,
			Variants:    []result.Variant{{Variant: "control", N: 400, Value: number(10)}, {Variant: "express", N: 100, Value: number(20)}},
			Comparisons: []result.Comparison{{Variant: "express", Control: "control", Difference: &result.Estimate{StdError: &se}}},
		}
	}
	failed := result.Metric{Metric: "failed", Status: result.Failed}
	first, last := datasets.Instant(0), datasets.Instant(10*datasets.Day)
	ev := &datasets.Evidence{Exposure: datasets.Exposure{Units: []int64{400, 100}, First: &first, Last: &last}}
	b := planning.Learn(parse(t, head+conversion), &result.Result{Metrics: []result.Metric{ok("value", 0.5), ok("constant", 0), failed}}, ev)
	if len(b.Metrics) != 1 || b.UnitsPerDay != 50 {
		t.Fatalf("%+v", b)
	}
	if got, want := b.Metrics["value"], 0.5/math.Sqrt(1.0/400+1.0/100); got.Level != 12 || math.Abs(got.SD-want) > 1e-12 {
		t.Errorf("got %+v, want level 12 and sd %v", got, want)
	}
}

func TestOver(t *testing.T) {
	icc, other := 0.1, 0.2
	given := planning.Basis{Metrics: map[string]planning.Baseline{"a": {Level: 1, SD: 1, Given: true}}, UnitsPerDay: 5}
	measured := planning.Basis{
		Metrics:     map[string]planning.Baseline{"a": {Level: 2, SD: 2, ICC: &icc}, "b": {Level: 3, SD: 3, ICC: &other}},
		UnitsPerDay: 7, Merchants: 9, MerchantCV: 2,
	}
	b := given.Over(measured)
	if a := b.Metrics["a"]; a.Level != 1 || a.ICC != &icc || b.Metrics["b"].Level != 3 || b.UnitsPerDay != 5 || b.Merchants != 9 || b.MerchantCV != 2 {
		t.Errorf("%+v", b)
	}
}

// What the merchants add to the spread is told apart, by the moments of single units: sd² (1 + ((1 + CV²) size - 1) icc).
func TestLearnMerchants(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	const icc, sd, units = 0.1, 3.0, 50.0
	effect := 1 + (units-1)*icc // of merchants of one size
	se := sd * math.Sqrt(effect*(1.0/500+1.0/500))
	found := &result.Result{Metrics: []result.Metric{{
		Metric: "value", Type: "mean", Status: result.OK,
		Variants:    []result.Variant{{Variant: "control", N: 500, Value: number(10)}, {Variant: "express", N: 500, Value: number(10)}},
		Comparisons: []result.Comparison{{Variant: "express", Control: "control", Difference: &result.Estimate{StdError: &se}}},
	}}}
	moments := stats.Moments{N: 500, Means: []float64{10}, Cross: []float64{499 * sd * sd}}
	ev := &datasets.Evidence{Blocks: []datasets.BlockEvidence{{Metric: "value", Total: []stats.Moments{moments, moments}}}}
	for i := range 20 {
		ev.Exposure.Clusters = append(ev.Exposure.Clusters, datasets.Cluster{Variant: i % 2, Units: units})
	}
	b := planning.Learn(parse(t, strings.Replace(head, "unit: shopper", "unit: merchant", 1)+conversion), found, ev)
	got := b.Metrics["value"]
	if b.Merchants != 20 || b.MerchantCV != 0 || math.Abs(got.SD-sd) > 1e-12 || got.ICC == nil || math.Abs(*got.ICC-icc) > 1e-12 {
		t.Errorf("%+v, %+v", b, got)
	}
}
