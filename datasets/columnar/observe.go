package columnar

import (
	"context"
	"errors"
	"sync"

	"liftgate/datasets"
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
	"liftgate/datasets/tabular"
)

// pass opens a table for one pass, and closes it again.
func (s *Source) pass(ctx context.Context, spec *datasets.Table, do func(*tabular.Table) error) (err error) {
	t, err := tabular.Open(ctx, spec)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	return do(t)
}

// newScan prepares a pass over an open table.
func (s *Source) newScan(t *tabular.Table, wants []tabular.Want) (*scan, error) {
	if err := t.Check(wants); err != nil {
		return nil, err
	}
	out := &scan{workers: s.options.Workers, wants: wants}
	if s.options.Progress != nil {
		var done, total int64
		for _, p := range t.Parts() {
			total += p.Bytes()
		}
		out.progress = func(n int64) {
			done += n
			s.options.Progress(done, total, t.Spec.Name)
		}
	}
	return out, nil
}

// enrol reads the exposures or the unit table, and tells what the filters dropped.
func (s *Source) enrol(ctx context.Context, e *enrolment, apply application) (d datasets.Dropped, err error) {
	err = s.pass(ctx, e.table, func(t *tabular.Table) error {
		var w tabular.Wanted
		columns := wantEnrolment(e.table, e.asOf != nil, &w)
		newCellReader(&e.cells, &w)
		e.eligible(&w)
		sc, err := s.newScan(t, w.List)
		if err != nil {
			return err
		}
		var filters collected[*enrolFilter]
		sc.filter = func() filter { return filters.add(e.newFilter(columns, &w)) }
		sc.keep = s.keepExposures(e, columns, &w)
		sc.apply, sc.spool = apply, e.spool
		if err := sc.run(ctx, t); err != nil {
			return err
		}
		for _, f := range filters.list {
			d.NullUnit += f.dropped.NullUnit
			d.IgnoredVariants += f.dropped.IgnoredVariants
			d.OutsideSchedule += f.dropped.OutsideSchedule
		}
		return nil
	})
	return d, err
}

// collected gathers what workers make.
type collected[T any] struct {
	mu   sync.Mutex
	list []T
}

func (c *collected[T]) add(x T) T {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, x)
	return x
}

func (s *Source) observeUnits(ctx context.Context, q *datasets.Query) (ev *datasets.Evidence, err error) {
	t := newUnitTable(q)
	m := &s.options.Memory
	t.depot = depot.New(m.forUnits(s.options.Workers), m.folder(), func() { s.warnOfFiles("units") })
	defer func() { err = errors.Join(err, t.depot.Close()) }()
	ev = &datasets.Evidence{Variants: q.Variants}
	if ev.Exposure, err = t.read(ctx, s); err != nil {
		return nil, err
	}
	for i := range q.Values {
		ev.Values = append(ev.Values, datasets.ValueEvidence{Name: q.Values[i].Name})
	}
	if err := fold.Into(ctx, ev, s.foldInput(t.enrolment, t.depot, t.members)); err != nil {
		return nil, err
	}
	t.explain(s)
	return ev, nil
}

// foldInput is what is folded of enrolled units, which members gives by partition. They may lie in a depot.
func (s *Source) foldInput(e *enrolment, d *depot.Depot, members func(int) *fold.Members) *fold.Input {
	in := &fold.Input{
		Query: e.query, AsOf: e.asOf, Workers: s.options.Workers, Members: members, Listed: e.assigned.cluster, Depot: d, Units: s.units,
	}
	for _, l := range e.labels {
		in.Labels = append(in.Labels, l.texts)
	}
	return in
}
