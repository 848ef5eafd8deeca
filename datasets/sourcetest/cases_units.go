package sourcetest

import (
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
)

func unitTableRules() []rule {
	value := []datasets.Value{{Name: "value", Column: column("value")}}
	block := []datasets.Block{{Metric: "m", Parts: []int{0}}}
	ignoring := func(q *datasets.Query) { q.IgnoreVariants, q.Forced = []string{"holdout"}, []string{"tester"} }
	table := func(name, rows string, fails bool, check func(*testing.T, *datasets.Evidence)) rule {
		return rule{
			name:  "unit table: " + name,
			units: "unit:text variant:text value:float country:text paid:boolean\n" + rows,
			spec:  func(s *specs) { s.units.Attributes = []string{"country"} },
			query: ignoring, values: value, blocks: block, fails: fails, check: check,
		}
	}
	return []rule{
		table("every row is a unit", `
			a control   1   US true
			b control   3   -  false
			c treatment 2.5 DE -
			- treatment -   US true
			d holdout   -   US true
			tester control - US true`, false, func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{2, 1})
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{NullUnit: 1, IgnoredVariants: 1, Forced: 1})
			equal(t, "times", ev.AsOf == nil && ev.Exposure.First == nil && ev.Exposure.Hours == nil, true)
			equal(t, "attributes", ev.Exposure.Attributes[0].Values, []string{"(none)", "DE", "US"})
			equal(t, "means", ev.Blocks[0].Total[0].Means, []float64{2})
			equal(t, "cross", ev.Blocks[0].Total[0].Cross, []float64{2})
			equal(t, "activity", ev.Values[0].Activity == nil, true)
		}),
		table("a unit listed twice", "a control 1 US true\n b control 1 US true\n a control 1 US true", true, nil),
		table("a forced unit listed twice", "tester control 1 US true\n tester control 1 US true", true, nil),
		table("a unit listed again in an ignored variant", "a control 1 US true\n a holdout 1 US true\n a holdout - US true", false, nil),
		table("a null cell", "a control 1 US true\n b treatment - US true", true, nil),
		table("a NaN cell", "a control 1 US true\n b treatment NaN US true", true, nil),
		table("an infinite cell", "a control 1 US true\n b treatment +Inf US true", true, nil),
		table("a NaN cell of a row that is left out", "a control 1 US true\n b holdout NaN US true\n - control Inf US true", false, nil),
		table("an undeclared variant", "a control 1 US true\n b unheard 1 US true", true, nil),
		table("a null variant", "a control 1 US true\n b - 1 US true", true, nil),
		table("no rows", "", false, nil),
		{
			name: "unit table: booleans and expressions are numbers",
			units: `
				unit:integer variant:text paid:boolean n:integer
				1            control      true         4
				2            control      false        5
				3            treatment    true         -6`,
			values: []datasets.Value{
				{Name: "paid", Column: column("paid")},
				{Name: "half", Column: op(expr.Div, column("n"), number(2))},
				{Name: "n", Column: column("n")},
			},
			blocks: []datasets.Block{{Metric: "paid", Parts: []int{0}, Binary: true}, {Metric: "ratio", Parts: []int{1, 0}, Covariates: []int{2}}},
			query: func(q *datasets.Query) {
				q.Plan = &bucket.Plan{Salt: "s", Traffic: bucket.Million, Weights: []uint64{0, 1}}
			},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "paid", ev.Blocks[0].Total[0].Means, []float64{0.5})
				equal(t, "ratio", ev.Blocks[1].Total[1].Means, []float64{-3, 1, -6})
				equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 3, Moved: 2})
			},
		},
		{
			name: "unit table: division by zero gives no value", fails: true,
			units: `
				unit:text variant:text n:integer
				a         control      4
				b         treatment    0`,
			values: []datasets.Value{{Name: "v", Column: op(expr.Div, number(1), column("n"))}},
		},
		{
			name: "unit table: a binary block with another number fails",
			units: `
				unit:text variant:text value:float
				a         control      1
				b         treatment    0.5`,
			values: value, blocks: []datasets.Block{{Metric: "m", Parts: []int{0}, Binary: true}},
			check: func(t *testing.T, ev *datasets.Evidence) { equal(t, "failed", ev.Blocks[0].Failed != "", true) },
		},
	}
}
