package columnar

import (
	"context"
	"sync"
	"sync/atomic"

	"liftgate/datasets"
	"liftgate/stats"
)

// fold turns members into moments: partition by partition, and within one variant by variant in the order of the units' hashes.
type fold struct {
	query     *datasets.Query
	asOf      *datasets.Instant // nil in a unit table
	workers   int
	parts     [partitions]*members
	crossover bool // a unit is a crossover unit
}

// newFold takes the members of every partition.
func newFold(e *enrolment, workers int, members func(partition int) *members) *fold {
	f := &fold{query: e.query, asOf: e.asOf, workers: workers}
	f.each(func(i int) { f.parts[i] = members(i) })
	for _, m := range f.parts {
		f.crossover = f.crossover || m.crossed != nil
	}
	return f
}

// each calls do for every partition, some of them side by side.
func (f *fold) each(do func(partition int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(f.workers, partitions) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < partitions; i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	group.Wait()
}

// perUnit is the moments of the rows of a table of events that matched each unit.
func (f *fold) perUnit(table int) []stats.Moments {
	return f.moments(func(i, v int) ([][]float64, []run) {
		m := f.parts[i]
		return m.matched[table : table+1], m.variant(v)
	})
}

// moments are those, by variant, of the columns and units that pick gives for a partition and a variant.
func (f *fold) moments(pick func(partition, variant int) ([][]float64, []run)) []stats.Moments {
	parts := make([][]tally, partitions)
	f.each(func(i int) {
		parts[i] = make([]tally, len(f.query.Variants))
		for v := range parts[i] {
			parts[i][v] = tallyOf(pick(i, v))
		}
	})
	return combine(parts, len(f.query.Variants))
}

// blocks measures the metrics one after the other.
func (f *fold) blocks(ctx context.Context) ([]datasets.BlockEvidence, error) {
	var out []datasets.BlockEvidence
	for i := range f.query.Blocks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b := newBlock(f, &f.query.Blocks[i])
		if err := b.gather(); err != nil {
			return nil, err
		}
		b.measure()
		out = append(out, b.out)
	}
	return out, nil
}
