package columnar

import (
	"context"
	"errors"
	"fmt"

	"liftgate/datasets"
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
	"liftgate/datasets/internal/parallel"
)

// filed is an event log whose units do not fit into memory all at once. Each table is decoded once and its rows, as far as they count, go
// into a temporary file by partition; then some partitions at a time are read: once to find out who is analysed, and once more for the
// events. What is kept of a unit until the end lies in a depot.
type filed struct {
	*eventLog
	limit     int64 // bytes of the partitions at hand
	depot     *depot.Depot
	exposures *spooled
	events    []*spooled // by table
	units     [partitions]int64
	analysed  [partitions]int64
	days      *fold.Calendar
	done      [partitions]*fold.Members
	took      account
	rowShare  float64 // of what rows of events might take, that they do take
	warned    int64   // of so many bytes of one partition

	failed      applyError // the first row that cannot be taken in
	failedTable int        // of events; -1: exposures
}

// throughFiles answers as inMemory does, to the last bit.
func (l *eventLog) throughFiles(ctx context.Context) (ev *datasets.Evidence, err error) {
	l.begin()
	half := l.options.Memory.forUnits(l.options.Workers) / 2
	f := &filed{eventLog: l, limit: half, depot: depot.New(half, l.options.Memory.folder(), nil), events: make([]*spooled, len(l.plan.tables))}
	defer func() { err = errors.Join(err, f.close()) }()
	if err := f.enrolAll(ctx); err != nil {
		return nil, err
	}
	if err := f.takeAll(ctx); err != nil {
		return nil, err
	}
	ev, err = l.conclude(ctx, f.depot, func(i int) *fold.Members { return f.done[i] })
	f.took.inDepotMemory, f.took.inDepot = f.depot.Held()
	l.explain(&f.took)
	return ev, err
}

func (f *filed) close() error {
	err := errors.Join(f.depot.Close(), f.exposures.close())
	for _, s := range f.events {
		err = errors.Join(err, s.close())
	}
	return err
}

// enrolAll reads the exposures and finds out who is analysed.
func (f *filed) enrolAll(ctx context.Context) (err error) {
	e := f.enrolment
	if f.exposures, err = newSpooled(f.options.Memory.folder(), e.shape()); err != nil {
		return err
	}
	e.spool = f.exposures.add
	dropped, scanned := f.enrol(ctx, e, nil)
	f.took.exposures = f.exposures.bytes
	f.exposures.bounds = packetBounds{variants: len(f.query.Variants), found: len(f.query.Variants), codes: e.codes()}
	s := e.newSettling(dropped)
	for g := (stretch{}); g.to < partitions; {
		g = f.stretch(g.to, func(i int) int64 { return f.exposures.rows[i] * f.exposedBytes() })
		if err := f.enrolGroup(ctx, g, "who is analysed"); err != nil {
			return err
		}
		f.took.groups++
		f.took.noteFound(e.parts[g.from:g.to])
		for i := g.from; i < g.to; i++ {
			f.units[i] = int64(e.parts[i].exposed.count)
			s.settle(e.parts[i])
			f.analysed[i] = int64(e.parts[i].exposed.analysed())
			e.parts[i] = e.newPartition(f.plan)
		}
	}
	if f.failed.err != nil {
		return f.failed.err
	}
	if scanned != nil {
		return scanned
	}
	return s.finish(&f.evidence.Exposure)
}

// codes are how many each attribute has.
func (e *enrolment) codes() []int {
	out := make([]int, len(e.labels))
	for i, l := range e.labels {
		out[i] = len(l.texts)
	}
	return out
}

// stretch is partitions that are held side by side, to exclusive.
type stretch struct{ from, to int }

// stretch gives the partitions from one on that take about as much as they may together, given the bytes of each: one at least.
func (f *filed) stretch(from int, bytes func(int) int64) stretch {
	g := stretch{from, from + 1}
	for room := f.limit - bytes(from); g.to < partitions; g.to++ {
		if room -= bytes(g.to); room < 0 {
			break
		}
	}
	return g
}

// warnOfPart says that a single partition is too large, which nothing can be done about.
func (f *filed) warnOfPart(i int) {
	if need := f.groupBytes(i); need > max(f.limit, workerBytes) && need > f.warned {
		f.warned = need
		f.options.Memory.warn(fmt.Sprintf("one of %d parts of the units needs about %s, more than the %s that are left for it; going on", partitions, mega(need), mega(f.limit)))
	}
}

// enrolGroup takes the exposures of some partitions in.
func (f *filed) enrolGroup(ctx context.Context, g stretch, what string) error {
	err := f.replay(ctx, f.exposures, g, -1, f.enrolment.apply, what)
	f.enrolment.mergeAll(f.options.Workers, f.enrolment.parts[g.from:g.to])
	return err
}

