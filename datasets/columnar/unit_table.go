package columnar

import (
	"context"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
)

// unitTable is the pass over a unit table. Its rows are kept as they come, column by column; see sheet.
type unitTable struct {
	*enrolment
	values   []int // of the query: columns of the cell plan
	segments []int // attributes whose codes are kept, unit by unit
	records  [partitions]*units
	depot    *depot.Depot    // of what grows with units
	indexes  []*clusterIndex // of the workers
	sheets   []*sheet
}

func newUnitTable(q *datasets.Query) *unitTable {
	t := &unitTable{enrolment: newEnrolment(q, nil)}
	for i := range q.Values {
		t.values = append(t.values, t.cells.add(q.Values[i].Column, false))
	}
	t.cells.lay(0)
	if q.Views != nil && !q.Clustered {
		t.segments = q.Views.Segments
	}
	if q.Clustered {
		t.randomised = clusterLayout(len(t.labels))
		t.forget()
	}
	return t
}

// forget empties the records of clusters.
func (t *unitTable) forget() {
	for i := range t.records {
		t.records[i] = newUnits(t.randomised.stride)
	}
}

// read takes in the table and tells what was dropped.
func (t *unitTable) read(ctx context.Context, s *Source) (x datasets.Exposure, err error) {
	parts, readers, err := s.scanUnits(ctx, t, nil)
	if failed := t.depot.Failed(); failed != nil {
		return x, failed
	}
	if err == nil {
		err = t.gatherClusters(readers)
	}
	if err != nil && ctx.Err() == nil {
		err = s.explain(ctx, t, err)
	}
	if err != nil {
		return x, err
	}
	for _, p := range parts {
		t.sheets = append(t.sheets, p.sheets...)
	}
	if !t.query.Clustered {
		t.sheets = aligned(t.sheets, t.depot.Arena())
	}
	seen := make([]*keyShares, len(readers))
	for i, r := range readers {
		seen[i], r.seen = r.seen, nil
	}
	x = t.settle(readers)
	return x, s.listedTwice(ctx, t, allRepeated(seen, s.options.Workers))
}

// gatherClusters puts together what the workers know of clusters.
func (t *unitTable) gatherClusters(readers []*tableReader) error {
	for _, r := range readers {
		if r.index == nil {
			continue
		}
		p := r.index.packet()
		for i := range p.keys {
			at, _, err := t.cluster(p, int32(i))
			if err != nil {
				return err
			}
			r.index.records = append(r.index.records, at)
		}
		r.index.deal()
		t.indexes = append(t.indexes, r.index)
	}
	return nil
}

// cluster takes in a row of a cluster.
func (t *unitTable) cluster(p *packet, row int32) (at int32, forced bool, err error) {
	clusters := t.records[p.cluster[row].partition()]
	if known := clusters.find(p.cluster[row]); known >= 0 && uint16(clusters.record(int(known))[wordState]) != p.variant[row] {
		return 0, false, &rowError{row, p.fail(row, t.table.Variant, "a cluster is listed with two variants")}
	}
	i := t.applyCluster(clusters, p, row)
	return int32(i), clusters.record(i)[wordState]&flagForced != 0, nil
}

// explain looks for the first row that is no unit, row by row, and gives the error found meanwhile when there is none.
func (s *Source) explain(ctx context.Context, t *unitTable, found error) error {
	if t.query.Clustered {
		t.forget()
	}
	_, err := s.enrol(ctx, t.enrolment, func(_ int, p *packet, from, to int32) error {
		for row := from; row < to; row++ {
			if err := t.check(p, row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return found
}

// check makes sure that a row is one of an analysed unit, all of whose cells are numbers, or of a forced one.
func (t *unitTable) check(p *packet, row int32) error {
	forced := t.forced[p.keys[row]]
	if t.query.Clustered {
		var err error
		if _, forced, err = t.cluster(p, row); err != nil {
			return err
		}
	}
	marks := p.marks[int(row)*t.cells.words:][:t.cells.words]
	if forced || !slices.ContainsFunc(marks, func(w uint64) bool { return w != 0 }) {
		return nil
	}
	for _, c := range t.cells.columns {
		switch {
		case hasBit(marks, c.null):
			return &rowError{row, p.fail(row, c.name(), "a unit without a value")}
		case hasBit(marks, c.bad):
			return &rowError{row, p.fail(row, c.name(), "a value that is not a finite number")}
		}
	}
	return nil
}

// settle describes the units.
func (t *unitTable) settle(readers []*tableReader) datasets.Exposure {
	variants := len(t.query.Variants)
	x := datasets.Exposure{Units: make([]int64, variants), Crossover: make([]int64, variants)}
	counts := t.labelCounts()
	for _, r := range readers {
		x.Dropped.NullUnit += r.dropped.NullUnit
		x.Dropped.IgnoredVariants += r.dropped.IgnoredVariants
		x.Dropped.Forced += r.dropped.Forced
		x.Recomputed.Compared += r.recomputed.Compared
		x.Recomputed.Moved += r.recomputed.Moved
		x.Recomputed.Excluded += r.recomputed.Excluded
		for a := range counts {
			for v := range counts[a] {
				for code, n := range r.counts[a][v] {
					counts[a][v][code] += n
				}
			}
		}
	}
	if t.query.Clustered {
		for _, records := range t.records {
			t.settleRecords(&records.records, counts, &x, &span{})
		}
	} else {
		for _, s := range t.sheets {
			for v, n := range s.units {
				x.Units[v] += int64(n)
			}
		}
	}
	t.settleAttributes(counts, &x)
	x.Unexposed = t.unexposed()
	return x
}
