package datasets

import (
	"time"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
)

// Query is what an analysis asks of data. It has one of two layouts: an event log (Exposures and any number of Events) or a
// unit table (Units, one row an analysis unit).
type Query struct {
	Exposures *Table
	Units     *Table
	Events    []*Table

	Variants       []string // declared, in the order of the definition; control is one of them
	IgnoreVariants []string // rows of these are counted and left out; any other undeclared variant is an error
	Forced         []string // unit keys that are counted and left out

	// Clustered means that clusters are randomised (merchants) and an analysis unit is a unit in a cluster: keys are pairs (cluster, unit),
	// and every table names its Cluster column. A row without a cluster is a *DataError when it exposes its unit, or has a unit and is
	// one of those that EventEvidence counts (but for NullTime). See Evidence for what is counted by cluster.
	Clustered bool

	Start, End *Instant // enrolment is open in [Start, End); nil: unbounded
	// AsOf is an exclusive cut on every table of an event log. Nil: the earliest CompleteThrough of the Events that Values use, tables
	// without a known one left aside; when all are, that of Exposures; a *DataError when that is not known either.
	AsOf      *Instant
	Location  *time.Location // of calendar days
	Crossover Crossover

	// Plan or Roster, one of them at most, says which variants there should be; see Recomputed.
	Plan   *bucket.Plan
	Roster *Roster
	// Eligible is bound to Bool on the columns of Exposures or Units; nil: everything is eligible. It matters where there is a Plan or a
	// Roster: a unit, or cluster, is eligible when at least one of its rows at first exposure satisfies it (in a unit table one of all its
	// rows), and one that is not should have had no variant.
	Eligible *expr.Node

	Values []Value
	Blocks []Block
	Views  *Views // nil: evidence of the whole only
}

// Roster is a list of randomisation units (clusters in a clustered query) and what a design gave them. A unit that is not on it was given
// no variant. Keys, Variants and Blocks have the same length, and so has Balance unless it is nil.
type Roster struct {
	Keys     []string // each once, none empty
	Variants []int    // of Query.Variants; -1 when the unit was given none
	Blocks   []int    // units of one block had variants drawn for them together: a stratum, a pair; -1 when the unit was given none
	// Balance is what an assignment had to be balanced in to be accepted, as many numbers of each unit that was given a variant; nil unless
	// the design draws again until it is.
	Balance [][]float64
}

// Crossover is what happens to units that were exposed to more than one variant.
type Crossover string

const (
	CrossoverFirst Crossover = "first" // they count in the variant of their first exposure
	CrossoverDrop  Crossover = "drop"  // they are left out
)

// Table says where rows lie and what their columns mean. Names that do not apply are empty.
type Table struct {
	Name    string   // exposures, units, or the name of the source of events
	Dir     string   // where relative Files start
	Files   []string // paths or glob patterns (**, too), as written in the definition
	Unit    string   // columns; a key is a text or an integer in decimal, an empty key counts as null
	Variant string   // compared as printed by expr.Value.Plain
	Time    string
	// Cluster is a key like Unit. A query that is not clustered reads it in exposures and units only; there a row that exposes a unit and
	// has no cluster is a *DataError, and so is a unit exposed in two clusters.
	Cluster    string
	Attributes []string
	Location   *time.Location // of times without a zone; nil: UTC

	CompleteThrough *Instant // the table holds every row before it; nil: one microsecond after its latest time
}

// Value is one number a unit, computed from the rows that a condition selects: rows of the unit that satisfy Where, lie in the
// window and before as of. A NaN or infinite Column of such a row of an analysed unit is a *DataError. In a unit table every
// analysed row gives its value, and a null is a *DataError too.
type Value struct {
	Name   string     // unique among the values of a query; evidence carries it
	Table  string     // name of one of Query.Events; empty in a unit table
	Where  *expr.Node // bound to Bool; nil: every row
	Unless *expr.Node // bound to Bool; a unit with such a row in the window has the value zero, whatever Nulls says; nil: none
	Take   Take
	// Column is bound to Number, except for Distinct, where it has any type but Untyped. It is nil for Any and Count. A row where
	// it is null is skipped and counted in ValueEvidence.NullCells. In a unit table it is the value, and Take is empty.
	Column  *expr.Node
	AtLeast int     // for Any: how many rows it takes; 0 is 1
	Window  [2]Span // rows count when exposure + Window[0] <= time < exposure + Window[1]
	Nulls   Nulls   // what becomes of a unit without any row whose Column is not null
}

// Take is how a unit's rows become one number.
type Take string

const (
	Any      Take = "any"   // 1 when at least AtLeast rows match, else 0
	Count    Take = "count" // rows
	Sum      Take = "sum"
	Mean     Take = "mean"
	Max      Take = "max"
	Min      Take = "min"
	First    Take = "first"    // of the earliest row; at equal times the smaller value
	Last     Take = "last"     // of the latest row; at equal times the larger value
	Distinct Take = "distinct" // values of Column that differ by expr.Compare
	Rows     Take = "rows"     // no number a unit: each row's Column by itself; only for the part of a quantile block over rows
)

// Nulls is what becomes of a unit without a value.
type Nulls string

const (
	NullsZero  Nulls = "zero"
	NullsDrop  Nulls = "drop"  // the unit does not count in the blocks that hold the value
	NullsError Nulls = "error" // a *DataError, once the windows of a block that holds the value have closed for the unit
)

// Block is the group of values of one metric whose moments are taken together.
type Block struct {
	Metric     string
	Parts      []int // indexes into Query.Values: one, or numerator and denominator
	Covariates []int
	Binary     bool // the part must be 0 or 1 for every unit, else the block fails
	Cap        *Cap // of the first part
	Quantile   *Quantile
}

// Quantile asks for order statistics in place of moments. Its block has one part, no covariates and no cap, and is not binary.
// When the part's Take is Rows (in a unit table: always) every matching row of the block's units is a value, else every unit is.
//
// With Rows, Nulls does not apply: a unit without rows has no values and is a unit of the block all the same. Nor has a unit with a row
// that satisfies Unless any values.
type Quantile struct{ Q float64 }

// Cap limits the first part of a block to [Lower, Upper] after the unit's rows have been put together; Upper wins where they cross.
type Cap struct{ Lower, Upper *Limit }

// Limit is an absolute number, or a share of the positive values of the block's units, all variants together: the smallest
// positive value v such that at least Quantile of the positive values are <= v, float64(count) / float64(positive) >= Quantile.
// Without a positive value a share is no limit.
type Limit struct {
	Absolute *float64
	Quantile float64
}
