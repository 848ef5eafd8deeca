package columnar

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"liftgate/datasets"
)

// pass opens a table for one pass, and closes it again.
func (s *Source) pass(ctx context.Context, spec *datasets.Table, do func(*table) error) (err error) {
	t, err := openTable(ctx, spec)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	return do(t)
}

// newScan prepares a pass over an open table.
func (s *Source) newScan(t *table, wants []want) (*scan, error) {
	if err := t.check(wants); err != nil {
		return nil, err
	}
	out := &scan{workers: s.options.Workers, wants: wants}
	if s.options.Progress != nil {
		var done, total int64
		for _, src := range t.sources {
			for _, p := range src.file.parts() {
				total += p.bytes()
			}
		}
		out.progress = func(n int64) {
			done += n
			s.options.Progress(done, total, t.spec.Name)
		}
	}
	return out, nil
}

// enrol reads the exposures or the unit table, and tells what the filters dropped.
func (s *Source) enrol(ctx context.Context, e *enrolment, apply func(int, *packet, []int32) error) (d datasets.Dropped, err error) {
	err = s.pass(ctx, e.table, func(t *table) error {
		var w wanted
		columns := wantEnrolment(e.table, e.asOf != nil, &w)
		newCellReader(&e.cells, &w)
		e.eligible(&w)
		sc, err := s.newScan(t, w.list)
		if err != nil {
			return err
		}
		var filters collected[*enrolFilter]
		sc.filter = func() filter { return filters.add(e.newFilter(columns, &w)) }
		sc.apply = apply
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

func (s *Source) observeUnits(ctx context.Context, q *datasets.Query) (*datasets.Evidence, error) {
	t := newUnitTable(q)
	ev := &datasets.Evidence{Variants: q.Variants}
	var err error
	if ev.Exposure, err = t.read(ctx, s); err != nil {
		return nil, err
	}
	for i := range q.Values {
		ev.Values = append(ev.Values, datasets.ValueEvidence{Name: q.Values[i].Name})
	}
	dense := s.units != nil || q.Views != nil
	f := newFold(t.enrolment, s.options.Workers, func(i int) *members { return t.members(i, dense) })
	f.units = s.units
	ev.Exposure.Clusters = f.clusters()
	f.views = newViews(f, t.enrolment, nil, &ev.Exposure)
	if ev.Blocks, err = f.blocks(ctx); err != nil {
		return nil, err
	}
	ev.Views = f.views.evidence()
	return ev, nil
}

func (s *Source) observeEvents(ctx context.Context, q *datasets.Query) (*datasets.Evidence, error) {
	p, err := newPlan(q)
	if err != nil {
		return nil, err
	}
	through, err := s.completeThrough(ctx, q)
	if err != nil {
		return nil, err
	}
	asOf, err := s.asOf(ctx, q, through)
	if err != nil {
		return nil, err
	}
	e := newEnrolment(q, &asOf)
	e.start(p)
	ev := &datasets.Evidence{Variants: q.Variants, AsOf: &asOf, Values: make([]datasets.ValueEvidence, len(q.Values))}
	dropped, err := s.enrol(ctx, e, e.apply)
	if err == nil {
		err = e.settle(dropped, &ev.Exposure)
	}
	if err != nil {
		return nil, err
	}
	e.arrange(s.options.Workers)
	for i, t := range p.tables {
		out := datasets.EventEvidence{Table: q.Events[i].Name, Activity: make([]datasets.Activity, len(q.Variants))}
		if through[i] != nil {
			out.CompleteThrough = *through[i]
		}
		if t != nil {
			if err := s.readEvents(ctx, e, t, ev, &out); err != nil {
				return nil, err
			}
		}
		ev.Events = append(ev.Events, out)
	}
	f := newFold(e, s.options.Workers, func(i int) *members { return e.members(e.parts[i], p.values) })
	f.units = s.units
	ev.Exposure.Clusters = f.clusters()
	for i := range ev.Events {
		ev.Events[i].PerUnit = f.perUnit(i)
	}
	f.views = newViews(f, e, p, &ev.Exposure)
	if ev.Blocks, err = f.blocks(ctx); err != nil {
		return nil, err
	}
	ev.Views = f.views.evidence()
	return ev, nil
}

// readEvents makes the pass over a table of events and describes what it saw.
func (s *Source) readEvents(ctx context.Context, e *enrolment, p *tablePlan, ev *datasets.Evidence, out *datasets.EventEvidence) error {
	for _, part := range e.parts {
		part.tables[p.index] = newTableCounts(p, len(ev.Variants))
	}
	from, to := int64(0), int64(0)
	if x := ev.Exposure; x.First != nil {
		from, to = int64(*x.First)+p.min, min(int64(*ev.AsOf), int64(*x.Last)+p.max)
	}
	return s.pass(ctx, p.spec, func(t *table) error {
		sc, err := s.newScan(t, p.wants.list)
		if err != nil {
			return err
		}
		if p.min == 0 && t.days(p.spec.Time) {
			ev.Warnings = append(ev.Warnings, fmt.Sprintf(
				"%s: column %q holds dates, so rows of the day of exposure come before it and are left out of windows that start at 0d", p.spec.Name, p.spec.Time))
		}
		var filters collected[*eventFilter]
		sc.pruning = &pruning{p.spec.Time, datasets.Instant(from), datasets.Instant(to), p.conditions}
		sc.filter = func() filter { return filters.add(newEventFilter(p, from, to)) }
		sc.apply = (&eventPass{e, p}).apply
		if err := sc.run(ctx, t); err != nil {
			return err
		}
		for _, f := range filters.list {
			out.NullTime += f.nullTime
			out.UnmatchedUnit += f.unmatched
		}
		e.describe(p, ev, out)
		return nil
	})
}

// describe adds up what the partitions counted of a table of events.
func (e *enrolment) describe(p *tablePlan, ev *datasets.Evidence, out *datasets.EventEvidence) {
	all := newTableCounts(p, len(ev.Variants))
	for _, part := range e.parts {
		c := &part.tables[p.index]
		out.Matched += c.matched
		out.UnmatchedUnit += c.unmatched
		out.OutsideWindow += c.outside
		for v := range c.activity {
			all.activity[v].merge(&c.activity[v])
		}
		for r := range c.rules {
			all.rules[r].nullCells += c.rules[r].nullCells
			for v := range c.rules[r].activity {
				all.rules[r].activity[v].merge(&c.rules[r].activity[v])
			}
		}
	}
	for v := range all.activity {
		out.Activity[v] = all.activity[v].evidence()
	}
	for r, rule := range p.rules {
		for _, i := range rule.values {
			value := datasets.ValueEvidence{Name: e.query.Values[i].Name, NullCells: all.rules[r].nullCells}
			for v := range all.rules[r].activity {
				value.Activity = append(value.Activity, all.rules[r].activity[v].evidence())
			}
			ev.Values[i] = value
		}
	}
}
