package sourcetest

import (
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/stats"
)

// takeRules look at unit a, the only one in control.
func takeRules() []rule {
	const rows = `
		unit:text time:time event:text    value:float  order:text  id:integer  paid:boolean
		b         1d        captured      100          z           9           true
		a         5h        captured      2.5          x           1           true
		a         3h        captured      8            x           1           false
		a         3h        captured      4            y           2           true
		a         9h        captured      1            -           3           -
		a         9h        captured      -1.5         w           2           true
		a         9h        captured      -            y           -           true
		a         9h        refund        64           v           5           true
		a         40d       captured      64           u           6           true`
	value := func(take datasets.Take, column *expr.Node) datasets.Value {
		return datasets.Value{
			Name: string(take), Table: "events", Where: event("captured"), Take: take, Column: column, Window: days(0, 1), Nulls: datasets.NullsDrop,
		}
	}
	taking := func(name string, want float64, nulls int64, v datasets.Value) rule {
		return rule{
			name: "take " + name, exposures: twoUnits, events: rows,
			values: []datasets.Value{v}, blocks: []datasets.Block{{Metric: name, Parts: []int{0}}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "value", ev.Blocks[0].Total[0].Means, []float64{want})
				equal(t, "null cells", ev.Values[0].NullCells, nulls)
			},
		}
	}
	atLeast := func(n int) datasets.Value {
		v := value(datasets.Any, nil)
		v.AtLeast = n
		return v
	}
	unless := value(datasets.Max, column("value"))
	unless.Unless = event("refund")
	unlessLater := value(datasets.Max, column("value"))
	unlessLater.Unless = op(expr.Eq, column("order"), text("u"))
	once := atLeast(0)
	once.Where = op(expr.Eq, column("order"), text("w"))
	return []rule{
		taking("any of one row", 1, 0, once),
		taking("any", 1, 0, value(datasets.Any, nil)),
		taking("any of at least six", 1, 0, atLeast(6)),
		taking("any of at least seven", 0, 0, atLeast(7)),
		taking("count", 6, 0, value(datasets.Count, nil)),
		taking("sum", 14, 1, value(datasets.Sum, column("value"))),
		taking("mean", 2.8, 1, value(datasets.Mean, column("value"))),
		taking("max", 8, 1, value(datasets.Max, column("value"))),
		taking("min", -1.5, 1, value(datasets.Min, column("value"))),
		taking("first, the smaller at equal times", 4, 1, value(datasets.First, column("value"))),
		taking("last, the larger at equal times", 1, 1, value(datasets.Last, column("value"))),
		taking("sum of booleans", 4, 1, value(datasets.Sum, column("paid"))),
		taking("sum of an expression", -14-2, 1, value(datasets.Sum, op(expr.If,
			op(expr.Eq, column("order"), text("w")), op(expr.Add, op(expr.Neg, column("value")), number(-2)), op(expr.Neg, column("value"))))),
		taking("sum with division by zero", 0.0625+0.03125+0.0625, 3, value(datasets.Sum, op(expr.Div, number(0.125),
			op(expr.Sub, op(expr.Mul, number(2), column("id")), number(2))))),
		taking("distinct texts", 3, 1, value(datasets.Distinct, column("order"))),
		taking("distinct integers", 3, 1, value(datasets.Distinct, column("id"))),
		taking("distinct numbers", 5, 1, value(datasets.Distinct, column("value"))),
		taking("distinct booleans", 2, 1, value(datasets.Distinct, column("paid"))),
		taking("distinct times", 3, 0, value(datasets.Distinct, column("time"))),
		taking("unless such a row is in the window", 0, 1, unless),
		taking("unless such a row is outside the window", 8, 1, unlessLater),
	}
}

