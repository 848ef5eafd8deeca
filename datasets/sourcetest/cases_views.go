package sourcetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"liftgate/datasets"
)

// viewRules are cases of views, and all others with views.
func viewRules() []rule {
	return slices.Concat(viewDayRules(), viewCellRules(), viewClusterRules, viewLimitRules(), viewSketchRules(), askingForViews(allCases()))
}

// askingForViews makes cases ask for views by all of their attributes.
func askingForViews(rules []rule) []rule {
	var out []rule
	for _, r := range rules {
		ask := r.query
		r.query = func(q *datasets.Query) {
			if ask != nil {
				ask(q)
			}
			viewedBy()(q)
		}
		r.check = nil
		out = append(out, r)
	}
	return out
}

// viewedBy asks for views by all attributes, and for more.
func viewedBy(more ...func(*datasets.Query)) func(*datasets.Query) {
	return func(q *datasets.Query) {
		table := q.Units
		if q.Exposures != nil {
			table = q.Exposures
		}
		q.Views = &datasets.Views{}
		for i := range table.Attributes {
			q.Views.Segments = append(q.Views.Segments, i)
		}
		for _, m := range more {
			m(q)
		}
	}
}

func until(offset string) func(*datasets.Query) {
	return func(q *datasets.Query) { q.AsOf = at(offset) }
}

func describedBy(attributes ...string) func(*specs) {
	return func(s *specs) { s.exposures.Attributes, s.units.Attributes = attributes, attributes }
}

// lines print a table, a row as age/day/cell/variant: units mean…, and the units with a null.
func lines(t *datasets.MomentTable) []string {
	out := []string{}
	for _, r := range byRow(t).Rows {
		line := fmt.Sprintf("%d/%d/%d/%d: %d", r.Place.age, r.Place.day, r.Place.cell, r.Place.variant, r.Moments.N)
		for _, m := range r.Moments.Means {
			line += fmt.Sprintf(" %v", m)
		}
		if r.Null > 0 {
			line += fmt.Sprintf(", %d null", r.Null)
		}
		out = append(out, line)
	}
	return out
}

// summed adds up the values of captured rows in a window.
func summed(from, to datasets.Span) []datasets.Value {
	return []datasets.Value{{
		Name: "value", Table: "events", Where: event("captured"), Take: datasets.Sum, Column: column("value"), Nulls: datasets.NullsZero,
		Window: [2]datasets.Span{from, to},
	}}
}

var summedBlock = []datasets.Block{{Metric: "value", Parts: []int{0}}}

