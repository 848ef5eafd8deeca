package fold

import "liftgate/datasets/internal/depot"

// Partitions is into how many parts the units are divided: by the first bits of their hash or their cluster's, a unit table without clusters
// by its rows. It is part of the canonical order.
const (
	PartitionBits = 6
	Partitions    = 1 << PartitionBits
)

// Members are the analysed units of one partition, those of a variant together and in the order of their hashes, in a unit table of
// their rows; in a clustered query those of a cluster together, too.
type Members struct {
	Bounds   []int32      // the units of variant v lie at Bounds[v] to Bounds[v+1]-1
	Clusters *Clusters    // nil unless the query is clustered
	Values   [][]float64  // by value of the query; nil for those that keep rows
	Absent   [][]bool     // by value: the unit has none; nil where all have one
	Rows     []Rows       // by value of the query, of those that keep rows
	Matched  [][]float64  // by table of events, the rows that matched
	First    []int64      // first exposure; nil in a unit table
	Latest   int64        // of First
	Crossed  []bool       // crossover units; nil without any
	Segments [][]uint32   // by segment of views: the label's code of each unit, or cluster
	Lines    []Timeline   // for views
	Room     *depot.Arena // of what grows with the units; nil: memory
	Scratch  *depot.Arena // of what is needed for one block
	Packed   Packed       // in place of Values, until units are looked at one by one; nil: there are Values
}

// Rows are the rows of a value one by one, each with its unit.
type Rows struct {
	Units  []int32
	Values []float64
}

// Release tells the system that the units are not needed for a while.
func (m *Members) Release() {
	m.Room.Release()
	m.Scratch.Release()
}

// variant lists the units of a variant.
func (m *Members) variant(v int) []Run { return []Run{{m.Bounds[v], m.Bounds[v+1]}} }

func (m *Members) size(variant int) int64 { return int64(m.Bounds[variant+1] - m.Bounds[variant]) }

// Run is a stretch of units, to exclusive.
type Run struct{ From, To int32 }

func count(runs []Run) (units int64) {
	for _, r := range runs {
		units += int64(r.To - r.From)
	}
	return units
}

// those cuts runs down to the units that keep lets pass.
func those(runs []Run, keep func(unit int32) bool) []Run {
	var out []Run
	for _, r := range runs {
		from := r.From
		for i := r.From; i < r.To; i++ {
			if keep(i) {
				continue
			}
			if from < i {
				out = append(out, Run{from, i})
			}
			from = i + 1
		}
		if from < r.To {
			out = append(out, Run{from, r.To})
		}
	}
	return out
}

// Packed is the numbers of the units of a partition, most of them zero, without a place for each.
type Packed interface {
	// Gather puts the columns of some values together, but for units all of whose numbers are zero. What the columns of one call held may
	// be gone with the next one.
	Gather(values []int, variants int) Gathered
	// Fill gives the columns of all values, with a place for each unit.
	Fill() [][]float64
}

// Gathered is the units that count, with the numbers of some values.
type Gathered struct {
	Columns  [][]float64 // by value
	Units    [][]Run     // that count, by variant
	Clusters *Clusters   // whose bounds are places in the columns; nil unless the query is clustered
	// Beside the units in the columns there are others, by variant or cluster, that all have this row; nil: none.
	Row    []float64
	Others []int64
}
