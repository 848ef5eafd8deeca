package sourcetest

import (
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// two units, exposed at 0h and 1h.
const twoUnits = `
	unit:text variant:text time:time
	a         control      0h
	b         treatment    1h`

var captured = datasets.Value{
	Name: "captured", Table: "events", Where: event("captured"), Take: datasets.Count, Window: days(0, 2), Nulls: datasets.NullsZero,
}

var eventRules = []rule{
	{
		name: "windows are half-open", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				a         -1us      captured
				a         0h        captured
				a         1d+23h    captured
				a         2d        captured
				b         59m       captured
				b         1h        captured
				b         2d+1h     captured`,
		values: []datasets.Value{captured},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "rows", rowsEntered(ev, 0), []int64{2, 1})
			equal(t, "matched", ev.Events[0].Matched, int64(3))
			equal(t, "outside", ev.Events[0].OutsideWindow, int64(2)) // at -1us and 2d+1h no window is open
			equal(t, "ages", ev.Values[0].Activity[0].Ages, []int64{1, 1})
		},
	},
	{
		name: "events are cut at as of", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				a         1d+-1us   captured
				a         1d        captured
				nobody    1d        captured`,
		query:  func(q *datasets.Query) { q.AsOf = at("1d") },
		values: []datasets.Value{captured},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "rows", rowsEntered(ev, 0), []int64{1, 0})
			equal(t, "unmatched", ev.Events[0].UnmatchedUnit, int64(0))
		},
	},
	{
		name: "rows are counted from the first to the last window of the table's values", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				nobody    -2d+-1us  captured
				nobody    -2d       captured
				a         -1d       captured
				nobody    5d+59m    captured
				nobody    5d+1h     captured`,
		values: []datasets.Value{
			counting("day", event("captured")),
			{Name: "before", Table: "events", Where: event("refund"), Take: datasets.Any, Window: days(-2, 0)},
			{Name: "after", Table: "events", Where: event("refund"), Take: datasets.Any, Window: days(0, 5)},
		},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "unmatched", ev.Events[0].UnmatchedUnit, int64(2))
			equal(t, "matched", ev.Events[0].Matched, int64(1))
		},
	},
	{
		name: "rows are counted once, by their unit, then their windows",
		exposures: twoUnits + `
				tied      control      0h
				tied      treatment    0h
				tester    control      0h
				late      control      20d
				gone      control      2d
				gone      treatment    3d`,
		events: `
				unit:text time:time event:text
				a         1h        captured
				a         1h        refund
				a         1h        shown
				a         3d        captured
				b         1d        captured
				tied      1d        captured
				tester    1d        captured
				late      1d        captured
				gone      2d        captured
				nobody    1d        captured
				-         1d        captured
				-         1d        shown
				a         -1d       captured
				nobody    -1d       captured
				nobody    9d        captured
				b         -         captured
				nobody    -         refund
				-         -         captured
				b         -         shown`,
		query: func(q *datasets.Query) {
			q.End, q.Forced, q.Crossover = at("10d"), []string{"tester"}, datasets.CrossoverDrop
		},
		values: []datasets.Value{captured, {
			Name: "kept", Table: "events", Where: event("captured"), Unless: event("refund"), Take: datasets.Any, Window: days(0, 1),
		}},
		check: func(t *testing.T, ev *datasets.Evidence) {
			e := ev.Events[0]
			equal(t, "matched", e.Matched, int64(3))
			equal(t, "unmatched", e.UnmatchedUnit, int64(6))
			equal(t, "outside window", e.OutsideWindow, int64(0))
			equal(t, "null time", e.NullTime, int64(3))
			equal(t, "per unit", e.PerUnit[0].Means, []float64{2})
		},
	},
	{
		name: "ages count whole days, rounding down",
		exposures: `
				unit:text variant:text time:time
				a         control      12h
				b         treatment    12h`,
		events: `
				unit:text time:time event:text
				a         11h       captured
				a         -12h      captured
				a         -13h      captured
				a         12h       captured
				a         1d+11h    captured
				a         1d+12h    captured`,
		values: []datasets.Value{{Name: "all", Table: "events", Take: datasets.Count, Window: days(-3, 3)}},
		check: func(t *testing.T, ev *datasets.Evidence) {
			a := ev.Values[0].Activity[0]
			equal(t, "ages", a.Ages, []int64{1, 2, 2, 1})
			equal(t, "first age", a.FirstAge, -2)
			equal(t, "last", *a.Last, *at("1d+12h"))
			equal(t, "treatment", ev.Values[0].Activity[1], datasets.Activity{})
		},
	},
	{
		name: "each table is counted over its own values", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				a         5h        captured
				b         5d        captured`,
		refunds: `
				unit:text time:time event:text amount:float
				a         6h        refund     2.5
				b         20d       refund     4
				x         20d       refund     4`,
		values: []datasets.Value{
			captured,
			{
				Name: "refunded", Table: "refunds", Take: datasets.Sum, Column: column("amount"),
				Window: days(0, 30), Nulls: datasets.NullsZero,
			},
		},
		query: func(q *datasets.Query) { q.AsOf = at("40d") },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "captured", ev.Events[0].Matched, int64(1))
			equal(t, "captured, out of range", ev.Events[0].OutsideWindow, int64(0))
			equal(t, "refunds", ev.Events[1].Matched, int64(2))
			equal(t, "refunds of others", ev.Events[1].UnmatchedUnit, int64(1))
		},
	},
	{
		name: "integer keys and their decimal text are one key",
		exposures: `
				unit:integer variant:text time:time
				7            control      0h
				-12          treatment    0h`,
		events: `
				unit:text time:time event:text
				7         1h        captured
				007       1h        captured
				-12       1h        captured
				7.0       1h        captured`,
		values: []datasets.Value{captured},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "rows", rowsEntered(ev, 0), []int64{1, 1})
			equal(t, "unmatched", ev.Events[0].UnmatchedUnit, int64(2))
		},
	},
	{
		name: "as of is the earliest complete_through of the tables in use", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				a         5h        captured
				nobody    3d        shown`,
		refunds: `
				unit:text time:time event:text
				a         1h        refund`,
		values: []datasets.Value{captured},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "as of", *ev.AsOf, *at("3d+1us"))
			equal(t, "complete through", ev.Events[1].CompleteThrough, *at("1h+1us"))
		},
	},
	{
		name: "as of is the earliest of two tables in use", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				a         3d        captured`,
		refunds: `
				unit:text time:time event:text
				a         2d        refund`,
		values: []datasets.Value{captured, {Name: "refunds", Table: "refunds", Take: datasets.Any, Window: days(0, 1)}},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "as of", *ev.AsOf, *at("2d+1us"))
		},
	},
	{
		name: "complete_through can be declared", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				a         5h        captured
				a         1d+1h     captured`,
		spec:   func(s *specs) { s.events.CompleteThrough = at("1d") },
		values: []datasets.Value{captured},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "as of", *ev.AsOf, *at("1d"))
			equal(t, "rows", rowsEntered(ev, 0), []int64{1, 0})
		},
	},
	{
		name: "a silent table does not stop the clock", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				a         5h        captured`,
		refunds: `
				unit:text time:time event:text`,
		values: []datasets.Value{captured, {Name: "refunds", Table: "refunds", Take: datasets.Any, Window: days(0, 1)}},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "as of", *ev.AsOf, *at("5h+1us"))
			equal(t, "complete through", ev.Events[1].CompleteThrough, datasets.Instant(0))
		},
	},
	{
		name: "as of comes from the exposures when no table has a time", exposures: twoUnits,
		events: `
				unit:text time:time event:text
				a         -         captured`,
		values: []datasets.Value{captured},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "as of", *ev.AsOf, *at("1h+1us"))
			equal(t, "null time", ev.Events[0].NullTime, int64(1))
		},
	},
	{
		name: "no time anywhere", fails: true,
		exposures: `
				unit:text variant:text time:time`,
		events: `
				unit:text time:time event:text`,
		values: []datasets.Value{captured},
	},
	{
		name: "a comparison with null is false and ! negates that", exposures: twoUnits,
		events: `
				unit:text time:time event:text kind:text
				a         1h        -          x
				a         1h        captured   -
				a         1h        refund     -
				b         1h        shown      y`,
		values: []datasets.Value{
			counting("is", op(expr.Eq, column("event"), text("captured"))),
			counting("is not", op(expr.Ne, column("event"), text("captured"))),
			counting("not is", op(expr.Not, op(expr.Eq, column("event"), text("captured")))),
			counting("has", &expr.Node{Op: expr.Has, Name: "kind"}),
			counting("in", op(expr.In, column("event"), text("captured"), text("refund"))),
			counting("or", op(expr.Or, op(expr.Eq, column("kind"), text("x")), op(expr.StartsWith, column("event"), text("re")))),
		},
		check: func(t *testing.T, ev *datasets.Evidence) {
			for i, want := range [][]int64{{1, 0}, {1, 1}, {2, 1}, {1, 1}, {2, 0}, {2, 0}} {
				equal(t, ev.Values[i].Name, rowsEntered(ev, i), want)
			}
		},
	},
	{
		name: "events without anybody to look at",
		exposures: `
				unit:text variant:text time:time`,
		events: `
				unit:text time:time event:text
				a         1h        captured
				a         -         captured`,
		values: []datasets.Value{captured},
		blocks: []datasets.Block{{Metric: "captured", Parts: []int{0}, Binary: true}},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "unmatched", ev.Events[0].UnmatchedUnit, int64(0))
			equal(t, "null time", ev.Events[0].NullTime, int64(1))
			equal(t, "n", ev.Blocks[0].Total[0].N, int64(0))
		},
	},
}

// counting counts the rows of events on the day of exposure that satisfy a condition.
func counting(name string, where *expr.Node) datasets.Value {
	return datasets.Value{
		Name: name, Table: "events", Where: where, Take: datasets.Count, Window: days(-1, 1), Nulls: datasets.NullsZero,
	}
}

// rowsEntered counts the rows that entered a value, by variant.
func rowsEntered(ev *datasets.Evidence, value int) []int64 {
	var rows []int64
	for _, a := range ev.Values[value].Activity {
		rows = append(rows, a.Rows())
	}
	return rows
}

func days(from, to int) [2]datasets.Span {
	return [2]datasets.Span{datasets.Span(from) * datasets.Day, datasets.Span(to) * datasets.Day}
}
