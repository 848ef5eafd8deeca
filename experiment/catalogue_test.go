package experiment_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/experiment"
)

// hierarchy is the catalogue as the product promises it: name, tier, type, better and role.
const hierarchy = `
checkout_conversion core proportion higher success
captured_value core mean higher success
net_settled_value core mean higher guardrail
amazon_pay_selection supporting proportion higher supporting
login_completion supporting proportion higher supporting
confirmation supporting proportion higher supporting
amazon_pay_share supporting ratio higher supporting
incrementality supporting difference_ratio higher supporting
value_card supporting mean higher supporting
value_paypal supporting mean higher supporting
value_apple_pay supporting mean higher supporting
value_amazon_pay supporting mean higher supporting
value_other supporting mean higher supporting
repeat_purchase supporting proportion higher supporting
login_failure risk proportion lower guardrail
checkout_latency risk quantile lower guardrail
api_error_rate risk ratio lower quality
authorization_rate risk ratio higher guardrail
fraud_rate risk delayed lower guardrail
chargeback_rate risk delayed lower guardrail
a_to_z_rate risk delayed lower guardrail
refund_rate risk delayed lower deterioration
merchant_opt_out risk proportion lower deterioration
`

func TestCatalogueHoldsTheHierarchy(t *testing.T) {
	var got []string
	for _, e := range experiment.Catalogue() {
		m := e.Metric
		got = append(got, strings.Join([]string{m.Name, string(m.Tier), string(m.Type), string(m.Better), string(m.Role)}, " "))
		if e.Use != "amazon-pay/"+m.Name {
			t.Errorf("%s is used as %s", m.Name, e.Use)
		}
		if m.Stage == "" || len(m.Stakeholders) == 0 || m.Description == "" {
			t.Errorf("%s lacks a stage, a stakeholder or a description", m.Name)
		}
		if m.Role == experiment.Guardrail && m.Margin == nil {
			t.Errorf("guardrail %s has no margin", m.Name)
		}
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(hierarchy), "\n"), got); diff != "" {
		t.Error(diff)
	}
}

func TestCatalogueMarginsAreAbsoluteWherePromised(t *testing.T) {
	want := map[string]experiment.Margin{
		"net_settled_value": {Value: 0.01, Relative: true}, "authorization_rate": {Value: 0.005}, "login_failure": {Value: 0.003},
		"checkout_latency": {Value: 0.05, Relative: true}, "fraud_rate": {Value: 0.0005}, "chargeback_rate": {Value: 0.0005}, "a_to_z_rate": {Value: 0.0005},
	}
	for _, e := range experiment.Catalogue() {
		margin, has := want[e.Metric.Name]
		if has != (e.Metric.Margin != nil) || has && *e.Metric.Margin != margin {
			t.Errorf("%s has margin %v, want %v", e.Metric.Name, e.Metric.Margin, margin)
		}
	}
}

const used = `
liftgate: 1
name: used
unit: shopper
variants: [{name: a, weight: 1}, {name: b, weight: 1}]
control: a
data:
  exposures: {files: x.csv, unit: u, variant: v, time: t}
  orders: {files: o.csv, unit: u, time: t}
metrics:
`

func TestUseTakesOverAndOverrides(t *testing.T) {
	d, err := experiment.Parse("x.yaml", []byte(used+`
  - {name: conversion, use: amazon-pay/checkout_conversion, mde: 2%, window: [0d, 2d]}
  - name: authorization
    use: amazon-pay/authorization_rate
    margin: 1%
    numerator: {from: orders, where: 'event == "ok"', take: count, window: [0h, 12h]}
`))
	if err != nil {
		t.Fatal(err)
	}
	conversion, authorization := d.Metrics[0], d.Metrics[1]
	if v := conversion.Value; v.From != "orders" || v.Window != [2]datasets.Span{0, 2 * datasets.Day} || v.Where.Text != `event == "order_captured"` {
		t.Errorf("conversion reads %+v", v)
	}
	if conversion.MDE == nil || *conversion.MDE != 0.02 || conversion.Role != experiment.Success || conversion.Tier != experiment.TierCore {
		t.Errorf("conversion is %+v", conversion)
	}
	if *authorization.Margin != (experiment.Margin{Value: 0.01, Relative: true}) {
		t.Errorf("margin is %+v", authorization.Margin)
	}
	if n, d := authorization.Numerator, authorization.Denominator; n.Where.Text != `event == "ok"` || n.Window[1] != 12*datasets.Hour || d.Window[1] != 14*datasets.Day {
		t.Errorf("authorization is %+v over %+v", n, d)
	}
}

func TestValuesByMethodSplitCapturedValue(t *testing.T) {
	parts := []string{"value_card", "value_paypal", "value_apple_pay", "value_amazon_pay", "value_other"}
	for _, method := range []string{"card", "paypal", "apple_pay", "amazon_pay", "klarna", ""} {
		var in []string
		for _, e := range experiment.Catalogue() {
			if slices.Contains(parts, e.Metric.Name) && holds(t, e.Metric.Value.Where, map[string]any{"event": "order_captured", "method": method}) {
				in = append(in, e.Metric.Name)
			}
		}
		if len(in) != 1 {
			t.Errorf("an order by %q counts in %v", method, in)
		}
	}
}

func TestPrintCatalogue(t *testing.T) {
	var out bytes.Buffer
	if err := experiment.PrintCatalogue(&out); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/catalogue.txt", out.String())
	for line := range strings.Lines(out.String()) {
		if len(line) > 101 {
			t.Errorf("%d characters wide: %s", len(line), line)
		}
	}
}

// golden compares a text with a file, or rewrites the file with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(read(t, file)), got); diff != "" {
		t.Errorf("%s differs; rewrite it with -update and look at it\n%s", file, diff)
	}
}
