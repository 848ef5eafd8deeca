package sourcetest

import (
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
)

// inShops makes merchants what is randomised.
func inShops(s *specs) {
	s.exposures.Cluster, s.units.Cluster, s.events.Cluster = "shop", "shop", "shop"
}

// clustered asks by merchant, as of day 20.
func clustered(more ...func(*datasets.Query)) func(*datasets.Query) {
	return func(q *datasets.Query) {
		q.Clustered = true
		if q.Units == nil {
			q.AsOf = at("20d")
		}
		for _, m := range more {
			m(q)
		}
	}
}

// weekly counts a pair's rows in the week after its exposure.
var (
	weekly = []datasets.Value{{
		Name: "captured", Table: "events", Where: event("captured"), Take: datasets.Count, Window: days(0, 7), Nulls: datasets.NullsZero,
	}}
	weeklyBlock = []datasets.Block{{Metric: "captured", Parts: []int{0}}}
)

const (
	exposedInShops = "unit:text shop:text variant:text time:time\n"
	eventsInShops  = "unit:text shop:text time:time event:text\n"
)

var clusterRules = []rule{
	{
		name: "a shopper at two merchants is two units",
		exposures: exposedInShops + `
				a m control   0h
				a n treatment 1h
				b m control   2h`,
		events: eventsInShops + `
				a m 1d captured
				a m 2d captured
				a n 3d captured
				b n 1d captured`,
		spec: inShops, query: clustered(), values: weekly, blocks: weeklyBlock,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "merchants", ev.Exposure.Units, []int64{1, 1})
			equal(t, "clusters", ev.Exposure.Clusters, []datasets.Cluster{{Variant: 0, Units: 2, Block: -1}, {Variant: 1, Units: 1, Block: -1}})
			equal(t, "rows", rowsEntered(ev, 0), []int64{2, 1})
			equal(t, "unmatched", ev.Events[0].UnmatchedUnit, int64(1))
			equal(t, "per merchant", ev.Events[0].PerUnit[0].Means, []float64{2})
			equal(t, "shoppers", ev.Blocks[0].Total[0].N, int64(2))
			equal(t, "means", ev.Blocks[0].Clusters.Total[0].Means, []float64{1})
			equal(t, "cross", ev.Blocks[0].Clusters.Total[0].Cross, []float64{2})
			equal(t, "treatment", ev.Blocks[0].Clusters.Total[1].Means, []float64{1})
		},
	},
	{
		name: "a merchant with two variants is a crossover, and all its shoppers count in its first", exposures: crossedShop, events: crossedEvents,
		spec: inShops, query: clustered(), values: weekly, blocks: weeklyBlock,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "clusters", ev.Exposure.Clusters, []datasets.Cluster{{Variant: 0, Crossover: true, Units: 2, Block: -1}, {Variant: 1, Units: 1, Block: -1}})
			equal(t, "crossover", ev.Exposure.Crossover, []int64{1, 0})
			equal(t, "repeated", ev.Exposure.Dropped.RepeatedExposures, int64(1))
			equal(t, "shoppers", ev.Blocks[0].Total[0].Means, []float64{1})
			equal(t, "without crossover", ev.Blocks[0].WithoutCrossover[0].N, int64(0))
			equal(t, "hours", len(ev.Exposure.Hours[0]), 5*24+1)
			equal(t, "first exposures of merchants", sumOf(ev.Exposure.Hours), int64(2))
			equal(t, "first exposures of shoppers", sumOf(ev.Exposure.UnitHours), int64(3))
			equal(t, "last", *ev.Exposure.Last, *at("5d"))
		},
	},
	{
		name: "a merchant with two variants can be dropped with its shoppers", exposures: crossedShop, events: crossedEvents,
		spec: inShops, query: clustered(dropCrossover), values: weekly, blocks: weeklyBlock,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "clusters", ev.Exposure.Clusters, []datasets.Cluster{{Variant: 1, Units: 1, Block: -1}})
			equal(t, "crossover", ev.Exposure.Crossover, []int64{1, 0})
			equal(t, "unmatched", ev.Events[0].UnmatchedUnit, int64(2))
			equal(t, "last", *ev.Exposure.Last, *at("1h"))
		},
	},
	{
		name: "a tied merchant and a forced one are left out with all their shoppers",
		exposures: exposedInShops + `
				a m      control   0h
				b m      treatment 0h
				b m      control   1h
				c n      control   2h
				d tester control   0h
				d tester treatment 0h`,
		spec: inShops, query: clustered(func(q *datasets.Query) { q.Forced = []string{"tester", "c"} }),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "merchants", ev.Exposure.Units, []int64{1, 0})
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{Tied: 1, Forced: 1, RepeatedExposures: 1})
		},
	},
	{
		name: "windows start at the shopper's own exposure",
		exposures: exposedInShops + `
				a m control   0h
				b m treatment 5d
				c m control   15d
				d n treatment 0h`,
		events: eventsInShops + `
				b m 1d  captured
				b m 11d captured
				b m 12d captured
				c m 16d captured`,
		spec: inShops, query: clustered(), values: weekly, blocks: weeklyBlock,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "outside", ev.Events[0].OutsideWindow, int64(2))
			equal(t, "incomplete", ev.Blocks[0].Incomplete, []int64{1, 0})
			equal(t, "units of the merchant", ev.Exposure.Clusters[0].Units, int64(3))
			equal(t, "means", ev.Blocks[0].Clusters.Total[0].Means, []float64{0.5})
			equal(t, "ages", ev.Values[0].Activity[0].FirstAge, 1)
		},
	},
	{
		name: "integer clusters and their decimal text are one key",
		exposures: `
				unit:text shop:integer variant:text time:time
				a         7            control      0h
				a         -8           treatment    0h`,
		events: eventsInShops + `
				a 7   1d captured
				a -8  1d captured
				a 007 1d captured`,
		spec: inShops, query: clustered(), values: weekly, blocks: weeklyBlock,
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "rows", rowsEntered(ev, 0), []int64{1, 1})
			equal(t, "unmatched", ev.Events[0].UnmatchedUnit, int64(1))
		},
	},
	{
		name: "merchants are compared with the plan and described by attributes at their first exposure",
		exposures: `
				unit:text shop:text variant:text time:time country:text
				a         m         control      2h        US
				b         m         control      1h        DE
				c         m         control      1h        AT
				a         n         treatment    1h        -`,
		spec: func(s *specs) {
			inShops(s)
			s.exposures.Attributes = []string{"country"}
		},
		query: clustered(func(q *datasets.Query) {
			q.Plan = &bucket.Plan{Salt: "s", Traffic: bucket.Million, Weights: []uint64{1, 0}}
		}),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "recomputed", ev.Exposure.Recomputed, datasets.Recomputed{Compared: 2, Moved: 1})
			equal(t, "attributes", ev.Exposure.Attributes, []datasets.Attribute{
				{Name: "country", Values: []string{"(none)", "AT"}, Units: [][]int64{{0, 1}, {1, 0}}},
			})
		},
	},
	{
		name: "an exposure without a cluster", fails: true,
		exposures: exposedInShops + `
				a m control   0h
				b - treatment 1h`,
		spec: inShops, query: clustered(),
	},
	{
		name: "an event without a cluster", fails: true,
		exposures: exposedInShops + `
				a m control 0h`,
		events: eventsInShops + `
				x - 1d captured`,
		spec: inShops, query: clustered(), values: weekly,
	},
	{
		name: "rows that count nowhere need no cluster",
		exposures: exposedInShops + `
				a m control 0h
				- - control 0h
				b - holdout 0h
				c - control 30d`,
		events: eventsInShops + `
				a - 1d  refund
				- - 1d  captured
				a - -1d captured
				a - 7d  captured
				a - -   captured`,
		spec: inShops, values: weekly, query: clustered(func(q *datasets.Query) { q.IgnoreVariants = []string{"holdout"} }),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{NullUnit: 1, IgnoredVariants: 1, OutsideSchedule: 1})
			equal(t, "unmatched", ev.Events[0].UnmatchedUnit, int64(1))
			equal(t, "null time", ev.Events[0].NullTime, int64(1))
		},
	},
	{
		name: "no merchants at all", exposures: exposedInShops, spec: inShops, query: clustered(),
		check: func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "clusters", ev.Exposure.Clusters != nil && len(ev.Exposure.Clusters) == 0, true)
		},
	},
	{
		name: "without clusters randomised, a unit in two clusters", fails: true,
		exposures: exposedInShops + `
				a m control 0h
				b n control 0h
				a n control 1h`,
		spec: inShops,
	},
	{
		name: "without clusters randomised, an exposure without a cluster", fails: true,
		exposures: exposedInShops + `
				a - control 0h`,
		spec: inShops,
	},
}

