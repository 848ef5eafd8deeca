package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// shape is a kind of run.
type shape struct {
	name    string
	head    string // of the definition, before its metrics
	tail    string
	metrics []string
	list    string   // of merchants, that a design assigns before; the log's variants are not its
	options []string // of analyze

	merchants int // in the data
}

const (
	ofShoppers = `unit: shopper
data:
  exposures: {files: exposures.csv, unit: shopper, variant: variant, time: ts, attributes: [country, device]}
  events: {files: events.csv, unit: shopper, time: ts}
segments: [country, device]
schedule: {start: 2026-10-01, end: 2026-10-15}
`
	ofMerchants = `unit: merchant
data:
  exposures: {files: exposures.csv, unit: shopper, variant: of_merchant, time: ts, cluster: merchant, attributes: [country]}
  events: {files: events.csv, unit: shopper, time: ts, cluster: merchant}
segments: [country]
schedule: {start: 2026-10-01, end: 2026-10-15}
`
	inTable = `unit: shopper
data: {units: {files: units.csv, unit: shopper, variant: variant, attributes: [country, device]}}
segments: [country]
`
	orders  = `{name: orders, role: success, better: higher, type: proportion, value: {from: events, where: 'event == "order"', take: any, window: [0d, 7d]}}`
	value   = `{name: value, role: success, better: higher, type: mean, value: {from: events, where: 'event == "order"', take: sum, column: value, window: [0d, 7d]}, cap: {upper: 95%}, covariates: [{window: [-3d, 0d]}]}`
	basket  = `{name: basket, role: supporting, better: higher, type: ratio, numerator: {from: events, where: 'event == "order"', take: sum, column: value, window: [0d, 7d]}, denominator: {from: events, where: 'event == "order"', take: count, window: [0d, 7d]}}`
	p90     = `{name: p90, role: guardrail, better: lower, type: quantile, quantile: 0.9, over: rows, margin: 5%, value: {from: events, where: 'event == "order"', column: value, window: [0d, 7d]}}`
	median  = `{name: median, role: supporting, better: higher, type: quantile, quantile: 0.5, over: units, value: {from: events, where: 'event == "order"', take: max, column: value, window: [0d, 6d], nulls: drop}}`
	refunds = `{name: refunds, role: guardrail, better: lower, type: delayed, start: {from: events, where: 'event == "order"', key: order}, failure: {from: events, where: 'event == "refund"', key: order}, horizon: 60d, maturity: {share: 90%}, decides_on: per_order, margin: 0.5pp}`
	spent   = `{name: spent, role: success, better: higher, type: mean, value: {column: spent}}`
)

// shapes are all kinds of data, designs, metrics, evidence and monitoring.
var shapes = []shape{
	{name: "shoppers", head: ofShoppers, metrics: []string{orders, value, basket}},
	{name: "totals", head: ofShoppers, metrics: []string{orders, value}, options: []string{"--evidence", "totals"}},
	{name: "as of", head: ofShoppers, metrics: []string{orders, value}, options: []string{"--as-of", "2026-10-14T08:30:00Z"}},
	{name: "as of the last row", head: ofShoppers, metrics: []string{orders}, options: []string{"--as-of", "2026-10-20T00:00:00.000001Z"}},
	{name: "in little memory", head: ofShoppers, metrics: []string{orders, value, p90}, options: []string{"--memory", "1MB"}},
	{name: "with a state", head: ofShoppers, metrics: []string{orders, value}, options: []string{"--state", "kept"}},
	{name: "dropped crossover units", head: strings.Replace(ofShoppers, "variant: variant,", "variant: variant, crossover: drop,", 1), metrics: []string{orders, value}},
	{name: "unit table", head: inTable, metrics: []string{spent}},
	{name: "quantiles", head: ofShoppers, metrics: []string{orders, p90, median}},
	{
		name: "hashed", head: ofShoppers, metrics: []string{orders},
		tail: "assignment: {traffic: 90%, layer: {name: page, slots: [0, 899]}, holdout: {name: h, share: 1%}, eligible: 'country == \"DE\"', force: [{unit: s3, variant: b}]}\n",
	},
	{
		name: "hashed, eligibility of another column", head: ofShoppers, metrics: []string{orders},
		tail: "assignment: {eligible: 'platform == \"web\"'}\n",
	},
	{name: "merchants", head: ofMerchants, metrics: []string{orders, value, basket}, merchants: 80},
	{
		name: "strata", head: ofMerchants, metrics: []string{orders, value}, list: "merchants.csv", merchants: 80,
		tail: "assignment: {design: {method: stratified, strata: [country], seed: 7}}\n",
	},
	{
		name: "pairs", head: ofMerchants, metrics: []string{orders, p90}, list: "merchants.csv", merchants: 80,
		tail: "assignment: {design: {method: paired, balance: [size], seed: 7}, eligible: 'size > 2.5'}\n",
	},
	{
		name: "balanced", head: ofMerchants, metrics: []string{value}, list: "merchants.csv", merchants: 80,
		tail: "assignment: {design: {method: rerandomized, balance: [size], seed: 7}, eligible: 'country != \"FR\"'}\n",
	},
	{
		name: "few, balanced", head: ofMerchants, metrics: []string{orders}, list: "merchants.csv", merchants: 26,
		tail: "assignment: {design: {method: rerandomized, balance: [size], seed: 7}}\n",
	},
	{name: "delayed", head: ofShoppers, metrics: []string{orders, refunds}},
	{name: "at any time", head: ofShoppers, metrics: []string{orders, value}, tail: "monitoring: {method: always-valid}\n"},
}

