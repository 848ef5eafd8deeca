package datasets

import "context"

// UnitSource is a Source that also gives what single units add to an answer. It is asked by a calibration, which deals the units out
// to the variants again and again; a source that cannot keep them need not have it. It may be called concurrently.
type UnitSource interface {
	Source
	// Units answers a query as Observe does, and gives the units beside. It fails as Observe does.
	Units(ctx context.Context, q *Query) (*UnitValues, error)
}

// UnitValues are the analysed units without their keys, in an order that depends on keys and variants alone. They take 4 bytes a unit
// and 8 for each of its numbers.
type UnitValues struct {
	Evidence *Evidence    // the answer to the query
	Variants []int32      // by unit
	Clusters []int32      // by unit, of Exposure.Clusters, whose units lie together; nil unless the query is clustered
	Blocks   []BlockUnits // one for each of Query.Blocks, in its order; the zero value for a block that failed
}

// BlockUnits are the units of a block. Moments over the units of a variant, or of a cluster, are those of BlockEvidence.Total and
// BlockEvidence.Clusters.Total up to rounding.
type BlockUnits struct {
	Absent  []bool      // by unit: it is not one of the block's; nil when all are
	Columns [][]float64 // by component and unit, capped where the block has a cap; 0 where absent. Nil where Rows are the values
	// Rows are the matching rows of a quantile block that takes rows one by one, in any order, each with its unit.
	Rows     []float64
	RowUnits []int32
}

// Has reports whether a unit is one of the block's.
func (b *BlockUnits) Has(unit int) bool { return b.Absent == nil || !b.Absent[unit] }