func viewDayRules() []rule {
	const day = datasets.Day
	const rows = `
		unit:text time:time event:text    value:float
		a         -1d       captured      64
		a         0h        captured      1
		a         1d+-1us   captured      2
		a         1d        captured      4
		a         2d+-1us   captured      8
		a         2d        captured      16
		b         1d        captured      32
		c         3d+1h     captured      128`
	const units = twoUnits + `
		c         treatment 3d`
	total := func(ev *datasets.Evidence) *datasets.MomentTable { return ev.Views.Blocks[0].Samples[0].Units }
	return []rule{
		{
			name:      "a unit becomes complete on the day by whose end its window has closed",
			exposures: units, events: rows, query: viewedBy(until("3d+12h")), values: summed(0, 2*day), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				v := ev.Views
				equal(t, "days", v.Days, []datasets.Instant{*at("1d"), *at("2d"), *at("3d"), *at("3d+12h")})
				equal(t, "exposed", v.Exposed, []datasets.Exposed{
					{Day: 0, Units: 1, AnalysisUnits: 1}, {Day: 0, Variant: 1, Units: 1, AnalysisUnits: 1}, {Day: 3, Variant: 1, Units: 1, AnalysisUnits: 1},
				})
				equal(t, "total", lines(total(ev)), []string{"0/1/0/0: 1 15", "0/2/0/1: 1 32", "1/0/0/0: 1 3", "1/1/0/1: 1 32"})
				equal(t, "running", lines(v.Blocks[0].Running), []string{
					"0/0/0/0: 1 3", "0/0/0/1: 1 0", "0/1/0/0: 1 15", "0/1/0/1: 1 32", "0/2/0/0: 1 15", "0/2/0/1: 1 32", "0/3/0/0: 1 15", "0/3/0/1: 2 80",
				})
				equal(t, "cohorts", lines(v.Blocks[0].Cohorts), []string{"0/0/0/0: 1 15", "0/0/0/1: 1 32"})
			},
		},
		{
			name:      "a window before exposure has closed once its unit is exposed",
			exposures: units, events: rows, query: viewedBy(until("4d")), values: summed(-14*day, 0), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "total", lines(total(ev)), []string{"0/0/0/0: 1 64", "0/0/0/1: 1 0", "0/3/0/1: 1 0"})
				equal(t, "cohorts", lines(ev.Views.Blocks[0].Cohorts), lines(total(ev)))
			},
		},
		{
			name:      "ages below the start of a window leave it empty",
			exposures: twoUnits, events: rows, query: viewedBy(until("9d")), values: summed(1*day, 3*day), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "total", lines(total(ev)), []string{
					"0/2/0/0: 1 28", "0/3/0/1: 1 0", "1/0/0/0: 1 0", "1/1/0/1: 1 0", "2/1/0/0: 1 12", "2/2/0/1: 1 0",
				})
			},
		},
		{
			name:      "a window of 36 hours has one age",
			exposures: twoUnits, events: rows, query: viewedBy(until("9d")), values: summed(0, 36*datasets.Hour), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "total", lines(total(ev)), []string{"0/1/0/0: 1 7", "0/1/0/1: 1 32", "1/0/0/0: 1 3", "1/1/0/1: 1 32"})
			},
		},
		nullAtAnAge(rows),
		{
			name:      "a number that a unit no longer has leaves nothing behind",
			exposures: "unit:text variant:text time:time\na control 0h\nb treatment 0h\nc control 0h\nd treatment 0h",
			events: `
				unit:text time:time event:text value:float
				a         1h        captured   1e25
				a         1d        captured   3
				b         1h        captured   -1e25
				b         1d        captured   5
				c         1h        captured   4
				d         2d        captured   1e30`,
			query: viewedBy(until("9d")), blocks: summedBlock,
			values: []datasets.Value{{
				Name: "value", Table: "events", Where: event("captured"), Take: datasets.Last, Column: column("value"),
				Window: days(0, 3), Nulls: datasets.NullsZero,
			}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "running", lines(ev.Views.Blocks[0].Running)[:6], []string{
					"0/0/0/0: 2 5e+24", "0/0/0/1: 2 -5e+24", "0/1/0/0: 2 3.5", "0/1/0/1: 2 2.5", "0/2/0/0: 2 3.5", "0/2/0/1: 2 5e+29",
				})
			},
		},
		{
			name:      "days have 25 and 23 hours where clocks change",
			exposures: "unit:text variant:text time:time\na control 24d\nb treatment 24d+22h\nc control 24d+21h+59m", // 25 October, 00:00 UTC
			events:    "unit:text time:time event:text value:float\na 24d+23h captured 1\na 24d+22h captured 2",
			query: viewedBy(until("27d"), func(q *datasets.Query) {
				berlin, err := time.LoadLocation("Europe/Berlin")
				if err != nil {
					panic(err)
				}
				q.Location = berlin
			}),
			values: summed(0, day), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "days", ev.Views.Days, []datasets.Instant{*at("24d+23h"), *at("25d+23h"), *at("26d+23h"), *at("27d")})
				equal(t, "running", lines(ev.Views.Blocks[0].Running)[:2], []string{"0/0/0/0: 2 1", "0/0/0/1: 1 0"})
			},
		},
		{
			name: "limits and the top are those of the whole at every age", exposures: twoUnits + "\nc control 1h\nd control 2h",
			events: rows, query: viewedBy(until("9d")), values: summed(-day, 3*day),
			blocks: []datasets.Block{{Metric: "value", Parts: []int{0}, Cap: &datasets.Cap{Upper: &datasets.Limit{Quantile: 0.5}}}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				s := ev.Views.Blocks[0].Samples
				equal(t, "upper", *ev.Blocks[0].CapUpper, 32.)
				equal(t, "samples", []datasets.Sample{s[0].Sample, s[1].Sample, s[2].Sample}, []datasets.Sample{datasets.Total, datasets.Uncapped, datasets.WithoutTop})
				equal(t, "capped", lines(s[0].Units)[3], "1/0/0/0: 1 32")
				equal(t, "uncapped", lines(s[1].Units)[3], "1/0/0/0: 1 67")
			},
		},
	}
}

