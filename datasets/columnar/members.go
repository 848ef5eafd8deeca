package columnar

import "liftgate/datasets/internal/depot"

// members are the analysed units of one partition, those of a variant together and in the order of their hashes, in a unit table of
// their rows; in a clustered query those of a cluster together, too.
type members struct {
	bounds   []int32      // the units of variant v lie at bounds[v] to bounds[v+1]-1
	clusters *clusters    // nil unless the query is clustered
	values   [][]float64  // by value of the query; nil for those that keep rows
	absent   [][]bool     // by value: the unit has none; nil where all have one
	rows     []unitRows   // by value of the query, of those that keep rows
	matched  [][]float64  // by table of events, the rows that matched
	first    []int64      // first exposure; nil in a unit table
	latest   int64        // of first
	crossed  []bool       // crossover units; nil without any
	segments [][]uint32   // by segment of views: the label's code of each unit, or cluster
	lines    []timeline   // for views
	room     *depot.Arena // of what grows with the units; nil: memory
	scratch  *depot.Arena // of what is needed for one block
	sheets   packed       // of a unit table, which has values only where units are looked at one by one
}

// unitRows are the rows of a value one by one, each with its unit.
type unitRows struct {
	units  []int32
	values []float64
}

// release tells the system that the units are not needed for a while.
func (m *members) release() {
	m.room.Release()
	m.scratch.Release()
}

// variant lists the units of a variant.
func (m *members) variant(v int) []run { return []run{{m.bounds[v], m.bounds[v+1]}} }

func (m *members) size(variant int) int64 { return int64(m.bounds[variant+1] - m.bounds[variant]) }

// run is a stretch of units, to exclusive.
type run struct{ from, to int32 }

func count(runs []run) (units int64) {
	for _, r := range runs {
		units += int64(r.to - r.from)
	}
	return units
}

// those cuts runs down to the units that keep lets pass.
func those(runs []run, keep func(unit int32) bool) []run {
	var out []run
	for _, r := range runs {
		from := r.from
		for i := r.from; i < r.to; i++ {
			if keep(i) {
				continue
			}
			if from < i {
				out = append(out, run{from, i})
			}
			from = i + 1
		}
		if from < r.to {
			out = append(out, run{from, r.to})
		}
	}
	return out
}

// packed is the units of a partition of which not every number has a place of its own.
type packed interface {
	// gather puts the columns of some values together, but for units all of whose numbers are zero. What the columns of one call held may
	// be gone with the next one.
	gather(values []int, variants int) gatheredBlock
	// fill gives the columns of all values, with a place for each unit.
	fill() [][]float64
}

// gatheredBlock is the units that count, with the numbers of some values.
type gatheredBlock struct {
	columns  [][]float64 // by value
	units    [][]run     // that count, by variant
	clusters *clusters   // whose bounds are places in the columns; nil unless the query is clustered
	// Beside the units in the columns there are others, by variant or cluster, that all have this row; nil: none.
	row    []float64
	others []int64
}
