package sourcetest

import (
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
)

func dropCrossover(q *datasets.Query) { q.Crossover = datasets.CrossoverDrop }

// crossings has one crossover unit in each variant and one unit that stays.
const crossings = `
	unit:text variant:text time:time
	a         control      0h
	b         treatment    1h
	b         control      2h
	c         control      3h
	c         treatment    4h
	c         treatment    4h
	d         treatment    5h`

var exposureRules = []rule{
	{
		name: "schedule is half-open",
		exposures: `
				unit:text variant:text time:time
				a         control      -1us
				b         control      0h
				c         treatment    9d+23h
				d         treatment    10d
				e         treatment    20d`,
		query: func(q *datasets.Query) { q.Start, q.End = at("0h"), at("10d") },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 1})
			equal(t, "outside schedule", ev.Exposure.Dropped.OutsideSchedule, int64(3))
		},
	},
	{
		name: "exposures are cut at as of",
		exposures: `
				unit:text variant:text time:time
				a         control      1d
				a         treatment    2d
				b         treatment    2d`,
		query: func(q *datasets.Query) { q.End, q.AsOf = at("10d"), at("2d") },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 0})
			equal(t, "crossover", ev.Exposure.Crossover, []int64{0, 0})
			equal(t, "outside schedule", ev.Exposure.Dropped.OutsideSchedule, int64(2))
		},
	},
	{
		name: "first exposure counts, in any order of rows",
		exposures: `
				unit:text variant:text time:time
				a         control      3h
				a         control      1h
				a         control      2h
				b         treatment    1h
				b         treatment    1h`,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 1})
			equal(t, "repeated", ev.Exposure.Dropped.RepeatedExposures, int64(3))
			equal(t, "first", *ev.Exposure.First, *at("1h"))
			equal(t, "last", *ev.Exposure.Last, *at("1h"))
		},
	},
	{
		name: "first exposures that tie between variants leave the unit out",
		exposures: `
				unit:text variant:text time:time
				a         control      1h
				a         treatment    1h
				a         treatment    2h
				b         control      1h
				b         control      1h
				c         treatment    1h
				c         control      2h
				c         treatment    2h`,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 1})
			equal(t, "tied", ev.Exposure.Dropped.Tied, int64(1))
			equal(t, "crossover", ev.Exposure.Crossover, []int64{0, 1})
			equal(t, "repeated", ev.Exposure.Dropped.RepeatedExposures, int64(2+1+2))
		},
	},
	{
		name: "crossover units count in their first variant", exposures: crossings,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{2, 2})
			equal(t, "crossover", ev.Exposure.Crossover, []int64{1, 1})
		},
	},
	{
		name: "crossover units can be dropped", exposures: crossings, query: dropCrossover,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 1})
			equal(t, "crossover", ev.Exposure.Crossover, []int64{1, 1})
			equal(t, "first", *ev.Exposure.First, *at("0h"))
			equal(t, "repeated", ev.Exposure.Dropped.RepeatedExposures, int64(3))
		},
	},
	{
		name: "exposures outside the schedule make no crossover",
		exposures: `
				unit:text variant:text time:time
				a         treatment    -1h
				a         control      1h
				a         treatment    2d
				b         treatment    3h`,
		query: func(q *datasets.Query) { q.Start, q.End = at("0h"), at("1d") },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 1})
			equal(t, "crossover", ev.Exposure.Crossover, []int64{0, 0})
			equal(t, "outside schedule", ev.Exposure.Dropped.OutsideSchedule, int64(2))
		},
	},
	{
		name: "forced units are counted and left out",
		exposures: `
				unit:text variant:text time:time
				tester    control      1h
				tester    treatment    1h
				tester    treatment    2h
				early     control      -1h
				a         control      1h`,
		query: func(q *datasets.Query) { q.Start, q.Forced = at("0h"), []string{"tester", "early", "absent"} },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 0})
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{Forced: 1, OutsideSchedule: 1})
		},
	},
	{
		name: "ignored variants expose nobody",
		exposures: `
				unit:text variant:text time:time
				a         holdout      -
				a         holdout      0h
				a         control      1h
				b         treatment    1h
				b         holdout      2h
				c         holdout      -5d`,
		query: func(q *datasets.Query) { q.Start, q.IgnoreVariants = at("0h"), []string{"holdout", "other"} },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 1})
			equal(t, "crossover", ev.Exposure.Crossover, []int64{0, 0})
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{IgnoredVariants: 4})
		},
	},
	{
		name: "rows without a unit are dropped before anything else",
		exposures: `
				unit:text variant:text time:time
				-         control      1h
				-         unheard      -
				-         -            1h
				a         control      1h`,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 0})
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{NullUnit: 3})
		},
	},
	{
		name: "an empty unit is no unit",
		exposures: `
				unit:text variant:text time:time
				''        control      1h
				a         treatment    1h`,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{NullUnit: 1})
		},
	},
	{
		name: "undeclared variant, even outside the schedule", fails: true,
		exposures: `
				unit:text variant:text time:time
				a         control      1h
				b         unheard      -1h`,
		query: func(q *datasets.Query) { q.Start = at("0h") },
	},
	{
		name: "null variant", fails: true,
		exposures: `
				unit:text variant:text time:time
				a         control      1h
				b         -            1h`,
	},
	{
		name: "null exposure time", fails: true,
		exposures: `
				unit:text variant:text time:time
				a         control      1h
				b         control      -`,
	},
	{
		name: "exposures more than a hundred years apart", fails: true,
		exposures: `
				unit:text variant:text time:time
				a         control      1h
				b         control      40000d`,
		query: func(q *datasets.Query) { q.AsOf = at("50000d") },
	},
	{
		name: "exposures before 1970",
		exposures: `
				unit:text variant:text time:time
				a         control      -21000d+-1us
				b         treatment    -20990d+59m`,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "first hour", ev.Exposure.FirstHour, *at("-21000d+-1h"))
			equal(t, "hours", len(ev.Exposure.Hours[0]), 10*24+2)
			equal(t, "last hour", ev.Exposure.Hours[1][10*24+1], int64(1))
		},
	},
	{
		name: "hours start at the full hour of the first exposure",
		exposures: `
				unit:text variant:text time:time
				a         control      59m
				b         control      1h
				c         treatment    2h+59m+59s
				d         treatment    2h+59m`,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "first hour", ev.Exposure.FirstHour, *at("0h"))
			equal(t, "hours", ev.Exposure.Hours, [][]int64{{1, 1, 0}, {0, 0, 2}})
		},
	},
	{
		name: "attributes are those of the first exposure",
		exposures: `
				unit:text variant:text time:time country:text age:integer score:float new:boolean
				a         control      2h        US           7           1.5         true
				a         control      1h        DE           30          2           false
				b         treatment    1h        -            5           -           -
				b         treatment    1h        US           10          -2.5        -
				b         treatment    1h        AT           -           1.5         true
				c         treatment    1h        -            -           -           -`,
		spec: func(s *specs) { s.exposures.Attributes = []string{"country", "age", "score", "new"} },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "attributes", ev.Exposure.Attributes, []datasets.Attribute{
				{Name: "country", Values: []string{"(none)", "AT", "DE"}, Units: [][]int64{{0, 0, 1}, {1, 1, 0}}},
				{Name: "age", Values: []string{"(none)", "10", "30"}, Units: [][]int64{{0, 0, 1}, {1, 1, 0}}},
				{Name: "score", Values: []string{"(none)", "-2.5", "2"}, Units: [][]int64{{0, 0, 1}, {1, 1, 0}}},
				{Name: "new", Values: []string{"(none)", "false", "true"}, Units: [][]int64{{0, 1, 0}, {1, 0, 1}}},
			})
		},
	},
	{
		name: "variants can be numbers",
		exposures: `
				unit:text variant:integer time:time
				a         0               1h
				b         1               1h
				c         -1              1h`,
		query: func(q *datasets.Query) { q.Variants, q.IgnoreVariants = []string{"0", "1"}, []string{"-1"} },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{1, 1})
		},
	},
	{
		name: "assignment is recomputed, crossover units aside",
		exposures: `
				unit:text variant:text time:time
				a         control      1h
				b         treatment    1h
				c         treatment    1h
				d         treatment    1h
				d         control      2h`,
		query: func(q *datasets.Query) {
			q.Plan = &bucket.Plan{Salt: "s", Traffic: bucket.Million, Weights: []uint64{1, 0}}
		},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 3, Moved: 2})
		},
	},
	{
		name: "units that the plan leaves out",
		exposures: `
				unit:integer variant:text time:time
				1            control      1h
				2            treatment    1h`,
		query: func(q *datasets.Query) { q.Plan = &bucket.Plan{Salt: "s", Weights: []uint64{1, 1}} },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 2, Excluded: 2})
		},
	},
	{
		name: "no exposures at all",
		exposures: `
				unit:text variant:text time:time country:text`,
		spec:  func(s *specs) { s.exposures.Attributes = []string{"country"} },
		query: func(q *datasets.Query) { q.AsOf = at("1d") },
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "units", ev.Exposure.Units, []int64{0, 0})
			equal(t, "first", ev.Exposure.First == nil && ev.Exposure.Last == nil, true)
		},
	},
}
