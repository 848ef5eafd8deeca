package evidence

import (
	"slices"

	"liftgate/datasets"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// later reads a file that may be missing; there is false when it is.
func later[T any](r *reader, table string) (rows []T, there bool) {
	if there = r.err == nil && r.there[table]; there {
		rows = rowsOf[T](r, table)
	}
	return rows, there
}

func (r *reader) clusters() {
	rows, there := later[clusterRow](r, clustersTable)
	if !there {
		return
	}
	r.ev.Exposure.Clusters = []datasets.Cluster{}
	for _, row := range rows {
		c := r.cluster(clustersTable, row.Variant, row.Block, row.Balance)
		c.Crossover, c.Units = row.Crossover, row.Units
		r.ev.Exposure.Clusters = append(r.ev.Exposure.Clusters, c)
	}
	if r.only != nil {
		return
	}
	all, _ := later[clusterMomentsRow](r, clusterMomentsTable)
	for i := range r.ev.Blocks {
		b := &r.ev.Blocks[i]
		if b.Total == nil {
			continue
		}
		b.Clusters = &datasets.ClusterMoments{}
		for _, s := range clusterSamples {
			own := take(&all, func(m clusterMomentsRow) bool { return m.Block == int64(i) && m.Sample == s.name })
			if *s.of(b) != nil {
				*s.byCluster(b.Clusters) = r.byCluster(own, len(rows))
				r.checkMoments(clusterMomentsTable, *s.byCluster(b.Clusters), len(b.Components))
			} else if len(own) > 0 {
				r.failf(clusterMomentsTable, "metric %q has no moments of %s elsewhere", b.Metric, s.name)
			}
		}
	}
	r.allTaken(clusterMomentsTable, len(all))
}

// cluster reads what the files of clusters have in common; files from before there were designs know no blocks.
func (r *reader) cluster(table, variant string, block *int64, balance []float64) datasets.Cluster {
	c := datasets.Cluster{Variant: slices.Index(r.ev.Variants, variant), Block: -1, Balance: balance}
	if c.Variant < 0 {
		r.failf(table, "variant %q is not one of the evidence", variant)
	}
	if block != nil {
		c.Block = int(*block)
		if c.Block < 0 {
			r.failf(table, "block %d", c.Block)
		}
	}
	if n := len(balance); n > 0 {
		if r.balanced == 0 {
			r.balanced = n
		}
		if n != r.balanced {
			r.failf(table, "%d numbers were balanced of one cluster and %d of another", r.balanced, n)
		}
	}
	return c
}

func (r *reader) unexposed() {
	rows, there := later[unexposedRow](r, unexposedTable)
	if !there {
		return
	}
	if r.ev.Exposure.Clusters == nil {
		r.failf(unexposedTable, "there are no clusters")
	}
	r.ev.Exposure.Unexposed = []datasets.Cluster{}
	for _, row := range rows {
		r.ev.Exposure.Unexposed = append(r.ev.Exposure.Unexposed, r.cluster(unexposedTable, row.Variant, row.Block, row.Balance))
	}
}

// byCluster puts rows at their clusters' places.
func (r *reader) byCluster(rows []clusterMomentsRow, clusters int) []stats.Moments {
	out := make([]stats.Moments, clusters)
	for _, row := range rows {
		if row.Cluster < 0 || row.Cluster >= int64(clusters) || out[row.Cluster].N != 0 {
			r.failf(clusterMomentsTable, "cluster %d out of its place", row.Cluster)
			return nil
		}
		out[row.Cluster] = stats.Moments{N: row.N, Means: row.Means, Cross: row.Cross}
	}
	return out
}

func (r *reader) quantiles() {
	all, _ := later[quantileRow](r, quantilesTable)
	for i := range r.ev.Blocks {
		for _, s := range quantileSamples {
			rows := take(&all, func(q quantileRow) bool { return q.Block == int64(i) && q.Sample == s.name })
			*s.of(&r.ev.Blocks[i]) = r.summaries(quantilesTable, rows)
		}
	}
	r.allTaken(quantilesTable, len(all))
}

// summaries are those of the variants.
func (r *reader) summaries(table string, rows []quantileRow) []quantile.Summary {
	if len(rows) == 0 || !r.inVariants(table, len(rows), func(v int) string { return rows[v].Variant }) {
		return nil
	}
	var out []quantile.Summary
	for _, row := range rows {
		shares := stats.Moments{N: row.N, Means: row.Means, Cross: row.Cross}
		r.checkMoments(table, []stats.Moments{shares}, 2)
		if len(row.Ranks) != len(row.Values) {
			r.failf(table, "%d ranks of %d values", len(row.Ranks), len(row.Values))
		}
		out = append(out, quantile.Summary{Q: row.Q, Rows: row.Rows, Value: row.Value, Shares: shares, Ranks: row.Ranks, Values: row.Values})
	}
	return out
}

// checkBlocks checks that a block has failed, or has moments or quantiles.
func (r *reader) checkBlocks() {
	for _, b := range r.ev.Blocks {
		found := 0
		for _, is := range []bool{b.Failed != "", b.Total != nil, b.Quantiles != nil} {
			if is {
				found++
			}
		}
		if found != 1 {
			r.failf(momentsTable, "metric %q must have failed, or have moments or quantiles", b.Metric)
		}
	}
}
