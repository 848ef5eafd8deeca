package sourcetest

import (
	"math"
	"testing"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// latencies has a unit with ties, one without rows, one that a row spares, one whose window is open.
const latencies = `
	unit:text time:time event:text ms:float
	a         1d        paid       2
	a         1d        paid       9
	a         2d        paid       2
	a         2d        shown      -5
	a         3d        paid       1
	a         3d        paid       -
	a         3d        paid       2
	a         9d        paid       0
	s         1d        paid       100
	s         1d        error      -
	o         15d       paid       100`

const measured = `
	unit:text variant:text time:time
	a         control      0h
	b         control      0h
	s         control      0h
	o         control      14d
	c         treatment    0h`

func quantileRules() []rule {
	median := &datasets.Quantile{Q: 0.5}
	value := datasets.Value{Name: "ms", Table: "events", Where: event("paid"), Unless: event("error"), Column: column("ms"), Window: days(0, 7)}
	rows, largest := value, value
	rows.Take = datasets.Rows
	largest.Take, largest.Nulls = datasets.Max, datasets.NullsDrop
	asOf := func(q *datasets.Query) { q.AsOf = at("20d") }
	return []rule{
		{
			name: "a quantile over rows", exposures: measured, events: latencies, query: asOf,
			values: []datasets.Value{rows}, blocks: []datasets.Block{{Metric: "m", Parts: []int{0}, Quantile: median}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				b := ev.Blocks[0]
				equal(t, "incomplete", b.Incomplete, []int64{1, 0})
				equal(t, "null cells", ev.Values[0].NullCells, int64(1))
				q := b.Quantiles[0]
				equal(t, "rows and value", []float64{float64(q.Rows), q.Value}, []float64{5, 2})
				equal(t, "ranks", q.Ranks, []int64{1, 2, 3, 4, 5})
				equal(t, "values", q.Values, []float64{1, 2, 2, 2, 9})
				equal(t, "units", q.Shares.N, int64(3))
				equal(t, "shares", []float64{q.Shares.Sum(0), q.Shares.Sum(1)}, []float64{4, 5})
				equal(t, "no rows", b.Quantiles[1].Rows+int64(len(b.Quantiles[1].Ranks)), int64(0))
				equal(t, "units without rows", b.Quantiles[1].Shares.Means, []float64{0, 0})
				equal(t, "moments", b.Total == nil && b.WithoutTop == nil && b.Skewness == nil && b.QuantilesWithoutCrossover == nil, true)
			},
		},
		{
			name: "a quantile over units", exposures: measured, events: latencies, query: asOf,
			values: []datasets.Value{largest}, blocks: []datasets.Block{{Metric: "m", Parts: []int{0}, Quantile: median}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				b := ev.Blocks[0]
				equal(t, "incomplete", b.Incomplete, []int64{1, 0})
				equal(t, "null", b.Null, []int64{1, 1})
				equal(t, "values", b.Quantiles[0].Values, []float64{0, 9}) // the spared unit has zero
				equal(t, "value", b.Quantiles[0].Value, 0.)
				equal(t, "shares", b.Quantiles[0].Shares.Means, []float64{0.5, 1})
				equal(t, "none", b.Quantiles[1], quantile.Summary{Q: 0.5})
			},
		},
		{
			name: "a quantile over rows by merchant, with and without the crossover",
			exposures: exposedInShops + `
				a m control   0h
				b m control   0h
				c n control   0h
				d n treatment 1d
				e o control   0h`,
			events: `
				unit:text shop:text time:time event:text ms:float
				a         m         1d        paid       4
				b         m         1d        paid       1
				b         m         1d        paid       3
				c         n         1d        paid       2
				d         n         2d        paid       2`,
			spec: inShops, query: clustered(),
			values: []datasets.Value{rows}, blocks: []datasets.Block{{Metric: "m", Parts: []int{0}, Quantile: &datasets.Quantile{Q: 0.6}}},
			check: func(t *testing.T, ev *datasets.Evidence) {
				all, without := ev.Blocks[0].Quantiles[0], ev.Blocks[0].QuantilesWithoutCrossover[0]
				equal(t, "values", all.Values, []float64{1, 2, 2, 3, 4})
				equal(t, "value", all.Value, 2.)
				equal(t, "merchants", []int64{all.Shares.N, without.Shares.N}, []int64{3, 2})
				equal(t, "shares", []float64{all.Shares.Sum(0), all.Shares.Sum(1)}, []float64{3, 5})
				equal(t, "without", without.Values, []float64{1, 3, 4})
				equal(t, "value without", without.Value, 3.)
				equal(t, "shares without", without.Shares.Means, []float64{1, 1.5})
				equal(t, "moments by merchant", ev.Blocks[0].Clusters == nil, true)
			},
		},
		skewnessRule(),
	}
}

func skewnessRule() rule {
	atZero := datasets.Cap{Upper: &datasets.Limit{Absolute: new(float64)}}
	return rule{
		name: "skewness of a mean, of a ratio, and of nothing, capped and not",
		units: `
			unit:text variant:text x:float y:float zero:float same:float
			a         control      0       2       0          0.1
			b         control      0       1       1          0.1
			c         control      6       3       -1         0.1
			d         treatment    0       1       0          0.3`,
		values: []datasets.Value{
			{Name: "x", Column: column("x")},
			{Name: "y", Column: column("y")},
			{Name: "zero", Column: column("zero")},
			{Name: "same", Column: column("same")},
		},
		blocks: []datasets.Block{
			{Metric: "mean", Parts: []int{0}},
			{Metric: "ratio", Parts: []int{0, 1}},
			{Metric: "mean zero below", Parts: []int{0, 2}},
			{Metric: "no spread", Parts: []int{3}},
			{Metric: "a number over itself", Parts: []int{3, 3}},
			{Metric: "capped", Parts: []int{0}, Cap: &atZero},
			{Metric: "capped ratio", Parts: []int{0, 1}, Cap: &atZero},
		},
		check: func(t *testing.T, ev *datasets.Evidence) {
			// 0, 0, 6 lie at -2, -2, 4 from their mean, and, less 1 times 2, 1, 3, at -2, -1, 3 from theirs.
			mean, ratio := 16/math.Pow(8, 1.5), 6/math.Pow(14./3, 1.5)
			for i, want := range []float64{mean, ratio, 0, 0, 0, 0, 0} {
				if got := ev.Blocks[i].Skewness; !near(want, got[0], 1, 0) || got[1] != 0 {
					t.Errorf("%s: skewness %v, want %v", ev.Blocks[i].Metric, got, want)
				}
			}
			for i, want := range map[int]float64{5: mean, 6: ratio} {
				if got := ev.Blocks[i].UncappedSkewness; len(got) != 2 || !near(want, got[0], 1, 0) || got[1] != 0 {
					t.Errorf("%s: skewness without the cap %v, want %v", ev.Blocks[i].Metric, got, want)
				}
			}
			equal(t, "skewness without a cap that is not there", ev.Blocks[0].UncappedSkewness == nil, true)
		},
	}
}
