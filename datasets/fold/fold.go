package fold

import (
	"context"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
	"liftgate/datasets/internal/parallel"
	"liftgate/stats"
)

// fold turns members into moments: partition by partition, and within one variant by variant in the order of the units' hashes, in a unit
// table of their rows.
type fold struct {
	query     *datasets.Query
	listed    func(found int32) datasets.Cluster
	asOf      *datasets.Instant // nil in a unit table
	workers   int
	parts     [Partitions]*Members
	lineOf    []Lines
	crossover bool         // a unit is a crossover unit
	units     *unitValues  // nil unless single units are asked for
	views     *views       // nil unless they are asked for
	depot     *depot.Depot // of what grows with units; nil: memory
	scratch   *depot.Arena // of the depot, for what one block needs and belongs to no partition
}

// newFold takes the members of every partition.
func newFold(in *Input) *fold {
	f := &fold{
		query: in.Query, listed: in.Listed, asOf: in.AsOf, workers: in.Workers, lineOf: in.Lines,
		units: newUnitValues(in.Units), depot: in.Depot, scratch: in.Depot.Arena(),
	}
	f.each(func(i int) { f.parts[i] = in.Members(i) })
	for _, m := range f.parts {
		f.crossover = f.crossover || m.Crossed != nil
	}
	return f
}

// clusters lists the analysed clusters by variant, partition by partition; nil unless the query is clustered.
func (f *fold) clusters() []datasets.Cluster {
	if !f.query.Clustered {
		return nil
	}
	out := []datasets.Cluster{}
	for v := range f.query.Variants {
		for _, m := range f.parts {
			for at, units := range m.Clusters.each(v, m.variant(v)) {
				c := f.listed(m.Clusters.Found[at])
				c.Variant, c.Crossover, c.Units = v, m.Crossed != nil && m.Crossed[units[0].From], count(units)
				out = append(out, c)
			}
		}
	}
	return out
}

// each calls do for every partition, some of them side by side.
func (f *fold) each(do func(partition int)) { f.eachBy(func(_, i int) { do(i) }) }

// eachBy is each, and tells which worker it is.
func (f *fold) eachBy(do func(worker, partition int)) {
	parallel.EachBy(f.workers, Partitions, func(worker, i int) {
		do(worker, i)
		f.parts[i].Release()
		if f.parts[i].Packed != nil {
			f.depot.Release() // sheets belong to no partition
		}
	})
}

// perUnit is the moments of the rows of a table of events that matched each unit, in a clustered query each cluster.
func (f *fold) perUnit(table int) []stats.Moments {
	return f.moments(func(i, v int) tally {
		m := f.parts[i]
		columns, units := m.Matched[table:table+1], m.variant(v)
		if m.Clusters != nil {
			columns, units = m.Clusters.sums(columns, v, units, nil, nil)
		}
		return tallyOf(columns, units, nil, 0)
	})
}

// moments are those, by variant, of what of tells of a partition and a variant.
func (f *fold) moments(of func(partition, variant int) tally) []stats.Moments {
	parts := make([][]tally, Partitions)
	f.each(func(i int) {
		parts[i] = make([]tally, len(f.query.Variants))
		for v := range parts[i] {
			parts[i][v] = of(i, v)
		}
	})
	return combine(parts, len(f.query.Variants))
}

// blocks measures the metrics one after the other.
func (f *fold) blocks(ctx context.Context) ([]datasets.BlockEvidence, error) {
	var out []datasets.BlockEvidence
	f.units.begin(f)
	for i := range f.query.Blocks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		before := f.mark()
		b := newBlock(f, &f.query.Blocks[i])
		if err := b.gather(); err != nil {
			return nil, err
		}
		b.measure()
		f.units.add(b)
		if err := f.views.add(b); err != nil {
			return nil, err
		}
		out = append(out, b.out)
		if err := f.reset(before); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// foldMarks are the marks of all arenas of a fold.
type foldMarks [Partitions + 1]depot.Mark

func (f *fold) mark() (m foldMarks) {
	for i, p := range f.parts {
		m[i] = p.Scratch.Mark()
	}
	m[Partitions] = f.scratch.Mark()
	return m
}

// reset takes back what was handed out since the marks, and tells whether the depot has failed.
func (f *fold) reset(m foldMarks) error {
	for i, p := range f.parts {
		p.Scratch.Reset(m[i])
	}
	f.scratch.Reset(m[Partitions])
	return f.depot.Failed()
}
