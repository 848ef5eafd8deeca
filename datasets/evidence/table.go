package evidence

import "liftgate/datasets"

// Each type is a row of one file. The tag arrow names a column; the tag doc becomes its description in the file; the tag later marks a
// column that the first files of this version do not have.
//
// Values, blocks and tables of events are numbered from 0 in the order of the query, because names need not be unique.

// summaryRow is the only row of summary.arrow.
type summaryRow struct {
	Variants          []string          `arrow:"variants" doc:"in the order of the definition"`
	AsOf              *datasets.Instant `arrow:"as_of" doc:"exclusive cut on every table; null in a unit table"`
	First             *datasets.Instant `arrow:"first_exposure" doc:"earliest first exposure of an analysed unit"`
	Last              *datasets.Instant `arrow:"last_exposure" doc:"latest first exposure of an analysed unit"`
	FirstHour         datasets.Instant  `arrow:"hours_from" doc:"start of units_by_hour in exposure.arrow"`
	RepeatedExposures int64             `arrow:"repeated_exposures" doc:"rows of a unit after its first"`
	OutsideSchedule   int64             `arrow:"outside_schedule" doc:"exposure rows outside the schedule or not before as_of"`
	Tied              int64             `arrow:"tied" doc:"units whose first exposures tie between variants, left out"`
	Forced            int64             `arrow:"forced" doc:"units with a forced variant, left out"`
	IgnoredVariants   int64             `arrow:"ignored_variants" doc:"rows of ignored variants"`
	NullUnit          int64             `arrow:"null_unit" doc:"exposure rows without a unit"`
	Compared          int64             `arrow:"recomputed" doc:"units whose assignment was recomputed"`
	Moved             int64             `arrow:"recomputed_moved" doc:"of these, units that were assigned another variant"`
	Excluded          int64             `arrow:"recomputed_excluded" doc:"of these, units that were assigned no variant"`
	Attributes        []string          `arrow:"attributes" doc:"names of the attributes in attributes.arrow"`
	Warnings          []string          `arrow:"warnings" doc:"what to know about the data"`
}

// exposureRow is a variant in exposure.arrow.
type exposureRow struct {
	Variant   string  `arrow:"variant"`
	Units     int64   `arrow:"units" doc:"analysed units"`
	Crossover int64   `arrow:"crossover_units" doc:"units exposed to more than one variant, by their first"`
	Hours     []int64 `arrow:"units_by_hour" doc:"first exposures in each hour since hours_from in summary.arrow"`
	UnitHours []int64 `arrow:"cluster_units_by_hour" later:"" doc:"where clusters are the units: first exposures of the units in them, likewise"`
}

// clusterRow is an analysed cluster in clusters.arrow.
type clusterRow struct {
	Variant   string    `arrow:"variant"`
	Crossover bool      `arrow:"crossover" doc:"exposed to more than one variant"`
	Units     int64     `arrow:"units" doc:"analysed units in it"`
	Block     *int64    `arrow:"block" later:"" doc:"of the design, within which variants were drawn together; null for one that no design gave a variant"`
	Balance   []float64 `arrow:"balance" later:"" doc:"what the design balanced; empty unless it drew again until that was balanced"`
}

// unexposedRow is a cluster in unexposed.arrow that a design gave a variant and that is not analysed.
type unexposedRow struct {
	Variant string    `arrow:"variant" doc:"that the design gave it"`
	Block   *int64    `arrow:"block" doc:"as in clusters.arrow"`
	Balance []float64 `arrow:"balance" doc:"as in clusters.arrow"`
}

// attributeRow is one value of an attribute in one variant, in attributes.arrow.
type attributeRow struct {
	Attribute string `arrow:"attribute"`
	Value     string `arrow:"value" doc:"at first exposure; (none) is null"`
	Variant   string `arrow:"variant"`
	Units     int64  `arrow:"units" doc:"analysed units"`
}

// eventsRow is a table of events in events.arrow.
type eventsRow struct {
	Table           string           `arrow:"table"`
	CompleteThrough datasets.Instant `arrow:"complete_through" doc:"the table holds every row before it; 1970 when not known"`
	Matched         int64            `arrow:"matched" doc:"rows in a window of a value"`
	UnmatchedUnit   int64            `arrow:"unmatched_unit" doc:"rows of units that are not analysed"`
	OutsideWindow   int64            `arrow:"outside_window" doc:"rows of analysed units outside every window"`
	NullTime        int64            `arrow:"null_time" doc:"rows without a time"`
}