// nullAtAnAge has a unit whose only row comes on its second day.
func nullAtAnAge(rows string) rule {
	values := summed(0, 2*datasets.Day)
	values[0].Nulls = datasets.NullsError
	return rule{
		name: "a null is no error at an age, nor while the window is open", exposures: twoUnits, events: rows + "\nb 2d captured 1",
		query: viewedBy(until("9d")), values: values, blocks: summedBlock,
		spec: func(s *specs) { s.exposures.Attributes = nil },
		check: func(t *testing.T, ev *datasets.Evidence) {
			b := ev.Views.Blocks[0]
			equal(t, "total", lines(b.Samples[0].Units), []string{"0/1/0/0: 1 15", "0/2/0/1: 1 33", "1/0/0/0: 1 3", "1/1/0/1: 1 32"})
			equal(t, "running", lines(b.Running)[:2], []string{"0/0/0/0: 1 3", "0/0/0/1: 0 0, 1 null"})
		},
	}
}

func viewCellRules() []rule {
	const rows = `
		unit:text time:time event:text    value:float
		a         1h        captured      1
		b         2h        captured      2
		b         1d+2h     captured      8
		c         1h        captured      4`
	const units = `
		unit:text variant:text time:time country:text device:text
		a         control      0h        DE           phone
		b         treatment    1h        DE           desk
		c         control      0h        AT           phone
		c         treatment    1d        AT           phone
		d         control      5d        -            phone`
	return []rule{
		{
			name: "cells are combinations that occur", exposures: units, events: rows, spec: describedBy("country", "device"),
			query: viewedBy(until("3d+1h")), values: summed(0, 2*datasets.Day), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				v := ev.Views
				equal(t, "segments", v.Segments, []datasets.Segment{{Name: "country", Values: []string{"AT", "DE"}}, {Name: "device", Values: []string{"desk", "phone"}}})
				equal(t, "cells", v.Cells, [][]int{{0, 1}, {1, 0}, {1, 1}})
				equal(t, "crossed", v.Crossed, true)
				equal(t, "crossover", v.Exposed[0], datasets.Exposed{Units: 1, Crossover: 1, AnalysisUnits: 1})
				s := v.Blocks[0].Samples
				equal(t, "total", lines(s[0].Units)[:3], []string{"0/1/0/0: 1 4", "0/1/2/0: 1 1", "0/2/1/1: 1 10"})
				equal(t, "without crossover", lines(s[1].Units), []string{"0/1/2/0: 1 1", "0/2/1/1: 1 10"})
			},
		},
		{
			name: "segments in another order, one of them not asked for", exposures: units, events: rows, spec: describedBy("country", "device"),
			query:  viewedBy(until("9d"), dropCrossover, func(q *datasets.Query) { q.Views.Segments = []int{1} }),
			values: summed(0, 2*datasets.Day), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "cells", ev.Views.Cells, [][]int{{0}, {1}})
				equal(t, "samples", len(ev.Views.Blocks[0].Samples), 2)
				equal(t, "units", ev.Views.Exposed[0], datasets.Exposed{Cell: 0, Variant: 1, Units: 1, AnalysisUnits: 1})
			},
		},
		{
			name: "nobody is analysed", exposures: "unit:text variant:text time:time country:text\n- control 0h DE", events: rows,
			spec: describedBy("country"), query: viewedBy(until("9d")), values: summed(0, 2*datasets.Day), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "days and cells", len(ev.Views.Days)+len(ev.Views.Cells)+len(ev.Views.Exposed), 0)
				equal(t, "total", lines(ev.Views.Blocks[0].Samples[0].Units), []string{})
				equal(t, "running", lines(ev.Views.Blocks[0].Running), []string{})
				equal(t, "cohorts", lines(ev.Views.Blocks[0].Cohorts), []string{})
			},
		},
		{
			name: "a unit table has cells and no days", spec: describedBy("country"), query: viewedBy(),
			units: `
				unit:text variant:text country:text value:float n:float
				a         control      DE           3           1
				b         control      DE           5           2
				c         treatment    -            7           3`,
			values: []datasets.Value{{Name: "value", Column: column("value")}, {Name: "n", Column: column("n")}},
			blocks: []datasets.Block{
				{Metric: "value", Parts: []int{0}, Covariates: []int{1}},
				{Metric: "ratio", Parts: []int{0, 1}},
				{Metric: "median", Parts: []int{0}, Quantile: &datasets.Quantile{Q: 0.5}},
			},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "segments", ev.Views.Segments[0].Values, []string{datasets.NoValue, "DE"})
				equal(t, "days", len(ev.Views.Days), 0)
				b := ev.Views.Blocks
				equal(t, "total", lines(b[0].Samples[0].Units), []string{"0/0/0/1: 1 7 3", "0/0/1/0: 2 4 1.5"})
				equal(t, "third moments", []int{len(b[0].Samples[0].Units.Third), len(b[1].Samples[0].Units.Third)}, []int{2, 8})
				equal(t, "running", b[0].Running == nil, true)
				equal(t, "median", b[2].Quantiles[1].Quantiles[0].Value, 3.)
			},
		},
		{
			name: "quantiles of a segment say who is left out", spec: describedBy("country"), query: viewedBy(until("3d+12h")),
			exposures: `
				unit:text variant:text time:time country:text
				a         control      0h        DE
				b         control      1h        DE
				c         control      3d        DE
				d         treatment    2h        US
				e         treatment    3d        US`,
			events: "unit:text time:time event:text value:float\na 1d captured 5\nc 3d+1h captured 6",
			values: []datasets.Value{{
				Name: "largest", Table: "events", Where: event("captured"), Take: datasets.Max, Column: column("value"), Nulls: datasets.NullsDrop,
				Window: [2]datasets.Span{0, 2 * datasets.Day},
			}},
			blocks: []datasets.Block{{Metric: "median", Parts: []int{0}, Quantile: &datasets.Quantile{Q: 0.5}}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				de, us := ev.Views.Blocks[0].Quantiles[0], ev.Views.Blocks[0].Quantiles[1]
				equal(t, "incomplete", [][]int64{de.Incomplete, us.Incomplete}, [][]int64{{1, 0}, {0, 1}})
				equal(t, "null", [][]int64{de.Null, us.Null}, [][]int64{{1, 0}, {0, 1}})
				equal(t, "median", de.Quantiles[0].Value, 5.)
			},
		},
		{
			name: "a failed block has no views", spec: describedBy("country"), query: viewedBy(),
			units:  "unit:text variant:text country:text value:float\na control DE 3",
			values: []datasets.Value{{Name: "value", Column: column("value")}},
			blocks: []datasets.Block{{Metric: "value", Parts: []int{0}, Binary: true}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "views", ev.Views.Blocks, []datasets.BlockViews{{}})
			},
		},
	}
}