// replay takes the packets of a file into some partitions. Of a row that cannot be taken in it takes a note: another group may have an
// earlier one, which is the one that has to be named.
func (f *filed) replay(ctx context.Context, s *spooled, g stretch, table int, apply application, what string) error {
	r := replay{spooled: s, workers: f.options.Workers, from: g.from, to: g.to, until: allPackets, apply: apply}
	if f.failed.err != nil {
		if table > f.failedTable {
			return nil
		}
		if table == f.failedTable {
			r.until = f.failed.turn + 1
		}
	}
	if f.options.Progress != nil {
		done := int64(0)
		r.progress = func(n int64) {
			done += n
			f.options.Progress(done, s.bytes, fmt.Sprintf("%s, parts %d to %d of %d", what, g.from+1, g.to, partitions))
		}
	}
	first, err := r.run(ctx)
	if first.err != nil && (f.failed.err == nil || table < f.failedTable || first.before(f.failed)) {
		f.failed, f.failedTable = first, table
	}
	return err
}

// takeAll reads the events and takes what units have at the end, partition by partition.
func (f *filed) takeAll(ctx context.Context) error {
	scanned := f.spoolEvents(ctx)
	if scanned != nil && !f.anyEvents() {
		return scanned
	}
	f.days = f.calendar()
	f.rowShare = 1
	for g := (stretch{}); g.to < partitions; {
		g = f.stretch(g.to, f.groupBytes)
		f.warnOfPart(g.from)
		if err := f.takeGroup(ctx, g); err != nil {
			return err
		}
	}
	if f.failed.err != nil {
		return f.failed.err
	}
	if scanned != nil {
		return scanned
	}
	for _, t := range f.plan.tables {
		if t != nil {
			f.enrolment.describe(t, f.evidence)
		}
	}
	return nil
}

func (f *filed) anyEvents() bool {
	for _, s := range f.events {
		if s != nil && s.bytes > 0 {
			return true
		}
	}
	return false
}

// spoolEvents reads the tables of events. Rows before one that cannot be read are kept: one of them may be at fault, too.
func (f *filed) spoolEvents(ctx context.Context) (err error) {
	for _, t := range f.plan.tables {
		if t == nil {
			continue
		}
		s, err := newSpooled(f.options.Memory.folder(), t.shape())
		if err != nil {
			return err
		}
		f.events[t.index] = s
		err = f.readEvents(ctx, t, func(sc *scan) { sc.spool = s.add })
		f.took.events += s.bytes
		if err != nil {
			return err
		}
	}
	return nil
}

// takeGroup takes exposures and events of some partitions in, and takes what their units have at the end.
func (f *filed) takeGroup(ctx context.Context, g stretch) error {
	e := f.enrolment
	if err := f.enrolGroup(ctx, g, "the exposures again"); err != nil {
		return err
	}
	again := e.newSettling(datasets.Dropped{}) // who is analysed is known: this is to mark who is not
	for i := g.from; i < g.to; i++ {
		again.settle(e.parts[i])
		if f.evidence.Exposure.First != nil {
			e.countHours(&f.evidence.Exposure, e.parts[i])
		}
		for _, t := range f.plan.tables {
			if t != nil {
				e.parts[i].tables[t.index] = newTableCounts(t, len(f.query.Variants))
			}
		}
	}
	f.each(g, func(i int) { e.arrangePart(i, nil) })
	for _, t := range f.plan.tables {
		if t == nil || f.events[t.index] == nil {
			continue
		}
		if err := f.replay(ctx, f.events[t.index], g, t.index, (&eventPass{e, t}).apply, t.spec.Name); err != nil {
			return err
		}
	}
	f.took.noteRead(e.parts[g.from:g.to])
	f.took.eventGroups++
	f.learn(g)
	if f.failed.err == nil {
		f.each(g, f.take)
	} else {
		for i := g.from; i < g.to; i++ {
			e.parts[i] = &partition{}
		}
	}
	return f.depot.Failed()
}

// learn finds out how much of what they might take rows do take: few of them satisfy every condition.
func (f *filed) learn(g stretch) {
	took, most := int64(0), int64(0)
	for i := g.from; i < g.to; i++ {
		took += f.enrolment.parts[i].rowBytes()
		most += f.mostRowBytes(i)
	}
	if most > 0 {
		f.rowShare = min(1, 1.25*float64(took)/float64(most))
	}
}

// each calls do for some partitions, side by side.
func (f *filed) each(g stretch, do func(partition int)) {
	parallel.Each(f.options.Workers, g.to-g.from, func(i int) { do(g.from + i) })
}

// take makes the members of a partition, and gives up what they came from.
func (f *filed) take(i int) {
	part := f.enrolment.parts[i]
	m := f.enrolment.members(part, f.plan.values, f.days, f.depot)
	f.done[i] = m
	f.enrolment.parts[i] = &partition{tables: part.tables}
	m.Release()
}
