package columnar

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"liftgate/datasets"
)

// Options are how a source works; the zero value is fine. No option changes what it answers.
type Options struct {
	Workers int // that decode side by side; 0: GOMAXPROCS
	// Progress is told how far a pass over a table is, in bytes of its files; calls do not overlap. Nil: nobody.
	Progress func(done, total int64, what string)
}

// Source reads the files of tables. It is safe for concurrent use.
type Source struct {
	options Options
}

var _ datasets.Source = (*Source)(nil)

// New returns a source.
func New(o Options) *Source {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return &Source{o}
}

// Files lists the files of a table in the order in which they are read: as named by the table's patterns, joined with Table.Dir.
// It fails with *datasets.NoFilesError.
func (s *Source) Files(ctx context.Context, t *datasets.Table) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return resolve(t)
}

// Schema lists the columns of all files, in the order in which they are first named. A column whose type is not supported is
// Untyped.
func (s *Source) Schema(ctx context.Context, spec *datasets.Table) (columns []datasets.Column, err error) {
	t, err := openTable(ctx, spec)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	return t.columns(), nil
}

// Observe answers a query; see datasets.Source.
func (s *Source) Observe(ctx context.Context, q *datasets.Query) (*datasets.Evidence, error) {
	if q.Units != nil {
		return s.observeUnits(ctx, q)
	}
	return s.observeEvents(ctx, q)
}

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

// enrol reads the exposures or the unit table.
func (s *Source) enrol(ctx context.Context, e *enrolment, t *table) (*datasets.Exposure, error) {
	var w wanted
	columns := wantEnrolment(e.table, e.asOf != nil, &w)
	newCellReader(&e.cells, &w)
	sc, err := s.newScan(t, w.list)
	if err != nil {
		return nil, err
	}
	var filters collected[*enrolFilter]
	sc.filter = func() filter { return filters.add(e.newFilter(columns, &w)) }
	sc.apply = e.apply
	if err := sc.run(ctx, t); err != nil {
		return nil, err
	}
	var d datasets.Dropped
	for _, f := range filters.list {
		d.NullUnit += f.dropped.NullUnit
		d.IgnoredVariants += f.dropped.IgnoredVariants
		d.OutsideSchedule += f.dropped.OutsideSchedule
	}
	return e.settle(d)
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
	e := newEnrolment(q, nil)
	values := make([]valuePlan, len(q.Values))
	for i := range q.Values {
		v := &q.Values[i]
		values[i] = valuePlan{value: v, count: -1, unless: -1, main: e.cells.columns[e.cells.add(v.Column, false)].slot}
	}
	e.cells.lay(0)
	e.start(newLayout(q.Units.Cluster != "", len(q.Units.Attributes), 0, 0, e.cells.numbers))
	for i := range values {
		values[i].main += e.layout.values
	}
	ev := &datasets.Evidence{Variants: q.Variants}
	err := s.pass(ctx, q.Units, func(t *table) error {
		x, err := s.enrol(ctx, e, t)
		if err == nil {
			ev.Exposure = *x
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range q.Values {
		ev.Values = append(ev.Values, datasets.ValueEvidence{Name: q.Values[i].Name})
	}
	f := newFold(e, values, s.options.Workers)
	ev.Blocks, err = f.blocks(ctx)
	return ev, err
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
	e.start(p.layout)
	ev := &datasets.Evidence{Variants: q.Variants, AsOf: &asOf}
	err = s.pass(ctx, q.Exposures, func(t *table) error {
		x, err := s.enrol(ctx, e, t)
		if err == nil {
			ev.Exposure = *x
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, part := range e.parts {
		part.tables = make([]tableCounts, len(q.Events))
	}
	ev.Values = make([]datasets.ValueEvidence, len(q.Values))
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
	f := newFold(e, p.values, s.options.Workers)
	for i := range ev.Events {
		ev.Events[i].PerUnit = f.perUnit(i)
	}
	ev.Blocks, err = f.blocks(ctx)
	return ev, err
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

// asOf is the exclusive cut on every table; see Query.AsOf.
func (s *Source) asOf(ctx context.Context, q *datasets.Query, through []*datasets.Instant) (datasets.Instant, error) {
	if q.AsOf != nil {
		return *q.AsOf, nil
	}
	earliest := datasets.Instant(math.MaxInt64)
	for i, t := range q.Events {
		used := false
		for _, v := range q.Values {
			used = used || v.Table == t.Name
		}
		if used && through[i] != nil {
			earliest = min(earliest, *through[i])
		}
	}
	if earliest < math.MaxInt64 {
		return earliest, nil
	}
	own, err := s.latestOf(ctx, q.Exposures)
	if err != nil {
		return 0, err
	}
	if own == nil {
		return 0, &datasets.DataError{File: q.Exposures.Name, Err: errors.New("no table holds a time to take as_of from")}
	}
	return *own, nil
}

// completeThrough is known for the tables of events that declare it or hold a time.
func (s *Source) completeThrough(ctx context.Context, q *datasets.Query) ([]*datasets.Instant, error) {
	through := make([]*datasets.Instant, len(q.Events))
	for i, spec := range q.Events {
		at, err := s.latestOf(ctx, spec)
		if err != nil {
			return nil, err
		}
		through[i] = at
	}
	return through, nil
}

// latestOf is what a table declares, or one microsecond after its latest time: from statistics where they tell, else by a pass
// over the times.
func (s *Source) latestOf(ctx context.Context, spec *datasets.Table) (through *datasets.Instant, err error) {
	if spec.CompleteThrough != nil {
		return spec.CompleteThrough, nil
	}
	err = s.pass(ctx, spec, func(t *table) error {
		var w wanted
		w.add(spec.Time, asInstant)
		sc, err := s.newScan(t, w.list)
		if err != nil {
			return err
		}
		var latest atomic.Int64
		latest.Store(math.MinInt64)
		unknown := &table{spec: spec}
		for _, src := range t.sources {
			at, found, known := src.file.latest(spec.Time)
			if !known {
				unknown.sources = append(unknown.sources, src)
			} else if found {
				raise(&latest, int64(at))
			}
		}
		sc.filter = func() filter { return &latestFilter{&latest} }
		if err := sc.run(ctx, unknown); err != nil {
			return err
		}
		if at := latest.Load(); at > math.MinInt64 {
			after := datasets.Instant(at).Add(1)
			through = &after
		}
		return nil
	})
	return through, err
}

func raise(latest *atomic.Int64, at int64) {
	for have := latest.Load(); at > have && !latest.CompareAndSwap(have, at); have = latest.Load() {
	}
}

// latestFilter looks at times and lets nothing pass.
type latestFilter struct{ latest *atomic.Int64 }

func (f *latestFilter) newPacket() *packet { return &packet{} }

func (f *latestFilter) take(b *batch, from, to int, _ *packet) error {
	times, err := b.column(0)
	if err != nil {
		return err
	}
	most := int64(math.MinInt64)
	for row := from; row < to; row++ {
		if !times.null(row) {
			most = max(most, times.ints[row])
		}
	}
	raise(f.latest, most)
	return nil
}