// activityRow says when rows of one variant came, in activity.arrow: those that matched a table of events, or entered a value.
type activityRow struct {
	Of       string            `arrow:"of" doc:"events or value"`
	Number   int64             `arrow:"number" doc:"row of events.arrow or values.arrow, from 0"`
	Name     string            `arrow:"name" doc:"of the table of events or of the value"`
	Variant  string            `arrow:"variant"`
	FirstAge int64             `arrow:"first_age" doc:"days from first exposure of the first entry of rows_by_age"`
	Ages     []int64           `arrow:"rows_by_age" doc:"rows by whole days since first exposure"`
	Last     *datasets.Instant `arrow:"last" doc:"time of the latest row"`
}

// valueRow is a value in values.arrow.
type valueRow struct {
	Name      string `arrow:"value"`
	NullCells int64  `arrow:"null_cells" doc:"rows skipped because their column was null"`
}

// blockRow is a metric's block in blocks.arrow.
type blockRow struct {
	Metric     string   `arrow:"metric"`
	Failed     string   `arrow:"failed" doc:"why there are no moments; empty when there are"`
	Components []string `arrow:"components" doc:"values whose moments are taken together: parts, then covariates"`
	Top        float64  `arrow:"top" doc:"99.9 % of the units do not exceed it in the first component"`
	CapLower   *float64 `arrow:"cap_lower" doc:"limit of the first component in force"`
	CapUpper   *float64 `arrow:"cap_upper" doc:"limit of the first component in force"`
	Capped     int64    `arrow:"capped" doc:"units changed by a limit"`
	Positive   int64    `arrow:"positive" doc:"units whose first component is positive, before capping"`
}

// leftOutRow counts a variant's analysed units that are not in a block, in left_out.arrow.
type leftOutRow struct {
	Block      int64  `arrow:"block" doc:"row of blocks.arrow, from 0"`
	Metric     string `arrow:"metric"`
	Variant    string `arrow:"variant"`
	Incomplete int64  `arrow:"incomplete" doc:"units with an open window"`
	Null       int64  `arrow:"null_value" doc:"units left out for a null value"`
}

// momentsRow holds the moments of a sample of units in moments.arrow.
type momentsRow struct {
	Of      string    `arrow:"of" doc:"block, or events for the number of matched rows a unit"`
	Number  int64     `arrow:"number" doc:"row of blocks.arrow or events.arrow, from 0"`
	Name    string    `arrow:"name" doc:"metric, or table of events"`
	Sample  string    `arrow:"sample" doc:"total, without_crossover, uncapped, without_top"`
	Variant string    `arrow:"variant"`
	N       int64     `arrow:"n" doc:"units"`
	Means   []float64 `arrow:"means" doc:"mean a unit of each of the block's components"`
	Cross   []float64 `arrow:"cross_products" doc:"sums of (x_i - mean_i)(x_j - mean_j), i <= j, row by row; the first over n - 1 is the variance of component 0"`
	// Skewness belongs to the samples total and uncapped of a block.
	Skewness *float64 `arrow:"skewness" later:"" doc:"of the first component, with two parts of the first less the ratio of means times the second; of the samples total and uncapped of a block"`
}

// clusterMomentsRow holds the moments of a block's units in one cluster in cluster_moments.arrow.
type clusterMomentsRow struct {
	Block   int64     `arrow:"block" doc:"row of blocks.arrow, from 0"`
	Sample  string    `arrow:"sample" doc:"total, uncapped, without_top"`
	Cluster int64     `arrow:"cluster" doc:"row of clusters.arrow, from 0; clusters without units have no row here"`
	N       int64     `arrow:"n" doc:"units"`
	Means   []float64 `arrow:"means" doc:"as in moments.arrow"`
	Cross   []float64 `arrow:"cross_products" doc:"as in moments.arrow"`
}

// quantileRow is a quantile of a variant's values in quantiles.arrow.
type quantileRow struct {
	Block   int64     `arrow:"block" doc:"row of blocks.arrow, from 0"`
	Metric  string    `arrow:"metric"`
	Sample  string    `arrow:"sample" doc:"total, without_crossover"`
	Variant string    `arrow:"variant"`
	Q       float64   `arrow:"q" doc:"which quantile, between 0 and 1"`
	Rows    int64     `arrow:"rows" doc:"values"`
	Value   float64   `arrow:"value" doc:"the quantile; 0 without values"`
	N       int64     `arrow:"n" doc:"randomisation units"`
	Means   []float64 `arrow:"means" doc:"mean a unit of its values that are not above the quantile, and of its values"`
	Cross   []float64 `arrow:"cross_products" doc:"of these two, as in moments.arrow"`
	Ranks   []int64   `arrow:"ranks" doc:"places, from 1, in the order of the values"`
	Values  []float64 `arrow:"values" doc:"the values at these places"`
}
