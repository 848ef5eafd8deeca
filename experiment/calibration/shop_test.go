package calibration

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
)

// shop is a unit table in memory with its definition.
type shop struct {
	yaml string
	sourcetest.Data
}

const head = `liftgate: 1
name: shop
unit: shopper
variants: [{name: control, weight: 50}, {name: express, weight: 50}]
control: control
data: {units: {files: units.csv, unit: id, variant: variant}}
metrics:
`

// merchantHead randomises merchants.
const merchantHead = `liftgate: 1
name: shop
unit: merchant
variants: [{name: control, weight: 50}, {name: express, weight: 50}]
control: control
data: {units: {files: units.csv, unit: id, variant: variant, cluster: merchant}}
metrics:
`

// newShop has the columns that a unit's numbers are named by.
func newShop(yaml string, columns ...string) *shop {
	table := &sourcetest.Table{Spec: datasets.Table{Name: "units"}}
	for _, name := range []string{"id", "variant", "merchant"} {
		table.Columns = append(table.Columns, datasets.Column{Name: name, Type: expr.Text})
	}
	for _, name := range columns {
		table.Columns = append(table.Columns, datasets.Column{Name: name, Type: expr.Number})
	}
	return &shop{yaml, sourcetest.Data{Tables: []*sourcetest.Table{table}}}
}

func (s *shop) add(variant, merchant string, numbers ...float64) {
	t := s.Tables[0]
	row := []expr.Value{expr.TextValue(strconv.Itoa(len(t.Rows))), expr.TextValue(variant), expr.TextValue(merchant)}
	for _, x := range numbers {
		row = append(row, expr.FloatValue(x))
	}
	t.Rows = append(t.Rows, row)
}

// variantOf takes turns.
func variantOf(i int) string { return []string{"control", "express"}[i%2] }

func (s *shop) bind(t testing.TB) (*analysis.Study, *datasets.UnitValues) {
	t.Helper()
	d, err := experiment.Parse("shop.yaml", []byte(s.yaml))
	if err != nil {
		t.Fatal(err)
	}
	source := sourcetest.NewSource(s.Data)
	study, err := analysis.Bind(t.Context(), d, source, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	units, err := source.Units(t.Context(), &study.Query)
	if err != nil {
		t.Fatal(err)
	}
	return study, units
}

func (s *shop) calibrate(t testing.TB, o Options) *Calibration {
	t.Helper()
	study, units := s.bind(t)
	c, err := Run(t.Context(), study, units, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// mixedShop has shoppers of all kinds: with and without orders, alike before and after.
func mixedShop(yaml string, shoppers, merchants int) *shop {
	s := newShop(yaml, "spent", "before", "ordered", "tried", "approved", "failed", "latency")
	rng := rand.New(rand.NewPCG(3, uint64(shoppers)))
	for i := range shoppers {
		at := float64(i) / float64(shoppers)
		m := int(float64(merchants) * (0.5*at + 0.5*at*at)) // of different sizes, their shoppers together
		taste := rng.NormFloat64()
		tried := float64(1 + rng.IntN(3))
		approved := 0.0
		for range int(tried) {
			if rng.Float64() < 0.8 {
				approved++
			}
		}
		spent := 0.0
		if rng.Float64() < 0.3 {
			spent = math.Exp(2 + 0.3*taste + 0.2*rng.NormFloat64())
		}
		s.add(variantOf(m), "m"+strconv.Itoa(m), spent, 10+taste, one(spent > 0), tried, approved, one(i%25 == 0), 100+20*rng.ExpFloat64())
	}
	return s
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

const mixedMetrics = `  - {name: ordered, role: success, better: higher, type: proportion, value: {column: ordered}}
  - {name: spent, role: success, better: higher, type: mean, value: {column: spent}, covariates: [{column: before}]}
  - {name: approval, role: guardrail, better: higher, type: ratio, margin: 2pp, numerator: {column: approved}, denominator: {column: tried}}
  - {name: failed, role: guardrail, better: lower, type: proportion, margin: 1pp, value: {column: failed}}
  - {name: latency, role: guardrail, better: lower, type: quantile, quantile: 0.9, over: units, margin: 5%, value: {column: latency}}
  - {name: plain, role: deterioration, better: lower, type: mean, value: {column: spent}}
`
