package columnar

import (
	"context"
	"errors"
	"fmt"

	"liftgate/datasets"
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
	"liftgate/datasets/tabular"
)

// eventLog is an event log while a query about it is answered.
type eventLog struct {
	*Source
	query     *datasets.Query
	plan      *plan
	through   []*datasets.Instant // by table of events
	asOf      datasets.Instant
	enrolment *enrolment
	evidence  *datasets.Evidence
}

func (s *Source) observeEvents(ctx context.Context, q *datasets.Query) (*datasets.Evidence, error) {
	p, err := newPlan(q)
	if err != nil {
		return nil, err
	}
	if s, err = s.withState(ctx, q, p); err != nil {
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
	l := &eventLog{Source: s, query: q, plan: p, through: through, asOf: asOf}
	ev, err := l.inMemory(ctx)
	if errors.Is(err, errMemory) {
		s.warnOfFiles("units and their rows")
		return l.throughFiles(ctx)
	}
	return ev, err
}

// begin forgets what was read.
func (l *eventLog) begin() {
	l.enrolment = newEnrolment(l.query, &l.asOf)
	l.enrolment.start(l.plan, l.options.Memory.forUnits(l.options.Workers))
	ev := &datasets.Evidence{Variants: l.query.Variants, AsOf: &l.asOf, Values: make([]datasets.ValueEvidence, len(l.query.Values))}
	for i, t := range l.query.Events {
		out := datasets.EventEvidence{Table: t.Name, Activity: make([]datasets.Activity, len(l.query.Variants))}
		if l.through[i] != nil {
			out.CompleteThrough = *l.through[i]
		}
		ev.Events = append(ev.Events, out)
	}
	l.evidence = ev
}

// inMemory holds all units in memory. It fails with errMemory when they take too much.
func (l *eventLog) inMemory(ctx context.Context) (*datasets.Evidence, error) {
	l.begin()
	e := l.enrolment
	e.gauge = l.gauge()
	dropped, err := l.enrol(ctx, e, e.apply)
	if err == nil {
		e.mergeAll(l.options.Workers, e.parts[:])
		err = e.settle(dropped, &l.evidence.Exposure)
	}
	if err == nil {
		err = l.fit(0)
	}
	if err != nil {
		return nil, err
	}
	var took account
	took.noteFound(e.parts[:])
	memory := depot.InMemory()
	e.arrange(l.options.Workers, memory)
	for _, t := range l.plan.tables {
		if t == nil {
			continue
		}
		for _, part := range e.parts {
			part.tables[t.index] = newTableCounts(t, len(l.query.Variants))
		}
		if err := l.readEvents(ctx, t, func(sc *scan) { sc.apply = (&eventPass{e, t}).apply }); err != nil {
			return nil, err
		}
		e.describe(t, l.evidence)
	}
	if err := l.fit(l.rowBytes()); err != nil {
		return nil, err
	}
	took.noteRead(e.parts[:])
	defer l.explain(&took)
	days := l.calendar()
	return l.conclude(ctx, memory, func(i int) *fold.Members { return e.members(e.parts[i], l.plan.values, days, memory) })
}

// readEvents makes the pass over a table of events and tells of rows that no partition sees.
func (l *eventLog) readEvents(ctx context.Context, p *tablePlan, into func(*scan)) error {
	ev := l.evidence
	from, to := int64(0), int64(0)
	if x := &ev.Exposure; x.First != nil {
		from, to = int64(*x.First)+p.min, min(int64(l.asOf), int64(*x.Last)+p.max)
	}
	return l.pass(ctx, p.spec, func(t *tabular.Table) error {
		sc, err := l.newScan(t, p.wants.List)
		if err != nil {
			return err
		}
		if p.min == 0 && t.Days(p.spec.Time) {
			ev.Warnings = append(ev.Warnings, fmt.Sprintf(
				"%s: column %q holds dates, so rows of the day of exposure come before it and are left out of windows that start at 0d", p.spec.Name, p.spec.Time))
		}
		var filters collected[*eventFilter]
		sc.pruning = &tabular.Pruning{Time: p.spec.Time, From: datasets.Instant(from), To: datasets.Instant(to), Conditions: p.conditions}
		sc.filter = func() filter { return filters.add(newEventFilter(p, from, to)) }
		sc.keep = l.keepEvents(p, from, to)
		into(sc)
		if err := sc.run(ctx, t); err != nil {
			return err
		}
		for _, f := range filters.list {
			ev.Events[p.index].NullTime += f.nullTime
			ev.Events[p.index].UnmatchedUnit += f.unmatched
		}
		return nil
	})
}

// conclude folds the units, which members gives by partition. They may lie in a depot.
func (l *eventLog) conclude(ctx context.Context, d *depot.Depot, members func(int) *fold.Members) (*datasets.Evidence, error) {
	in := l.foldInput(l.enrolment, d, members)
	for i := range l.plan.values {
		in.Lines = append(in.Lines, fold.Lines{Rows: l.plan.values[i].history, Spares: l.plan.values[i].spares})
	}
	if err := fold.Into(ctx, l.evidence, in); err != nil {
		return nil, err
	}
	return l.evidence, nil
}

// calendar is the days that units are followed over, once it is known who is analysed.
func (l *eventLog) calendar() *fold.Calendar {
	return fold.NewCalendar(l.query, &l.asOf, l.evidence.Exposure.First)
}

// describe adds up what the partitions counted of a table of events.
func (e *enrolment) describe(p *tablePlan, ev *datasets.Evidence) {
	out := &ev.Events[p.index]
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