func shapeOf(t *testing.T, name string) *shape {
	t.Helper()
	for i := range shapes {
		if shapes[i].name == name {
			return &shapes[i]
		}
	}
	t.Fatalf("there is no shape %q", name)
	return nil
}

// make writes definition and data into the current folder and analyses them into the folder run.
func (s *shape) make(t *testing.T) {
	t.Helper()
	definition := "liftgate: 1\nname: shape\nvariants: [{name: a, weight: 1}, {name: b, weight: 1}]\ncontrol: a\n" + s.head + s.tail + "metrics:\n"
	for _, m := range s.metrics {
		definition += "  - " + m + "\n"
	}
	save(t, "shape.yaml", definition)
	writeShop(t, s.merchants)
	if s.list != "" {
		must(t, "assign", "shape.yaml", "--units", s.list, "--out", "assigned.csv")
	}
	must(t, append([]string{"analyze", "shape.yaml", "--out", "run", "--quiet"}, s.options...)...)
}

func save(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// writeShop writes a log and a table of shoppers at merchants, some exposed twice, some to the other variant, and a list of most of the merchants.
func writeShop(t *testing.T, merchants int) {
	t.Helper()
	const shoppers = 240
	if merchants == 0 {
		merchants = 26
	}
	rng := rand.New(rand.NewPCG(5, 6))
	var exposures, events, units, list strings.Builder
	exposures.WriteString("shopper,merchant,variant,of_merchant,ts,country,device\n")
	events.WriteString("shopper,merchant,ts,event,value,order\n")
	units.WriteString("shopper,variant,country,device,spent\n")
	list.WriteString("merchant,country,size\n")
	variant := func(i int) string { return []string{"a", "b"}[i%2] }
	country := func(i int) string { return []string{"DE", "US", "FR"}[i%3] }
	at := func(day int) string { return fmt.Sprintf("2026-10-%02dT%02d:15:00Z", day, rng.IntN(24)) }
	for m := range merchants - 2 {
		fmt.Fprintf(&list, "m%d,%s,%.1f\n", m, country(m/2), 1.5+float64(m/2))
	}
	for i := range shoppers {
		m := i % (merchants - 1) // one of the list is never seen, two are not on it
		if m == 9 {
			m = merchants - 1
		}
		day, device := 1+rng.IntN(10), []string{"phone", "desktop", ""}[i%7%3]
		expose := func(variant string) {
			fmt.Fprintf(&exposures, "s%d,m%d,%s,%s,%s,%s,%s\n", i, m, variant, []string{"a", "b"}[m%2], at(day), country(m/2), device)
		}
		expose(variant(i))
		if i%10 == 0 {
			expose(variant(i / 10))
		}
		fmt.Fprintf(&units, "s%d,%s,%s,%s,%.2f\n", i, variant(i), country(m/2), device, rng.ExpFloat64()*20+float64(i%2))
		for range rng.IntN(4) {
			event := []string{"order", "order", "refund"}[rng.IntN(3)]
			fmt.Fprintf(&events, "s%d,m%d,%s,%s,%.2f,o%d\n", i, m, at(max(1, day-2)+rng.IntN(10)), event, rng.ExpFloat64()*30, rng.IntN(300))
		}
	}
	events.WriteString("s1,m1,2026-10-20T00:00:00Z,order,12.50,o1\n")
	save(t, "exposures.csv", exposures.String())
	save(t, "events.csv", events.String())
	save(t, "units.csv", units.String())
	save(t, "merchants.csv", list.String())
}
