package datasets

import (
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// Evidence is what a source gives back: counts and mergeable moments, without unit keys. Slices "by variant" follow
// Query.Variants.
//
// An analysed unit is one whose first exposure lies in the schedule and before as of, that is neither forced nor tied between
// variants, and, with CrossoverDrop, not a crossover unit. In a unit table every row is one.
//
// With Query.Clustered the cluster is what is exposed, forced, tied, a crossover, counted in Exposure (but for First and Last), compared
// with the plan or the roster and described by attributes: its first exposure is that of any of its units and gives the variant of all of them.
// Query.Forced lists keys of clusters. The analysed units are the pairs (cluster, unit) that were exposed themselves, in a cluster that
// is analysed; each has its windows and ages from its own first exposure. EventEvidence.PerUnit is of clusters. A repeated exposure is
// one of a pair. Exposure.Hours counts first exposures of clusters, and reaches to the hour of Last all the same. In a unit table, where
// there are no times, a cluster with two variants is a *DataError, forced or not, and a pair must not be listed twice; attributes are the
// smallest text of a cluster's rows, null last.
type Evidence struct {
	Variants []string
	AsOf     *Instant // nil in a unit table
	Exposure Exposure
	Events   []EventEvidence // one for each of Query.Events, in its order
	Values   []ValueEvidence // one for each of Query.Values, in its order
	Blocks   []BlockEvidence // one for each of Query.Blocks, in its order
	Warnings []string        // in a fixed order
	Views    *ViewEvidence   // nil unless Query.Views is set
}

// Exposure describes who was analysed.
type Exposure struct {
	Units      []int64 // analysed units, by variant
	Crossover  []int64 // units, neither forced nor tied, exposed to more than one variant, by first variant; in Units unless dropped
	Dropped    Dropped
	First      *Instant    // earliest and latest first exposure of an analysed unit; nil without any and in a unit table
	Last       *Instant    // a *DataError when more than MaxEnrolment after First
	FirstHour  Instant     // start of Hours: First rounded down to a full UTC hour
	Hours      [][]int64   // first exposures of analysed units, by variant and hour since FirstHour, through the hour of Last
	Attributes []Attribute // in the order of the exposures' (or units') table
	Recomputed Recomputed
	// UnitHours are as Hours, of the analysed units of a clustered query by their own first exposures; nil otherwise.
	UnitHours [][]int64
	// Clusters are the analysed clusters of a clustered query, by variant, and within one in an order that depends on their keys alone; nil
	// otherwise.
	Clusters []Cluster
	// Unexposed are the clusters that have a variant on the roster and are not analysed, for whatever reason: never exposed, forced, tied,
	// dropped as a crossover. They come by their variant on the roster, within one in its order, and have no units; nil unless the query is
	// clustered and has a roster. They belong to the design all the same: a redraw moves them too.
	Unexposed []Cluster
}

// Cluster is a cluster, without its key.
type Cluster struct {
	Variant   int // that it was first exposed to; of Unexposed, that of the roster
	Crossover bool
	Units     int64     // analysed units in it
	Block     int       // of Roster.Blocks; -1 for a cluster that was given no variant, or is not on the roster, and without one
	Balance   []float64 // of Roster.Balance; nil where there is none
	Segments  []int     // by Views.Segments, the position among its values in ViewEvidence; nil without views and of Unexposed
}

// Dropped counts what was left out: exposure rows (RepeatedExposures, OutsideSchedule, NullUnit, IgnoredVariants) or units.
//
// A row is judged in this order: a null or empty unit is NullUnit; a null variant, or one neither declared nor ignored, is a
// *DataError; then IgnoredVariants; a null time is a *DataError; then OutsideSchedule (also: not before as of). What is left
// exposes its unit. Forced counts units so exposed. RepeatedExposures counts such rows of a unit after its first, whatever their
// variant; rows of forced units are not counted. In a unit table, a unit left over twice is a *DataError, forced or not.
type Dropped struct {
	RepeatedExposures int64
	OutsideSchedule   int64
	Tied              int64
	Forced            int64
	IgnoredVariants   int64
	NullUnit          int64
}

// Attribute counts analysed units by the value of an attribute at first exposure (at equal times the smallest text, null last).
type Attribute struct {
	Name   string
	Values []string  // bytewise order, none without units; a null cell is NoValue, others are printed as by expr.Value.Plain
	Units  [][]int64 // by variant and value
}

// NoValue stands for a null attribute.
const NoValue = "(none)"

// Recomputed compares the logged variants of analysed units with those of Query.Plan or Query.Roster; without either it is zero.
// Crossover units are not compared.
type Recomputed struct {
	Compared int64
	Moved    int64 // another variant was assigned
	Excluded int64 // none was assigned, or the unit is not eligible
}

// EventEvidence describes one source of events. Its counts cover rows that satisfy the condition (where or unless) of at least
// one value and lie in [Exposure.First + smallest Window[0], min(as of, Exposure.Last + largest Window[1])), the windows being those of
// the values on this table. Each such row is counted once: UnmatchedUnit when its unit is not an analysed one, else
// OutsideWindow when it lies in no window of a value whose condition it satisfies, else Matched. NullTime counts rows that
// satisfy a condition and have no time, wherever their unit; rows without a unit are UnmatchedUnit. Without an analysed unit the
// range is empty. A value that names no Where has a condition that every row satisfies; without Unless it has no second one.
type EventEvidence struct {
	Table           string
	CompleteThrough Instant // as declared, else one microsecond after the latest time of any row; 0 when there is none
	Matched         int64
	UnmatchedUnit   int64
	OutsideWindow   int64
	NullTime        int64
	PerUnit         []stats.Moments // of the number of matched rows of each analysed unit, also of those without any, by variant
	Activity        []Activity      // of the matched rows, by variant
}

// Activity says when rows came. Without rows it is the zero value.
type Activity struct {
	FirstAge int      // age of Ages[0]: whole days (Span.Days) from first exposure to the row, negative before it
	Ages     []int64  // rows by age, from the youngest that has rows to the oldest
	Last     *Instant // time of the latest row
}

// Rows is the number of rows.
func (a Activity) Rows() int64 {
	var n int64
	for _, c := range a.Ages {
		n += c
	}
	return n
}

// ValueEvidence describes the rows that entered one value: rows of an analysed unit, in the window and before as of, that satisfy
// Where and whose Column is not null; whether or not the unit's window had closed or Unless made it zero.
type ValueEvidence struct {
	Name      string     // of the Value
	Activity  []Activity // by variant; in a unit table empty
	NullCells int64      // the rows left out only because their Column was null; 0 in a unit table
}

// ClusterMoments are a block's moments by cluster, one for each of Exposure.Clusters, in its order; those without a unit of the
// block are empty. Merged over the clusters of a variant they are the block's moments up to rounding.
type ClusterMoments struct {
	Total      []stats.Moments
	Uncapped   []stats.Moments // nil where BlockEvidence.Uncapped is
	WithoutTop []stats.Moments // nil where BlockEvidence.WithoutTop is
}

// BlockEvidence holds the moments of one metric over the analysed units whose windows had closed: exposure + the largest
// Window[1] of the block's values, covariates too, <= as of; in a unit table over all units. Such a unit for which a value is null
// under NullsDrop is left out and counted in Null; the others are the block's units.
//
// The vector of a unit is its parts followed by its covariates. A failed block has nothing after Null. A block fails when it is
// binary and a unit's part is neither 0 nor 1, or when a moment, or a value of a quantile block, is not finite (the numbers overflowed).
type BlockEvidence struct {
	Metric     string
	Components []string // names of the values: parts, then covariates
	Failed     string   // why there are no moments; empty when there are
	Incomplete []int64  // analysed units with an open window, by variant
	Null       []int64  // units with a closed window left out for a null value, by variant

	Total            []stats.Moments // by variant; capped where the block has a cap
	WithoutCrossover []stats.Moments // Total without crossover units; nil when no analysed unit is one (or they are dropped)
	Uncapped         []stats.Moments // nil when Block.Cap is
	WithoutTop       []stats.Moments // Total without units whose (capped) first part is above Top; nil for binary blocks
	// Top is the smallest (capped) first part v of a unit such that at least 99.9 % of the units, all variants together, are <= v:
	// float64(count) / float64(units) >= 0.999. It is 0 without units and for binary blocks.
	Top float64

	// Skewness is the third central moment over the 3/2 power of the second (divisors n), by variant, of a unit's first part (capped), in a
	// block of two parts of first - R * second, R being the ratio of their means. It is 0 for binary blocks, with a mean of the second
	// part of 0, where it is not finite, and without spread: a standard deviation of at most 1e-12 times the size of the numbers, which is
	// the root of the mean square of the first part, plus that of R * second.
	Skewness []float64

	UncappedSkewness []float64 // the same of first parts without the cap; nil where Uncapped is

	// Clusters is nil unless the query is clustered, and for quantile blocks.
	Clusters *ClusterMoments

	// Quantiles, by variant, take the place of all moments, Top, both kinds of skewness and Positive in a quantile block. Their randomisation units are
	// the block's units, in a clustered query the clusters with at least one; those have no values where none of their rows match. Value is
	// 0 without values. QuantilesWithoutCrossover is nil where WithoutCrossover would be.
	Quantiles                 []quantile.Summary
	QuantilesWithoutCrossover []quantile.Summary

	CapLower, CapUpper *float64 // the limits in force; nil where there is none
	Capped             int64    // units whose first part a limit changed
	Positive           int64    // units with a positive first part, before capping
}
