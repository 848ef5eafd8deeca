package analysis_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
)

const tableYAML = `liftgate: 1
name: table
unit: shopper
variants: [{name: control, weight: 50}, {name: express, weight: 50}]
control: control
data: {units: {files: units.csv, unit: id, variant: variant, attributes: [country]}}
metrics:
  - {name: bought, role: success, better: higher, type: proportion, value: {column: bought}}
  - {name: spent, role: guardrail, better: higher, type: mean, margin: 5%, value: {column: spent}, covariates: [{column: before}]}
  - {name: price, role: supporting, better: higher, type: ratio, numerator: {column: spent}, denominator: {column: before}}
segments: [country]
`

func tableRun(t *testing.T, rows [][]expr.Value) *taken {
	t.Helper()
	text := func(name string) datasets.Column { return datasets.Column{Name: name, Type: expr.Text} }
	amount := func(name string) datasets.Column { return datasets.Column{Name: name, Type: expr.Number} }
	source := sourcetest.NewSource(sourcetest.Data{Tables: []*sourcetest.Table{{
		Spec:    datasets.Table{Name: "units"},
		Columns: []datasets.Column{text("id"), text("variant"), text("country"), amount("bought"), amount("spent"), amount("before")},
		Rows:    rows,
	}}})
	d, err := experiment.Parse("table.yaml", []byte(tableYAML))
	if err != nil {
		t.Fatal(err)
	}
	study, err := analysis.Bind(context.Background(), d, source, analysis.Options{Views: true})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := source.Observe(context.Background(), &study.Query)
	if err != nil {
		t.Fatal(err)
	}
	r, err := study.Infer(ev, analysis.Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	return &taken{d, ev, r}
}

// TestRecutOfAUnitTable: it has no days and ages.
func TestRecutOfAUnitTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var all, german [][]expr.Value
	for i := range 600 {
		before := rng.ExpFloat64()
		row := []expr.Value{
			expr.TextValue("s" + strconv.Itoa(i)), expr.TextValue([]string{"control", "express"}[i%2]), expr.TextValue([]string{"DE", "US"}[rng.IntN(2)]),
			expr.IntValue(int64(rng.IntN(2))), expr.FloatValue(before + rng.Float64()), expr.FloatValue(before),
		}
		all = append(all, row)
		if row[2].Text == "DE" {
			german = append(german, row)
		}
	}
	r := tableRun(t, all)
	got, err := r.recut(in("country", "DE"))
	if err != nil {
		t.Fatal(err)
	}
	want := tableRun(t, german).result
	for i := range want.Metrics {
		g, w := &got.Metrics[i], &want.Metrics[i]
		if g.Status != result.OK || g.Status != w.Status || g.Variants[0].N != w.Variants[0].N || !alike(g.Variants[1].Value, w.Variants[1].Value) {
			t.Errorf("%s, want %s", inWords(g), inWords(w))
		}
		compareComparisons(t.Errorf, &g.Comparisons[0], &w.Comparisons[0], w.Metric, got.Cut)
	}
	for _, cut := range []result.Cut{by(in(), "2026-10-01"), aged(in(), 1)} {
		if _, err := r.recut(cut); err == nil {
			t.Errorf("%s of a unit table", cut)
		}
	}
}
