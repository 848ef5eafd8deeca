package columnar

import (
	"context"
	"errors"
	"math"
	"sync/atomic"

	"liftgate/datasets"
)

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
		wants := []want{{spec.Time, asInstant}}
		if err := t.check(wants); err != nil {
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
		sc, err := s.newScan(unknown, wants)
		if err != nil {
			return err
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
