package sourcetest

import (
	"fmt"
	"testing"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// sketched prints a table, a row as age/day/cell/variant: units, null, and of the sketch units, rows, squares, and its buckets by their least
// number: rows squares products.
func sketched(t *datasets.SketchTable) []string {
	out := []string{}
	for r := range t.Age {
		s := t.Sketch(r)
		line := fmt.Sprintf("%d/%d/%d/%d", t.Age[r], t.Day[r], t.Cell[r], t.Variant[r])
		if t.Crossover[r] {
			line += "x"
		}
		line += fmt.Sprintf(": %d %d, %d %d %d", t.N[r], t.Null[r], s.Units, s.Rows, s.Squares)
		for _, b := range s.Buckets {
			least, most := quantile.Bounds(b.Bucket, s.Coarse)
			if b.Bucket < 0 {
				least = most
			}
			line += fmt.Sprintf("; %v: %d %d %d", least, b.Rows, b.Squares, b.Products)
		}
		out = append(out, line)
	}
	return out
}

func viewSketchRules() []rule {
	median := []datasets.Block{{Metric: "m", Parts: []int{0}, Quantile: &datasets.Quantile{Q: 0.5}}}
	value := datasets.Value{Name: "ms", Table: "events", Where: event("paid"), Column: column("ms"), Window: days(0, 2), Take: datasets.Rows}
	largest, spared := value, value
	largest.Take, largest.Nulls = datasets.Max, datasets.NullsDrop
	spared.Unless = event("error")
	const exposures = `
		unit:text variant:text time:time
		a         control      0h
		b         control      0h
		b         treatment    1h
		c         control      1d
		d         treatment    0h`
	const events = `
		unit:text time:time event:text ms:float
		a         1h        paid       8
		a         2h        paid       8
		a         1d+1h     paid       -4
		a         1d+2h     error      -
		b         1h        paid       0
		d         1d+1h     paid       64`
	sketches := func(ev *datasets.Evidence) *datasets.SketchTable { return ev.Views.Blocks[0].Sketches }
	return []rule{
		{
			name: "sketches of rows by day and age, crossover units apart", exposures: exposures, events: events, query: viewedBy(until("9d")),
			values: []datasets.Value{value}, blocks: median,
			check: func(t *testing.T, ev *datasets.Evidence) {
				// Unit a has -4, 8 and 8: at -4 c² grows from 0 to 1, at 8 to 9, and its product is that with 3 rows.
				equal(t, "sketches", sketched(sketches(ev)), []string{
					"0/1/0/0: 1 0, 1 3 9; -4: 1 1 3; 8: 2 8 6", "0/1/0/0x: 1 0, 1 1 1; 0: 1 1 1", "0/1/0/1: 1 0, 1 1 1; 64: 1 1 1", "0/2/0/0: 1 0, 1 0 0",
					"1/0/0/0: 1 0, 1 2 4; 8: 2 4 4", "1/0/0/0x: 1 0, 1 1 1; 0: 1 1 1", "1/0/0/1: 1 0, 1 0 0", "1/1/0/0: 1 0, 1 0 0",
				})
			},
		},
		{
			name: "a unit that a row spares has values until then", exposures: exposures, events: events, query: viewedBy(until("9d")),
			values: []datasets.Value{spared}, blocks: median,
			check: func(t *testing.T, ev *datasets.Evidence) {
				s := sketched(sketches(ev))
				equal(t, "sketches", []string{s[0], s[4]}, []string{"0/1/0/0: 1 0, 1 0 0", "1/0/0/0: 1 0, 1 2 4; 8: 2 4 4"})
			},
		},
		{
			name: "sketches of units, those without a value left out", exposures: exposures, events: events, query: viewedBy(until("2d+12h")),
			values: []datasets.Value{largest}, blocks: median,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "sketches", sketched(sketches(ev)), []string{
					"0/1/0/0: 1 0, 1 1 1; 8: 1 1 1", "0/1/0/0x: 1 0, 1 1 1; 0: 1 1 1", "0/1/0/1: 1 0, 1 1 1; 64: 1 1 1",
					"1/0/0/0: 1 0, 1 1 1; 8: 1 1 1", "1/0/0/0x: 1 0, 1 1 1; 0: 1 1 1", "1/0/0/1: 0 1, 0 0 0", "1/1/0/0: 0 1, 0 0 0",
				})
			},
		},
		{
			name: "sketches of clusters add up day by day, and are of the last day at ages",
			exposures: exposedInShops + `
				a m control   0h
				b m control   1d
				c n treatment 0h`,
			events: `
				unit:text shop:text time:time event:text ms:float
				a         m         1h        paid       4
				b         m         1d+1h     paid       4
				b         m         2d+1h     paid       8
				c         n         1h        paid       2`,
			spec: inShops, query: viewedBy(clustered(until("9d"))), values: []datasets.Value{value}, blocks: median,
			check: func(t *testing.T, ev *datasets.Evidence) {
				// On day 2 the 3 rows of m come to 1 row of day 1: c² at 4 from 1 to 4, at 8 from 0 to 9-4, products from 1 to 2*3 and 1*3.
				equal(t, "sketches", sketched(sketches(ev)), []string{
					"0/1/0/0: 1 0, 1 1 1; 4: 1 1 1", "0/1/0/1: 1 0, 1 1 1; 2: 1 1 1", "0/2/0/0: 1 0, 0 2 8; 4: 1 3 5; 8: 1 5 3",
					"1/8/0/0: 2 0, 1 2 4; 4: 2 4 4", "1/8/0/1: 1 0, 1 1 1; 2: 1 1 1",
				})
			},
		},
		{
			name: "a unit table has sketches of several segments", spec: describedBy("x", "y"), query: viewedBy(),
			units:  "unit:text variant:text x:text y:text value:float\na control p q 3\nb control p q 3\nc treatment p r 5",
			values: []datasets.Value{{Name: "value", Column: column("value")}}, blocks: median,
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "sketches", sketched(sketches(ev)), []string{"0/0/0/0: 2 0, 2 2 2; 3: 2 2 2", "0/0/1/1: 1 0, 1 1 1; 5: 1 1 1"})
			},
		},
		{
			name: "a unit table has none of one segment", spec: describedBy("x"), query: viewedBy(),
			units:  "unit:text variant:text x:text value:float\na control p 3",
			values: []datasets.Value{{Name: "value", Column: column("value")}}, blocks: median,
			check: func(t *testing.T, ev *datasets.Evidence) { equal(t, "sketches", sketches(ev) == nil, true) },
		},
		{
			name: "sketches of later ages are changes from the day and the age before", query: viewedBy(until("9d")), blocks: median,
			exposures: "unit:text variant:text time:time\na control 0h\nb control 0h\nc control 6d+1h\nd treatment 0h",
			events:    "unit:text time:time event:text ms:float\na 1h paid 8\na 2d+1h paid 2\nb 1d+1h paid 1\nc 6d+2h paid 4",
			values:    []datasets.Value{{Name: "ms", Table: "events", Column: column("ms"), Window: days(0, 4), Take: datasets.Rows}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "ages", sketches(ev).Ages, 3)
				// At age 3 unit a has 2 and 8: what it adds at 8 to c² grows from 1 to 3, to c n from 1 to 2. Unit c has no third day.
				equal(t, "sketches", sketched(sketches(ev)), []string{
					"0/3/0/0: 2 0, 2 3 5; 1: 1 1 1; 2: 1 1 2; 8: 1 3 2", "0/3/0/1: 1 0, 1 0 0",
					"1/0/0/0: 2 0, 2 1 1; 8: 1 1 1", "1/0/0/1: 1 0, 1 0 0", "1/7/0/0: 1 0, 1 1 1; 4: 1 1 1",
					"2/1/0/0: 0 0, 0 1 1; 1: 1 1 1", "3/2/0/0: 0 0, 0 1 3; 2: 1 1 2; 8: 0 2 1",
				})
			},
		},
	}
}