func nullRules() []rule {
	const rows = `
		unit:text time:time event:text    value:float
		a         1h        captured      5
		b         2h        captured      -
		b         3h        shown         7
		c         3d        captured      7
		d         9d        captured      7`
	const units = twoUnits + `
		c         treatment    0h
		d         treatment    8d`
	with := func(take datasets.Take, nulls datasets.Nulls) datasets.Value {
		v := datasets.Value{Name: "v", Table: "events", Where: event("captured"), Take: take, Window: days(0, 1), Nulls: nulls}
		if take != datasets.Any {
			v.Column = column("value")
		}
		return v
	}
	block := []datasets.Block{{Metric: "m", Parts: []int{0}}}
	expect := func(n, null, incomplete int64) func(*testing.T, *datasets.Evidence) {
		return func(t *testing.T, ev *datasets.Evidence) {
			b := ev.Blocks[0]
			equal(t, "n", b.Total[1].N, n)
			equal(t, "null", b.Null, []int64{0, null})
			equal(t, "incomplete", b.Incomplete, []int64{0, incomplete})
		}
	}
	asOf := func(s string) func(*datasets.Query) { return func(q *datasets.Query) { q.AsOf = at(s) } }
	unless := with(datasets.Sum, datasets.NullsDrop)
	unless.Unless = event("shown")
	return []rule{
		{
			name: "nulls zero", exposures: units, events: rows, query: asOf("9d"),
			values: []datasets.Value{with(datasets.Sum, datasets.NullsZero)}, blocks: block, check: expect(3, 0, 0),
		},
		{
			name: "nulls drop", exposures: units, events: rows, query: asOf("9d"),
			values: []datasets.Value{with(datasets.Sum, datasets.NullsDrop)}, blocks: block, check: expect(0, 3, 0),
		},
		{
			name: "nulls drop units without a row from any, too", exposures: units, events: rows, query: asOf("9d"),
			values: []datasets.Value{with(datasets.Any, datasets.NullsDrop)}, blocks: block, check: expect(1, 2, 0),
		},
		{
			name: "nulls error", exposures: units, events: rows, query: asOf("9d"), fails: true,
			values: []datasets.Value{with(datasets.Sum, datasets.NullsError)}, blocks: block,
		},
		{
			name: "nulls error waits for the window to close",
			exposures: `
				unit:text variant:text time:time
				a         control      0h
				d         treatment    8d`,
			events: rows, query: asOf("9d+-1us"),
			values: []datasets.Value{with(datasets.Sum, datasets.NullsError)}, blocks: block, check: expect(0, 0, 1),
		},
		{
			name: "nulls error of a value in no block", exposures: units, events: rows, query: asOf("9d"),
			values: []datasets.Value{with(datasets.Sum, datasets.NullsError)},
		},
		{
			name: "unless makes a null zero", exposures: units, events: rows, query: asOf("9d"),
			values: []datasets.Value{unless}, blocks: block, check: expect(1, 2, 0),
		},
	}
}

func cellRules() []rule {
	sum := []datasets.Value{{
		Name: "v", Table: "events", Where: event("captured"), Take: datasets.Sum, Column: column("value"), Window: days(0, 1), Nulls: datasets.NullsZero,
	}}
	head := `
		unit:text time:time event:text    value:float
		a         2h        captured      1`
	with := func(name, row string, fails bool, values []datasets.Value) rule {
		return rule{name: name, exposures: twoUnits, events: head + row, values: values, fails: fails}
	}
	distinct := []datasets.Value{sum[0]}
	distinct[0].Take = datasets.Distinct
	return []rule{
		with("NaN in a value", "\n a 1h captured NaN", true, sum),
		with("infinity in a value", "\n b 2h captured -Inf", true, sum),
		with("NaN among distinct values", "\n b 2h captured NaN", true, distinct),
		with("NaN of a unit that is not analysed", "\n x 1h captured NaN", false, sum),
		with("NaN outside the window", "\n a 9d captured NaN", false, sum),
		with("NaN without a time", "\n a - captured NaN", false, sum),
		with("NaN where the condition does not hold", "\n a 1h shown NaN", false, sum),
		with("a value too large to square", "\n a 1h captured 1e200", false, sum),
	}
}

// overflow is a block whose numbers do not fit.
func overflowRule() rule {
	return rule{
		name: "a block whose moments overflow fails alone", exposures: twoUnits + `
			c         control      0h`,
		events: `
			unit:text time:time event:text    value:float
			a         2h        captured      1e200
			c         1h        captured      2
			x         9d        captured      2`,
		values: []datasets.Value{
			{Name: "big", Table: "events", Take: datasets.Sum, Column: column("value"), Window: days(0, 1), Nulls: datasets.NullsZero},
			{Name: "few", Table: "events", Take: datasets.Count, Window: days(0, 1), Nulls: datasets.NullsZero},
		},
		blocks: []datasets.Block{{Metric: "big", Parts: []int{0}}, {Metric: "few", Parts: []int{1}}},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "failed", ev.Blocks[0].Failed != "", true)
			equal(t, "few", ev.Blocks[1].Total, []stats.Moments{
				{N: 2, Means: []float64{1}, Cross: []float64{0}}, {N: 1, Means: []float64{0}, Cross: []float64{0}},
			})
		},
	}
}
