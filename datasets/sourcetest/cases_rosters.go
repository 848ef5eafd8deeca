package sourcetest

import (
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
)

// shops is a roster of merchants: two pairs, one merchant by itself, and one that was given no variant.
func shops() *datasets.Roster {
	return &datasets.Roster{
		Keys:     []string{"m", "n", "o", "p", "q", "r"},
		Variants: []int{1, 0, 1, 0, 0, -1},
		Blocks:   []int{0, 0, 1, 1, 2, -1},
		Balance:  [][]float64{{1, 0.5}, {2, 0.5}, {3, 0}, {4, 0}, {5, 1}, {6, 1}},
	}
}

func fromShops(more ...func(*datasets.Query)) func(*datasets.Query) {
	return clustered(append([]func(*datasets.Query){func(q *datasets.Query) { q.Roster = shops() }}, more...)...)
}

const inUS = "unit:text shop:text variant:text time:time country:text\n"

func eligibleInUS(q *datasets.Query) { q.Eligible = op(expr.Eq, column("country"), text("US")) }

var rosterRules = []rule{
	{
		name: "merchants are compared with the roster, and those on it that are not analysed are listed",
		exposures: exposedInShops + `
				a m       treatment 0h
				b m       treatment 0h
				c n       treatment 1h
				d r       control   2h
				e foreign control   3h`,
		spec: inShops, query: fromShops(),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 4, Moved: 1, Excluded: 2})
			equal(t, "merchants", ev.Exposure.Units, []int64{2, 2})
			equal(t, "unexposed", ev.Exposure.Unexposed, []datasets.Cluster{
				{Variant: 0, Block: 1, Balance: []float64{4, 0}},
				{Variant: 0, Block: 2, Balance: []float64{5, 1}},
				{Variant: 1, Block: 1, Balance: []float64{3, 0}},
			})
			for _, c := range ev.Exposure.Clusters {
				listed := c.Variant == 1
				equal(t, "on the roster", c.Block == 0 && len(c.Balance) == 2, listed)
				equal(t, "not on it, or without a variant", c.Block, map[bool]int{true: 0, false: -1}[listed])
			}
		},
	},
	{
		name: "a merchant that is left out is unexposed by its variant on the roster",
		exposures: exposedInShops + `
				a m control   0h
				b m treatment 0h
				c n control   1h
				d o treatment 1h
				e o control   2h
				f p control   1h
				g q control   30d`,
		spec: inShops, query: fromShops(dropCrossover, func(q *datasets.Query) { q.Forced = []string{"n"} }),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 1})
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{Tied: 1, Forced: 1, OutsideSchedule: 1})
			equal(t, "clusters", ev.Exposure.Clusters, []datasets.Cluster{{Variant: 0, Units: 1, Block: 1, Balance: []float64{4, 0}}})
			equal(t, "unexposed", ev.Exposure.Unexposed, []datasets.Cluster{
				{Variant: 0, Block: 0, Balance: []float64{2, 0.5}},
				{Variant: 0, Block: 2, Balance: []float64{5, 1}},
				{Variant: 1, Block: 0, Balance: []float64{1, 0.5}},
				{Variant: 1, Block: 1, Balance: []float64{3, 0}},
			})
		},
	},
	{
		name: "a crossover merchant keeps its block and is not compared",
		exposures: exposedInShops + `
				a m control   0h
				a m treatment 1h`,
		spec: inShops, query: fromShops(func(q *datasets.Query) { q.Roster.Balance = nil }),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{})
			equal(t, "clusters", ev.Exposure.Clusters, []datasets.Cluster{{Variant: 0, Crossover: true, Units: 1}})
			equal(t, "unexposed", len(ev.Exposure.Unexposed), 4)
		},
	},
	{
		name: "a roster of shoppers has no clusters",
		exposures: `
				unit:integer variant:text time:time
				1            control      0h
				2            control      0h
				3            treatment    0h
				5            treatment    0h`,
		query: func(q *datasets.Query) {
			q.Roster = &datasets.Roster{Keys: []string{"1", "2", "3", "4", "05"}, Variants: []int{0, 1, -1, 0, 1}, Blocks: []int{0, 0, -1, 1, 1}}
		},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 4, Moved: 1, Excluded: 2})
			equal(t, "clusters", ev.Exposure.Clusters == nil && ev.Exposure.Unexposed == nil, true)
		},
	},
	{
		name: "a merchant is eligible when a row at its first exposure is", spec: inShops,
		exposures: inUS + `
				a m       treatment 1h      US
				b m       treatment 2h      DE
				a n       control   2h      US
				b n       control   1h      DE
				a o       treatment 1h      DE
				b o       treatment 1h      US
				c o       treatment 1h      -
				a p       control   1h      -
				a q       control   1h      US`,
		query: fromShops(eligibleInUS),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 5, Excluded: 2})
		},
	},
	{
		name: "a row that is not counted makes nothing eligible", spec: inShops,
		exposures: inUS + `
				a m       treatment 1h      DE
				a m       treatment -1h     US
				a m       holdout   0h      US
				- m       treatment 0h      US`,
		query: fromShops(eligibleInUS, func(q *datasets.Query) { q.Start, q.IgnoreVariants = at("0h"), []string{"holdout"} }),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 1, Excluded: 1})
		},
	},
	{
		name: "shoppers who are not eligible have no variant of the plan",
		exposures: `
				unit:text variant:text time:time country:text
				a         treatment    1h        US
				a         treatment    1h        DE
				b         treatment    1h        DE
				b         treatment    2h        US
				c         control      1h        US
				d         control      1h        DE
				e         control      1h        DE
				e         treatment    2h        DE`,
		query: func(q *datasets.Query) {
			eligibleInUS(q)
			q.Plan = &bucket.Plan{Salt: "s", Traffic: bucket.Million, Weights: []uint64{0, 1}}
		},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 4, Moved: 1, Excluded: 2})
		},
	},
	{
		name: "without a plan or a roster nothing is compared",
		exposures: `
				unit:text variant:text time:time country:text
				a         treatment    1h        DE`,
		query: eligibleInUS,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{})
		},
	},
	{
		name: "unit table: eligible units, and a roster",
		units: `
				unit:text variant:text country:text
				a         treatment    US
				b         control      US
				c         control      DE
				d         treatment    US
				e         control      US`,
		query: func(q *datasets.Query) {
			eligibleInUS(q)
			q.Forced = []string{"e"}
			q.Roster = &datasets.Roster{Keys: []string{"a", "b", "c", "e"}, Variants: []int{1, 1, 0, 1}, Blocks: []int{0, 0, 1, 1}}
		},
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 4, Moved: 1, Excluded: 2})
			equal(t, "unexposed", ev.Exposure.Unexposed == nil, true)
		},
	},
	{
		name: "unit table of clusters: a merchant is eligible when any of its rows is",
		units: `
				unit:text shop:text variant:text country:text
				a         m         treatment    DE
				b         m         treatment    US
				a         n         control      DE
				a         o         control      US
				a         q         treatment    US`,
		spec: inShops, query: fromShops(eligibleInUS, func(q *datasets.Query) { q.Forced = []string{"q"} }),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 3, Moved: 1, Excluded: 1})
			equal(t, "treatment", ev.Exposure.Clusters[2], datasets.Cluster{Variant: 1, Units: 2, Balance: []float64{1, 0.5}})
			equal(t, "unexposed", ev.Exposure.Unexposed, []datasets.Cluster{
				{Variant: 0, Block: 1, Balance: []float64{4, 0}}, {Variant: 0, Block: 2, Balance: []float64{5, 1}},
			})
		},
	},
}
