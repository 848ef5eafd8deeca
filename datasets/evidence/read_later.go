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
		v := slices.Index(r.ev.Variants, row.Variant)
		if v < 0 {
			r.failf(clustersTable, "variant %q is not one of the evidence", row.Variant)
		}
		r.ev.Exposure.Clusters = append(r.ev.Exposure.Clusters, datasets.Cluster{Variant: v, Crossover: row.Crossover, Units: row.Units})
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
			if len(rows) == 0 || !r.inVariants(quantilesTable, len(rows), func(v int) string { return rows[v].Variant }) {
				continue
			}
			var out []quantile.Summary
			for _, row := range rows {
				shares := stats.Moments{N: row.N, Means: row.Means, Cross: row.Cross}
				r.checkMoments(quantilesTable, []stats.Moments{shares}, 2)
				if len(row.Ranks) != len(row.Values) {
					r.failf(quantilesTable, "%d ranks of %d values", len(row.Ranks), len(row.Values))
				}
				out = append(out, quantile.Summary{Q: row.Q, Rows: row.Rows, Value: row.Value, Shares: shares, Ranks: row.Ranks, Values: row.Values})
			}
			*s.of(&r.ev.Blocks[i]) = out
		}
	}
	r.allTaken(quantilesTable, len(all))
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
