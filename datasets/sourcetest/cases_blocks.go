package sourcetest

import (
	"fmt"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

func blockRules() []rule {
	value := func(name string, take datasets.Take, where *expr.Node, from, to int) datasets.Value {
		v := datasets.Value{Name: name, Table: "events", Where: where, Take: take, Window: days(from, to), Nulls: datasets.NullsZero}
		if take == datasets.Sum {
			v.Column = column("value")
		}
		return v
	}
	const rows = `
		unit:text time:time event:text    value:float
		a         1d        captured      5
		a         -2d       captured      3
		b         2d        captured      7
		c         1d        captured      9
		c         2d        refund        4
		x         20d       captured      1`
	const units = twoUnits + `
		c         control      0h
		c         treatment    1d
		d         treatment    8d`
	return []rule{
		{
			name: "a unit counts once the longest window of its block has closed", exposures: units, events: rows,
			query:  func(q *datasets.Query) { q.AsOf = at("14d+1h") },
			values: []datasets.Value{value("short", datasets.Any, nil, 0, 6), value("long", datasets.Any, nil, 0, 14)},
			blocks: []datasets.Block{
				{Metric: "short", Parts: []int{0}, Binary: true},
				{Metric: "long", Parts: []int{1}, Binary: true},
				{Metric: "both", Parts: []int{0, 1}},
			},
			check: func(t *testing.T, ev *datasets.Evidence) {
				for i, want := range []int64{0, 1, 1} {
					equal(t, ev.Blocks[i].Metric, ev.Blocks[i].Incomplete, []int64{0, want})
					equal(t, ev.Blocks[i].Metric, ev.Blocks[i].Total[1].N, 2-want)
				}
			},
		},
		{
			name: "a window that closes at as of has closed", exposures: twoUnits, events: rows,
			query:  func(q *datasets.Query) { q.AsOf = at("7d") },
			values: []datasets.Value{value("v", datasets.Any, nil, 0, 7)},
			blocks: []datasets.Block{{Metric: "v", Parts: []int{0}, Binary: true}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "incomplete", ev.Blocks[0].Incomplete, []int64{0, 1})
			},
		},
		{
			name: "covariates look back before exposure", exposures: units, events: rows,
			values: []datasets.Value{value("after", datasets.Sum, event("captured"), 0, 7), value("before", datasets.Sum, event("captured"), -7, 0)},
			blocks: []datasets.Block{{Metric: "m", Parts: []int{0}, Covariates: []int{1}}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				b := ev.Blocks[0]
				equal(t, "components", b.Components, []string{"after", "before"})
				equal(t, "means", b.Total[0].Means, []float64{7, 1.5})
				equal(t, "cross", b.Total[0].Cross, []float64{8, -6, 4.5})
				equal(t, "without crossover", b.WithoutCrossover[0].Means, []float64{5, 3})
				equal(t, "treatment", b.WithoutCrossover[1].N, int64(2))
			},
		},
		{
			name: "a ratio has two parts", exposures: units, events: rows,
			values: []datasets.Value{value("refunds", datasets.Count, event("refund"), 0, 7), value("orders", datasets.Count, event("captured"), 0, 7)},
			blocks: []datasets.Block{{Metric: "m", Parts: []int{0, 1}}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "means", ev.Blocks[0].Total[0].Means, []float64{0.5, 1})
				equal(t, "positive", ev.Blocks[0].Positive, int64(1))
			},
		},
		{
			name: "crossover units that are dropped leave no second sample", exposures: units, events: rows,
			query:  func(q *datasets.Query) { q.Crossover = datasets.CrossoverDrop },
			values: []datasets.Value{value("v", datasets.Sum, nil, 0, 7)},
			blocks: []datasets.Block{{Metric: "m", Parts: []int{0}}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "without crossover", ev.Blocks[0].WithoutCrossover == nil, true)
				equal(t, "n", ev.Blocks[0].Total[0].N, int64(1))
			},
		},
		{
			name: "a binary block with another number fails", exposures: units, events: rows,
			values: []datasets.Value{value("v", datasets.Sum, nil, 0, 7), value("w", datasets.Any, nil, 0, 7)},
			blocks: []datasets.Block{{Metric: "m", Parts: []int{0}, Binary: true}, {Metric: "w", Parts: []int{1}, Binary: true}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "failed", ev.Blocks[0].Failed != "", true)
				equal(t, "moments", ev.Blocks[0].Total == nil, true)
				equal(t, "the other", ev.Blocks[1].Failed, "")
				equal(t, "no top", ev.Blocks[1].WithoutTop == nil, true)
			},
		},
	}
}

