package sourcetest

import (
	"fmt"
	"strings"
	"testing"

	"liftgate/datasets"
)

var viewClusterRules = []rule{{
	name: "clusters have rows by day, and ages at the last",
	exposures: `
		unit:text shop:text variant:text time:time country:text
		a         m         control      0h        DE
		b         m         control      1d        AT
		a         n         treatment    1h        AT
		c         n         treatment    8d        AT`,
	events: eventsInShops + `
		a m 1h captured
		a m 1d captured
		b m 2d captured
		a n 1d captured`,
	spec: func(s *specs) {
		inShops(s)
		s.exposures.Attributes = []string{"country"}
	},
	query: viewedBy(clustered(until("9d"))), blocks: weeklyBlock,
	values: []datasets.Value{{
		Name: "captured", Table: "events", Where: event("captured"), Take: datasets.Count, Window: days(0, 2), Nulls: datasets.NullsZero,
	}},
	check: func(t *testing.T, ev *datasets.Evidence) {
		equal(t, "segments of clusters", [][]int{ev.Exposure.Clusters[0].Segments, ev.Exposure.Clusters[1].Segments}, [][]int{{1}, {0}})
		equal(t, "exposed", ev.Views.Exposed, []datasets.Exposed{
			{Day: 0, Cell: 0, Variant: 1, Units: 1, AnalysisUnits: 1},
			{Day: 0, Cell: 1, Units: 1, AnalysisUnits: 1},
			{Day: 1, Cell: 1, AnalysisUnits: 1},
			{Day: 8, Cell: 0, Variant: 1, AnalysisUnits: 1},
		})
		s := ev.Views.Blocks[0].Samples[0]
		equal(t, "units", s.Units == nil, true)
		equal(t, "by day", lines(s.ByDay), []string{"0/1/0/0: 1 2", "0/2/0/0: 1 1", "0/2/1/1: 1 1"})
		equal(t, "by age", lines(s.ByAge), []string{"1/8/0/0: 2 0.5", "1/8/1/1: 2 0.5"})
		equal(t, "running", ev.Views.Blocks[0].Running == nil, true)
	},
}}

// numbered is a unit table or a log of units with numbers for attributes.
func numbered(head string, n int, row func(i int) string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "\n%d %s %s", i, [...]string{"control", "treatment"}[i%2], row(i))
	}
	return b.String()
}

func viewLimitRules() []rule {
	value := []datasets.Value{{Name: "value", Column: column("value")}}
	block := []datasets.Block{{Metric: "value", Parts: []int{0}}, {Metric: "median", Parts: []int{0}, Quantile: &datasets.Quantile{Q: 0.5}}}
	side := 65 // 65 * 65 cells are more than there may be
	return []rule{
		{
			// Of 103 values, two that two units have, the smallest three of the others go together.
			name: "more values than are kept", spec: describedBy("city"), query: viewedBy(), values: value, blocks: block,
			units: numbered("unit:integer variant:text city:text value:float", 105, func(i int) string { return fmt.Sprintf("c%03d %d", max(i%103, 0), i) }),
			check: func(t *testing.T, ev *datasets.Evidence) {
				kept := ev.Views.Segments[0].Values
				equal(t, "values", len(kept), datasets.MaxSegmentValues+1)
				equal(t, "the first and the last ones", []string{kept[0], kept[99], kept[100]}, []string{"c000", "c099", datasets.OtherValues})
				equal(t, "cells", len(ev.Views.Cells), datasets.MaxSegmentValues+1)
				equal(t, "quantiles", len(ev.Views.Blocks[1].Quantiles), datasets.MaxSegmentValues+1)
			},
		},
		{
			name: "as many values as are kept", spec: describedBy("city"), query: viewedBy(), values: value, blocks: block,
			units: numbered("unit:integer variant:text city:text value:float", 100, func(i int) string { return fmt.Sprintf("c%03d %d", i, i) }),
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "values", len(ev.Views.Segments[0].Values), datasets.MaxSegmentValues)
			},
		},
		{
			name: "more cells than are kept", spec: describedBy("x", "y"), query: viewedBy(), values: value, blocks: block[:1],
			units: numbered("unit:integer variant:text x:text y:text value:float", side*side, func(i int) string { return fmt.Sprintf("x%d y%d %d", i/side, i%side, i%7) }),
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "crossed", ev.Views.Crossed, false)
				equal(t, "cells", len(ev.Views.Cells), 2*side)
				equal(t, "the first cell", ev.Views.Cells[0], []int{-1, 0})
			},
		},
		{
			name: "more rows than are kept", spec: describedBy("x", "y"), large: true,
			exposures: numbered("unit:integer variant:text x:text y:text time:time", 64*64, func(i int) string { return fmt.Sprintf("x%d y%d %dh", i/64, i%64, i%48) }),
			events:    "unit:integer time:time event:text value:float\n1 1d captured 2\n1 30d captured 3",
			query:     viewedBy(until("70d")), values: summed(0, 66*datasets.Day), blocks: summedBlock,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "cells", len(ev.Views.Cells), datasets.MaxCells)
				table := ev.Views.Blocks[0].Samples[0].Units
				equal(t, "rows of age 0", countOf(table.Age, 0), 64*64)
				equal(t, "rows of age 40", countOf(table.Age, 40), 5) // 0h makes a day of its own
				equal(t, "cell of age 40", table.Cell[len(table.Cell)-1], int32(-1))
			},
		},
	}
}

func countOf(ages []int32, age int32) (n int) {
	for _, a := range ages {
		if a == age {
			n++
		}
	}
	return n
}