const (
	crossedShop = exposedInShops + `
				a m control   0h
				b m treatment 5d
				b m treatment 5d
				a n treatment 1h`
	crossedEvents = eventsInShops + `
				a m 1d captured
				b m 6d captured
				a n 2d captured`
)

func sumOf(hours [][]int64) (n int64) {
	for _, row := range hours {
		for _, x := range row {
			n += x
		}
	}
	return n
}

func clusteredUnitTableRules() []rule {
	value := []datasets.Value{{Name: "value", Column: column("value")}}
	block := []datasets.Block{{Metric: "m", Parts: []int{0}}, {Metric: "median", Parts: []int{0}, Quantile: &datasets.Quantile{Q: 0.5}}}
	table := func(name, rows string, check func(*testing.T, *datasets.Evidence)) rule {
		return rule{
			name:  "unit table of clusters: " + name,
			units: "unit:text shop:text variant:text value:float country:text\n" + rows,
			spec: func(s *specs) {
				inShops(s)
				s.units.Attributes = []string{"country"}
			},
			query:  clustered(func(q *datasets.Query) { q.IgnoreVariants, q.Forced = []string{"holdout"}, []string{"tester"} }),
			values: value, blocks: block, fails: check == nil, check: check,
		}
	}
	return []rule{
		table("every row is a unit of a cluster", `
			a m      control   1 US
			b m      control   3 DE
			a n      treatment 5 -
			a m      holdout   7 US
			x tester control   9 US
			y tester control   9 US
			- -      control   9 US`, func(t *testing.T, ev *datasets.Evidence) {
			equal(t, "merchants", ev.Exposure.Units, []int64{1, 1})
			equal(t, "dropped", ev.Exposure.Dropped, datasets.Dropped{NullUnit: 1, IgnoredVariants: 1, Forced: 1})
			equal(t, "clusters", ev.Exposure.Clusters, []datasets.Cluster{{Variant: 0, Units: 2, Block: -1}, {Variant: 1, Units: 1, Block: -1}})
			equal(t, "attributes", ev.Exposure.Attributes[0].Values, []string{"(none)", "DE"})
			equal(t, "means", ev.Blocks[0].Clusters.Total[0].Means, []float64{2})
			equal(t, "cross", ev.Blocks[0].Clusters.Total[0].Cross, []float64{2})
			equal(t, "median", ev.Blocks[1].Quantiles[0].Value, 1.)
			equal(t, "share of the merchant", ev.Blocks[1].Quantiles[0].Shares.Means, []float64{1, 2})
		}),
		table("a pair listed twice", "a m control 1 US\n b m control 1 US\n a m control 1 US", nil),
		table("a pair of a forced cluster listed twice", "a tester control 1 US\n a tester control 1 US", nil),
		table("a cluster with two variants", "a m control 1 US\n b m treatment 1 US", nil),
		table("a forced cluster with two variants", "a tester control 1 US\n b tester treatment 1 US", nil),
		table("a row without a cluster", "a m control 1 US\n b - control 1 US", nil),
		{
			name: "unit table without clusters randomised: a row without a cluster", fails: true,
			units: `
				unit:text shop:text variant:text
				a         m         control
				b         -         treatment`,
			spec: inShops,
		},
	}
}
