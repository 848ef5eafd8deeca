package planning_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"liftgate/experiment"
	"liftgate/experiment/planning"
)

const head = `liftgate: 1
name: express
title: Express button
unit: shopper
variants: [{name: control, weight: 50}, {name: express, weight: 50}]
control: control
schedule: {start: 2026-10-01, end: 2026-10-29}
data:
  exposures: {files: exposures.csv, unit: id, variant: v, time: ts, cluster: m}
  events: {files: events.csv, unit: id, time: ts, cluster: m}
metrics:
`

const (
	conversion = `  - {name: conversion, role: success, better: higher, type: proportion, mde: 5%, baseline: 40%,
     value: {from: events, where: 'event == "order"', take: any, window: [0d, 14d]}}
`
	disputes = `  - {name: disputes, role: guardrail, better: lower, type: proportion, margin: 0.05pp, baseline: 0.1%,
     value: {from: events, where: 'event == "dispute"', take: any, window: [0d, 28d]}}
`
	value = `  - {name: value, role: deterioration, better: higher, type: mean, mde: 2%,
     value: {from: events, where: 'event == "order"', take: sum, column: value, window: [0d, 14d]}}
`
)

func parse(t *testing.T, text string) *experiment.Definition {
	t.Helper()
	d, err := experiment.Parse("experiment.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func planOf(t *testing.T, text string, b planning.Basis) *planning.Plan {
	t.Helper()
	plan, err := planning.New(parse(t, text), b)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func known(units float64) planning.Basis {
	return planning.Basis{UnitsPerDay: units, Metrics: map[string]planning.Baseline{"value": {Level: 40, SD: 90, Source: "given by hand", Given: true}}}
}

// TestSizes holds plans to the textbook: n = (z_alpha + z_beta)² 2 v / distance².
func TestSizes(t *testing.T) {
	plan := planOf(t, head+conversion+disputes+value, known(10_000))
	// beta' = (0.2 - 0.025) / 2 = 0.0875; z of 0.975 and of 0.9125.
	z := 1.959963984540054 + 1.3562867
	if got := plan.Metrics[0].Power; math.Abs(got-0.9125) > 1e-12 {
		t.Errorf("power of each test %v, want 0.9125", got)
	}
	pooled := 0.41 * 0.59
	near(t, "conversion", plan.Metrics[0].Units[0], z*z*2*pooled/(0.02*0.02), 0.01)
	near(t, "value", plan.Metrics[2].Units[0], z*z*2*90*90/(0.8*0.8), 0.001)
	if want := math.Ceil((plan.Metrics[1].Units[0] + plan.Metrics[1].Units[1]) / 10_000); *plan.Metrics[1].Days != want {
		t.Errorf("disputes take %v days, want %v", *plan.Metrics[1].Days, want)
	}
	if plan.Total.Metric != "disputes" || plan.Window != 28 || *plan.Schedule != 28 {
		t.Errorf("total %+v, window %v, schedule %v", plan.Total, plan.Window, *plan.Schedule)
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got/want-1) <= tolerance) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// A margin of 0.05 points on disputes of 0.1 % takes 63,000 orders a variant at 2.5 % (one-sided) and 80 % power, by Wald's test; the score
// test, which decides, takes the variance at the margin and 4 % more. A relative margin of 10 % takes 1.57 million without the noise of
// the control that it is a share of, and 10 % more with it.
func TestRiskMargins(t *testing.T) {
	power := "decision: {power: 0.6}\n" // one guardrail and one success metric halve the beta
	z := 1.959963984540054 + 0.8416212335729143
	wald := z * z * 2 * 0.001 * 0.999 / (0.0005 * 0.0005)
	near(t, "Wald", wald, 63_000, 0.005)
	near(t, "0.05pp", planOf(t, head+conversion+disputes+power, known(1)).Metrics[1].Units[0], 1.04*wald, 0.002)
	relative := strings.Replace(disputes, "0.05pp", "10%", 1)
	near(t, "10%", planOf(t, head+conversion+relative+power, known(1)).Metrics[1].Units[0], (1+1.1*1.1)/2*1.57e6, 0.005)
}

// What a plan asks for is what the schedule then shows.
func TestDetectableAtTheNeededSize(t *testing.T) {
	plan := planOf(t, head+conversion+disputes+value, known(1))
	for _, row := range plan.Metrics {
		units := row.Units[0] + row.Units[1]
		at := planOf(t, head+conversion+disputes+value, known(units/28))
		for _, r := range at.Metrics {
			if r.Metric == row.Metric {
				near(t, r.Metric, math.Abs(r.Detectable.Value), math.Abs(row.Effect.Value), 1e-6)
			}
		}
	}
}

// The margin that is said to halve a guardrail's need does.
func TestHalvingMargin(t *testing.T) {
	for _, margin := range []string{"0.05pp", "50%"} {
		text := head + conversion + strings.Replace(disputes, "0.05pp", margin, 1)
		plan := planOf(t, text, known(1000))
		c := plan.Cost
		if c.Metric != "disputes" || c.UnitsWithout >= c.Units || *c.DaysWithout >= *c.Days {
			t.Fatalf("%+v", c)
		}
		d := parse(t, text)
		d.Metrics[1].Margin.Value = c.HalvingMargin.Value
		half, err := planning.New(d, known(1000))
		if err != nil {
			t.Fatal(err)
		}
		near(t, margin, half.Metrics[1].Units[0], plan.Metrics[1].Units[0]/2, 1e-6)
	}
}

func TestVariantsAndLooks(t *testing.T) {
	two := planOf(t, head+conversion, known(1000))
	three := planOf(t, strings.Replace(head, "{name: express, weight: 50}", "{name: express, weight: 25}, {name: bold, weight: 25}", 1)+conversion, known(1000))
	units := three.Metrics[0].Units
	if len(units) != 3 || units[0] != 2*units[1] || units[1] != units[2] || units[1] <= two.Metrics[0].Units[1]/2 {
		t.Errorf("units of three variants are %v", units)
	}
	if three.Metrics[0].Alpha != 0.025 {
		t.Errorf("alpha %v", three.Metrics[0].Alpha)
	}
	looks := planOf(t, head+conversion+"monitoring: {method: group-sequential, spending: pocock, looks: [7d, 14d, 28d]}\n", known(1000))
	if inflation := looks.Metrics[0].Units[0] / two.Metrics[0].Units[0]; inflation < 1.05 || inflation > 1.4 {
		t.Errorf("three looks raise the size by %v", inflation)
	}
	// A confidence sequence at 5 %, where it is tuned to be narrowest, is 3.0352 standard errors to either side; power 80 %, 0.8416 more.
	late := planOf(t, head+conversion+"monitoring: {method: always-valid}\n", known(1000))
	near(t, "always-valid", late.Metrics[0].Units[0]/two.Metrics[0].Units[0], math.Pow((3.0352+0.8416)/(1.96+0.8416), 2), 1e-3)
	if late.Metrics[0].Alpha != 0.05 || len(late.Warnings) != 1 {
		t.Errorf("always-valid: alpha %v, warnings %q", late.Metrics[0].Alpha, late.Warnings)
	}
}

// More days make merchants larger, not more: what they can show has a limit.
func TestMerchants(t *testing.T) {
	text := strings.Replace(head, "unit: shopper", "unit: merchant", 1) + conversion
	icc := 0.02
	at := func(merchants float64) *planning.Row {
		return &planOf(t, text, planning.Basis{UnitsPerDay: 20 * merchants, Merchants: merchants, MerchantCV: 1, ICC: &icc}).Metrics[0]
	}
	few, many, most := at(60), at(2000), at(20_000)
	if few.Units != nil || !strings.Contains(few.Reason, "60 merchants do not tell enough") || !strings.Contains(few.Reason, "over 28 days it takes about") {
		t.Errorf("60 merchants: %+v", few)
	}
	if many.Units == nil || most.Units == nil || *most.Days > *many.Days {
		t.Errorf("2,000 merchants: %+v, 20,000: %+v", many, most)
	}
	if plan := planOf(t, text, planning.Basis{UnitsPerDay: 100, Merchants: 60, ICC: &icc}); plan.Total != nil || plan.Cost != nil {
		t.Errorf("a plan that cannot be has a total: %+v", plan.Total)
	}
}

// A ratio of differences needs no baseline and gets no size; as the only success metric it leaves no plan.
func TestRatioOfDifferences(t *testing.T) {
	ratio := `  - {name: incremental, role: success, better: higher, type: difference_ratio, mde: 10%,
     numerator: {from: events, where: 'event == "order"', take: count, window: [0d, 14d]},
     denominator: {from: events, where: 'event == "login"', take: count, window: [0d, 14d]}}
`
	for _, unit := range []string{"shopper", "merchant"} {
		icc := 0.01
		basis := planning.Basis{UnitsPerDay: 1000, Merchants: 500, ICC: &icc}
		text := strings.Replace(head, "unit: shopper", "unit: "+unit, 1)
		alone := planOf(t, text+ratio, basis)
		if !strings.Contains(alone.Headline(), "incremental cannot be planned for") || !strings.Contains(alone.Calendar(), "no formula") {
			t.Errorf("%s: %s %s", unit, alone.Headline(), alone.Calendar())
		}
	}
	if both := planOf(t, head+conversion+ratio, known(1000)); both.Total == nil || both.Metrics[1].Reason == "" {
		t.Errorf("beside another success metric: %+v", both.Total)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"baseline", head + strings.Replace(conversion, ", baseline: 40%", "", 1), "experiment.yaml:12:5: metric conversion has no baseline: a plan needs its level\n"},
		{"spread", head + conversion + value, "experiment.yaml:14:5: metric value has no baseline: a plan needs its level and the standard deviation of one unit\n"},
		{"margin", head + conversion + strings.Replace(disputes, " margin: 0.05pp,", "", 1), "experiment.yaml:14:5: guardrail disputes has no margin, so it can never pass\n"},
		{"mde", head + strings.Replace(conversion, " mde: 5%,", "", 1), "experiment.yaml:12:5: metric conversion has no mde: a plan needs the smallest lift worth finding of at least one success metric\n"},
		{"power", head + conversion + value + "decision: {power: 0.99}\n", "false alarms of deterioration metrics"},
		{"merchants", strings.Replace(head, "unit: shopper", "unit: merchant", 1) + conversion, "experiment.yaml:4:7: where merchants are randomised"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := planning.New(parse(t, c.text), planning.Basis{})
			var problems experiment.Problems
			if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// Without traffic there are units, no days; an mde that no proportion can have is no size.
func TestUnknowns(t *testing.T) {
	plan := planOf(t, head+conversion, planning.Basis{})
	if plan.Total.Days != nil || plan.Metrics[0].Days != nil || plan.Metrics[0].Detectable == nil {
		t.Errorf("%+v", plan.Metrics[0])
	}
	impossible := planOf(t, head+strings.Replace(conversion, "mde: 5%, baseline: 40%", "mde: 50%, baseline: 90%", 1), known(10))
	if impossible.Metrics[0].Units != nil || impossible.Metrics[0].Reason == "" || impossible.Total != nil {
		t.Errorf("%+v", impossible.Metrics[0])
	}
}