// capRules have control units with the values -8, 0, 0, 0, 1, 2, 3, 4 and treatment units with 10, 1000.
func capRules() []rule {
	numbers := []string{"-8", "0", "0", "0", "1", "2", "3", "4", "10", "1000"}
	var units strings.Builder
	units.WriteString("unit:text variant:text value:float\n")
	for i, x := range numbers {
		fmt.Fprintf(&units, "u%d %s %s\n", i, [...]string{"control", "treatment"}[i/8], x)
	}
	ptr := func(x float64) *float64 { return &x }
	absolute := func(x float64) *datasets.Limit { return &datasets.Limit{Absolute: &x} }
	share := func(q float64) *datasets.Limit { return &datasets.Limit{Quantile: q} }
	capped := func(name string, c datasets.Cap, lower, upper *float64, touched int64, control, treatment float64) rule {
		return rule{
			name: "cap " + name, units: units.String(),
			values: []datasets.Value{{Name: "value", Column: column("value")}},
			blocks: []datasets.Block{{Metric: "m", Parts: []int{0}, Cap: &c}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				b := ev.Blocks[0]
				equal(t, "limits", []*float64{b.CapLower, b.CapUpper}, []*float64{lower, upper})
				equal(t, "capped", b.Capped, touched)
				equal(t, "positive", b.Positive, int64(6))
				equal(t, "sums", []float64{b.Total[0].Means[0] * 8, b.Total[1].Means[0] * 2}, []float64{control, treatment})
				equal(t, "uncapped", b.Uncapped[1].Means, []float64{505})
			},
		}
	}
	return []rule{
		capped("at a number", datasets.Cap{Upper: absolute(3)}, nil, ptr(3), 3, 1, 6),
		capped("at a number below", datasets.Cap{Lower: absolute(0)}, ptr(0), nil, 1, 10, 1010),
		capped("at a share of the positive values", datasets.Cap{Upper: share(0.5)}, nil, ptr(3), 3, 1, 6),
		capped("at a share just above", datasets.Cap{Upper: share(0.51)}, nil, ptr(4), 2, 2, 8),
		capped("at the largest", datasets.Cap{Upper: share(1)}, nil, ptr(1000), 0, 2, 1010),
		capped("on both sides", datasets.Cap{Lower: share(0.1), Upper: share(0.8)}, ptr(1), ptr(10), 5, 14, 20),
		capped("that crosses", datasets.Cap{Lower: absolute(5), Upper: absolute(2)}, ptr(5), ptr(2), 9, 16, 4),
		{
			name: "a share of no positive values is no limit",
			units: `
				unit:text variant:text value:float
				a         control      0
				b         treatment    -3`,
			values: []datasets.Value{{Name: "value", Column: column("value")}},
			blocks: []datasets.Block{{Metric: "m", Parts: []int{0}, Cap: &datasets.Cap{Upper: share(0.9)}}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "limit", ev.Blocks[0].CapUpper == nil, true)
				equal(t, "uncapped", ev.Blocks[0].Uncapped[1].Means, []float64{-3})
			},
		},
		topRule(),
	}
}

func topRule() rule {
	var units strings.Builder
	units.WriteString("unit:integer variant:text value:float\n")
	for i := range 1000 {
		fmt.Fprintf(&units, "%d %s %d\n", i, [...]string{"control", "treatment"}[i%2], i)
	}
	return rule{
		name: "the top is what 99.9 % of the units do not exceed", units: units.String(),
		values: []datasets.Value{{Name: "value", Column: column("value")}},
		blocks: []datasets.Block{{Metric: "m", Parts: []int{0}}},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "top", ev.Blocks[0].Top, 998.)
			equal(t, "n", []int64{ev.Blocks[0].WithoutTop[0].N, ev.Blocks[0].WithoutTop[1].N}, []int64{500, 499})
		},
	}
}
