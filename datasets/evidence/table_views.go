package evidence

import "liftgate/datasets"

// viewsRow is the only row of views.arrow.
type viewsRow struct {
	Crossed bool               `arrow:"crossed" doc:"each unit lies in one cell; otherwise in one cell for each segment"`
	Days    []datasets.Instant `arrow:"day_ends" doc:"ends of calendar days, exclusive, the last as_of; days are numbered from 0"`
}

// segmentRow is an attribute by which units are told apart, in segments.arrow.
type segmentRow struct {
	Name   string   `arrow:"segment"`
	Values []string `arrow:"values" doc:"that are kept by themselves; (other) is all others"`
}

// cellRow is a combination of values in cells.arrow.
type cellRow struct {
	Values []int64 `arrow:"values" doc:"by row of segments.arrow, the place of the value from 0; -1 is any"`
}

// clusterSegmentsRow is a cluster in cluster_segments.arrow.
type clusterSegmentsRow struct {
	Values []int64 `arrow:"values" doc:"of the cluster in the same row of clusters.arrow, as in cells.arrow"`
}

// viewPartRow is a part of view_moments.arrow, a record batch of it, in view_parts.arrow.
type viewPartRow struct {
	Block  int64  `arrow:"block" doc:"row of blocks.arrow, from 0"`
	Metric string `arrow:"metric"`
	Sample string `arrow:"sample" doc:"total, without_crossover, uncapped, without_top"`
	By     string `arrow:"by" doc:"what cell numbers: cell, units of cells by the day on which they were complete; cluster, the same of clusters; running, all units of cells exposed by the end of the day; cohort, complete units of cells by the day of their first exposure"`
	Age    int64  `arrow:"age" doc:"days since exposure after which windows were cut off; 0 for whole windows"`
	Parts  int64  `arrow:"parts" doc:"components of the metric that are parts: the first ones"`
	Rows   int64  `arrow:"rows"`
	Offset int64  `arrow:"offset" doc:"where its record batch starts in view_moments.arrow; 0 without rows"`
	Bytes  int64  `arrow:"bytes" doc:"how long the record batch is"`
	SHA256 string `arrow:"sha256" doc:"of the bytes of the schema of view_moments.arrow and of the record batch"`
}

// What rows of view_moments.arrow are by.
const (
	byCell    = "cell"
	byCluster = "cluster"
	byRunning = "running"
	byCohort  = "cohort"
)

// viewQuantileRow is a quantile of the units with one value of one segment, in view_quantiles.arrow.
type viewQuantileRow struct {
	Block   int64     `arrow:"block" doc:"row of blocks.arrow, from 0"`
	Segment int64     `arrow:"segment" doc:"row of segments.arrow, from 0"`
	Place   int64     `arrow:"place" doc:"of the value in the segment, from 0"`
	Sample  string    `arrow:"sample" doc:"total, without_crossover"`
	Variant string    `arrow:"variant"`
	Q       float64   `arrow:"q" doc:"as in quantiles.arrow, and so are all others"`
	Rows    int64     `arrow:"rows"`
	Value   float64   `arrow:"value"`
	N       int64     `arrow:"n"`
	Means   []float64 `arrow:"means"`
	Cross   []float64 `arrow:"cross_products"`
	Ranks   []int64   `arrow:"ranks"`
	Values  []float64 `arrow:"values"`
	// Incomplete and Null belong to the sample total.
	Incomplete *int64 `arrow:"incomplete" later:"" doc:"analysed units with an open window; of the sample total"`
	Null       *int64 `arrow:"null_value" later:"" doc:"units left out for a null value; of the sample total"`
}

// whole is the row without its segment.
func (r *viewQuantileRow) whole() quantileRow {
	return quantileRow{
		Block: r.Block, Sample: r.Sample, Variant: r.Variant, Q: r.Q, Rows: r.Rows, Value: r.Value,
		N: r.N, Means: r.Means, Cross: r.Cross, Ranks: r.Ranks, Values: r.Values,
	}
}

// Columns of exposed.arrow and view_moments.arrow, whose integers are as wide as the largest needs; one that is 0 everywhere is not there.
var (
	exposedColumns = []described{
		{"day", "day of the first exposure"},
		{"cell", "row of cells.arrow, from 0"},
		{"variant", "place in the variants of summary.arrow, from 0"},
		{"units", "analysed units; with clusters, clusters"},
		{"crossover_units", "of these, exposed to more than one variant"},
		{"analysis_units", "analysed units by their own first exposures"},
	}
	momentColumns = []described{
		{"part", "row of view_parts.arrow, from 0"},
		{"day", "from 0; see by in view_parts.arrow"},
		{"cell", "row of cells.arrow, or of clusters.arrow, from 0; -1 is all of them"},
		{"variant", "place in the variants of summary.arrow, from 0"},
		{"n", "units"},
		{"null_value", "units left out for a null value"},
	}
	listColumns = []described{
		{"means", "as in moments.arrow"},
		{"cross_products", "as in moments.arrow"},
		{"third_moments", "sums of (x - mean)^3 of the part; of two parts x and y of the products xxx, xxy, xyy and yyy"},
	}
)

// described is a column.
type described struct{ name, doc string }
