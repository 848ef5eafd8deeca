package datasets

import "liftgate/stats/quantile"

// Views asks for evidence of parts of the experiment beside the whole of it, so that later questions need no data: what of German phones,
// by the end of last Tuesday, in the first week of each unit? Segments are indexes into the Attributes of Exposures or Units.
type Views struct{ Segments []int }

// What exceeds these limits is kept less finely.
const (
	MaxSegmentValues = 100  // of a segment, those of most analysed units, of equals the bytewise smaller; the others are OtherValues
	MaxCells         = 4096 // combinations of (kept) values that occur; beyond, a cell is a value of one segment
	// MaxViewRows is how many rows Units or ByAge of Total may have. Beyond, those of ages from 1 on, in Uncapped too, are of all units of
	// the variant, each once: Cell is -1. Age 0, ByDay, Running and Cohorts are kept by cell whatever their size.
	MaxViewRows = 1 << 18
	// MaxSketchRows is how many rows and buckets a SketchTable may have at age 0, and how many at all others. Where there are more, pairs of buckets
	// are joined, quantile.MaxCoarse times at most. Beyond, they are of all units of the variant, each once: Cell is -1, as fine as may be; and where those
	// are still too many, they are rows without buckets, and Coarse is 0.
	MaxSketchRows = 1 << 20
)

// OtherValues stands for the values of a segment that are not kept by themselves.
const OtherValues = "(other)"

// ViewEvidence is the evidence of parts of the analysed units.
type ViewEvidence struct {
	Segments []Segment // in the order of Views.Segments
	// Crossed means that each unit lies in one cell, a combination of values of all segments; otherwise it lies in one cell for each
	// segment: by the attribute at first exposure as Attribute prints it, in a clustered query the cluster's. Without segments it is true
	// and there is one cell.
	Crossed bool
	Cells   [][]int // that occur, in lexical order: by segment, the position among its values; -1, which comes first, for any value
	// Days are the ends of the calendar days of Query.Location (UTC where that is nil) from that of the first exposure to that of as of,
	// exclusive; the last is as of itself: see DayEnds. They are nil in a unit table, where every Day is 0, and without an analysed unit.
	Days    []Instant
	Exposed []Exposed    // by day, cell and variant, where there are any
	Blocks  []BlockViews // one for each of Query.Blocks, in its order; the zero value for a block that failed
}

// Segment is an attribute by which units are told apart.
type Segment struct {
	Name   string
	Values []string // that are kept, bytewise; OtherValues last, where there are others
}

// Exposed counts analysed units, in a clustered query clusters, by the day of their first exposure: the first one by whose end, exclusive,
// they were exposed.
type Exposed struct {
	Day, Cell, Variant int
	Units              int64
	Crossover          int64
	AnalysisUnits      int64 // by their own first exposures; of a query that is not clustered the same as Units
}

// BlockViews are the units of a block by cell, day and age. Age a >= 1 cuts the windows of the block's values, covariates too, off a days
// (of 24 hours) after the exposure, where they reach further: a window that starts later is empty. Age 0 is the whole windows. Kept are
// the ages a for which a days are less than the largest Window[1] of the block's values.
//
// Values are taken as ever from the rows in the window so cut. There a null value leaves its unit out under NullsError, too, as under
// NullsDrop; neither a binary part nor overflow is looked at again: where numbers are too large, a moment here may not be finite.
type BlockViews struct {
	// Samples, in the order of the constants below, are the units by the day on which they became complete: the first by whose end they
	// were exposed (before it) and the windows, cut off by the age, had closed (exposure + Window[1] <= end). The units that were complete
	// by the end of a day are those of the days up to it, merged; at the last day, age 0, those of BlockEvidence. Limits and Top are those
	// of BlockEvidence, whatever the cell, day and age. It is nil for quantile blocks.
	Samples []SampleViews
	// Running are the units exposed by (before) the end of each day, with the rows before that end, whether or not windows had closed: not
	// increments, but what was known then, capped where the block has a cap. Age is 0. Nil for quantile blocks, in a clustered query and in
	// a unit table.
	Running *MomentTable
	// Cohorts are the units of Total at the last day, age 0, by the day of their first exposure: that is Day. Nil where Running is.
	Cohorts *MomentTable
	// Quantiles are those of a quantile block, for each value of each segment, in their order, at the last day, age 0; nil for others.
	Quantiles []QuantileView
	// Sketches are those of a quantile block by cell, day and age. Nil for others, in a unit table that has not two segments or more, where
	// Quantiles are all there is, and where an older version wrote the evidence.
	Sketches *SketchTable
}

// SampleViews are the views of one sample.
type SampleViews struct {
	Sample Sample
	Units  *MomentTable // age 0, and in Total and Uncapped every age; nil in a clustered query
	// ByDay and ByAge are of a clustered query: Cell is the position in Exposure.Clusters. ByDay has age 0, ByAge the other ages at the last
	// day only: all units complete by then. ByAge is nil but in Total and Uncapped; there it may have no rows.
	ByDay, ByAge *MomentTable
}

// Sample names a selection of a block's units.
type Sample string

const (
	Total            Sample = "total"
	WithoutCrossover Sample = "without_crossover" // where BlockEvidence.WithoutCrossover is; not in a clustered query
	Uncapped         Sample = "uncapped"          // where BlockEvidence.Uncapped is
	WithoutTop       Sample = "without_top"       // where BlockEvidence.WithoutTop is
)

// MomentTable is many rows of moments, column by column, in the order of Age, Day, Cell and Variant, each combination once and only where
// N or Null is above 0. Without N the other numbers are 0.
type MomentTable struct {
	Dim   int // components of the vector
	Parts int // components of it, the first ones, that are parts

	Age, Day, Cell, Variant []int32
	N                       []int64 // the block's units
	Null                    []int64 // units that would count and were left out for a null value; in WithoutTop as in Total
	Means                   []float64
	Cross                   []float64 // Dim*(Dim+1)/2 a row, as stats.Moments.Cross
	// Third are the sums of third powers around the means of the parts: (x-a)^3 for one part, for two (x-a)^3, (x-a)^2(y-b),
	// (x-a)(y-b)^2 and (y-b)^3. Binary blocks have them, too.
	Third []float64
}

// QuantileView is the quantile of the units that have one value of one segment, by variant.
type QuantileView struct {
	Segment, Value   int
	Incomplete, Null []int64 // as in BlockEvidence, of the units with the value; nil where an older version wrote the evidence
	Quantiles        []quantile.Summary
	WithoutCrossover []quantile.Summary // nil where BlockEvidence.QuantilesWithoutCrossover is
}
