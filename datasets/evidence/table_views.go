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
	bySketch  = "sketch" // in messages only
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

// sketchPartRow is a part of view_sketches.arrow, a record batch of it, in view_sketch_parts.arrow.
type sketchPartRow struct {
	Block  int64  `arrow:"block" doc:"row of blocks.arrow, from 0"`
	Metric string `arrow:"metric"`
	Age    int64  `arrow:"age" doc:"days since exposure after which windows were cut off; 0 for whole windows. From 2 on rows are changes from the age before, on the day before; with clusters, on the same day"`
	Coarse int64  `arrow:"coarse" doc:"how many times pairs of buckets were joined: a bucket then stands for 2^coarse of them, and goes by the number of the first"`
	Rows   int64  `arrow:"rows" doc:"as in view_parts.arrow, and so are all others"`
	Offset int64  `arrow:"offset"`
	Bytes  int64  `arrow:"bytes"`
	SHA256 string `arrow:"sha256"`
}

func (r *sketchPartRow) part() viewPartRow {
	return viewPartRow{Block: r.Block, Metric: r.Metric, Sample: string(datasets.Total), By: bySketch, Age: r.Age, Rows: r.Rows, Offset: r.Offset, Bytes: r.Bytes, SHA256: r.SHA256}
}

// Columns of exposed.arrow, view_moments.arrow and view_sketches.arrow, whose integers are as wide as the largest needs; one that is 0 everywhere is not there.
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
	sketchColumns = []described{
		{"part", "row of view_sketch_parts.arrow, from 0"},
		{"day", "from 0, on which units became complete"},
		{"cell", "row of cells.arrow, from 0; -1 is all of them"},
		{"variant", "place in the variants of summary.arrow, from 0"},
		{"crossover", "1 for units that were exposed to more than one variant"},
		{"n", "analysis units"},
		{"null_value", "units left out for a null value"},
		{"units", "randomisation units; with clusters, those that come with this day"},
		{"rows", "values"},
		{"squares", "sum over randomisation units of the square of the number of values; with clusters, what this day adds to it"},
	}
	bucketColumns = []described{
		{"buckets", "of b > 0: numbers whose first 19 bits, read as an integer, are b - 1; 0 of zero; -b of the negatives of those of b"},
		{"bucket_rows", "values in the bucket"},
		{"more_squares", "of a unit with n values, c in this bucket and lower ones, b in lower ones: the sum of c*c - b*b, less bucket_rows"},
		{"more_products", "the sum of (c - b) * n, less bucket_rows and more_squares"},
	}
	listColumns = []described{
		{"means", "as in moments.arrow"},
		{"cross_products", "as in moments.arrow"},
		{"third_moments", "sums of (x - mean)^3 of the part; of two parts x and y of the products xxx, xxy, xyy and yyy"},
	}
)

// described is a column.
type described struct{ name, doc string }
