package datasets

import "liftgate/stats"

// Evidence is what a source gives back: counts and mergeable moments, without unit keys. Slices "by variant" follow
// Query.Variants.
//
// An analysed unit is one whose first exposure lies in the schedule and before as of, that is neither forced nor tied between
// variants, and, with CrossoverDrop, not a crossover unit. In a unit table every row is one.
type Evidence struct {
	Variants []string
	AsOf     *Instant // nil in a unit table
	Exposure Exposure
	Events   []EventEvidence // one for each of Query.Events, in its order
	Values   []ValueEvidence // one for each of Query.Values, in its order
	Blocks   []BlockEvidence // one for each of Query.Blocks, in its order
	Warnings []string        // in a fixed order
}

// Exposure describes who was analysed.
type Exposure struct {
	Units      []int64 // analysed units, by variant
	Crossover  []int64 // units with exposures to more than one variant, by first variant; they are in Units unless dropped
	Dropped    Dropped
	First      *Instant // earliest and latest first exposure of an analysed unit; nil without any and in a unit table
	Last       *Instant
	FirstHour  Instant     // start of Hours: First rounded down to a full UTC hour
	Hours      [][]int64   // first exposures of analysed units, by variant and hour since FirstHour
	Attributes []Attribute // in the order of the exposures' (or units') table
	Recomputed Recomputed
}

// Dropped counts what was left out: exposure rows (RepeatedExposures, OutsideSchedule, NullUnit, IgnoredVariants) or units.
//
// A row is counted under the first that applies of NullUnit, IgnoredVariants, OutsideSchedule (also: not before as of).
// RepeatedExposures counts rows of a unit after its first row, whatever their variant; rows of forced units are not counted.
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
	Values []string  // bytewise order; a null cell is NoValue, numbers and booleans are printed
	Units  [][]int64 // by variant and value
}

// NoValue stands for a null attribute.
const NoValue = "(none)"

// Recomputed compares logged variants with Query.Plan. Forced units and crossover units are not compared.
type Recomputed struct {
	Compared int64
	Moved    int64 // the plan gives another variant
	Excluded int64 // the plan gives none
}

// EventEvidence describes one source of events. Its counts cover rows that satisfy the condition (where or unless) of at least
// one value and lie in [Exposure.First + smallest Window[0], min(as of, Exposure.Last + largest Window[1])), the windows being those of
// the values on this table. Each such row is counted once: UnmatchedUnit when its unit is not an analysed one, else
// OutsideWindow when it lies in no window of a value whose condition it satisfies, else Matched. NullTime counts rows that
// satisfy a condition and have no time; rows without a unit are UnmatchedUnit.
type EventEvidence struct {
	Table           string
	CompleteThrough Instant
	Matched         int64
	UnmatchedUnit   int64
	OutsideWindow   int64
	NullTime        int64
	PerUnit         []stats.Moments // of the matched rows an analysed unit, by variant
	Activity        []Activity      // of the matched rows, by variant
}

// Activity says when rows came.
type Activity struct {
	FirstAge int     // age of Ages[0]: whole days from first exposure to the row, negative before it
	Ages     []int64 // rows by age
	Last     *Instant
}

// Rows is the number of rows.
func (a Activity) Rows() int64 {
	var n int64
	for _, c := range a.Ages {
		n += c
	}
	return n
}

// ValueEvidence describes the rows that entered one value, whether or not their unit's window had closed.
type ValueEvidence struct {
	Activity  []Activity // by variant; in a unit table empty
	NullCells int64      // matching rows in the window whose Column was null
}

// BlockEvidence holds the moments of one metric over the analysed units whose windows had closed: exposure + the largest
// Window[1] of the block's values <= as of. A unit for which a value is null under NullsDrop is left out and counted.
//
// The vector of a unit is its parts followed by its covariates.
type BlockEvidence struct {
	Metric     string
	Failed     string  // why there are no moments; empty when there are
	Incomplete []int64 // analysed units with an open window, by variant
	Null       []int64 // units left out for a null value, by variant

	Total            []stats.Moments // by variant; capped where the block has a cap
	WithoutCrossover []stats.Moments // the same without crossover units; nil when there are none or they are dropped
	Uncapped         []stats.Moments // nil without a cap
	WithoutTop       []stats.Moments // without units whose first part is above Top; nil for binary blocks
	Top              float64         // the smallest value v such that at least 99.9 % of the units, all variants together, are <= v

	CapLower, CapUpper *float64 // the limits in force
	Capped             int64    // units whose value a limit changed
	Positive           int64    // units with a positive first part
}
