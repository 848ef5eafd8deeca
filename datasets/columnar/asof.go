package columnar

import (
	"context"
	"errors"
	"math"
	"sync/atomic"

	"liftgate/datasets"
	states "liftgate/datasets/state"
	"liftgate/datasets/tabular"
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
	err = s.pass(ctx, spec, func(t *tabular.Table) error {
		wants := []tabular.Want{{Name: spec.Time, As: tabular.AsInstant}}
		if err := t.Check(wants); err != nil {
			return err
		}
		latest := int64(math.MinInt64)
		found := map[string]*atomic.Int64{}
		unknown := t.Only(func(path string) bool {
			at, any, known := s.knownLatest(t, path)
			if !known {
				found[path] = &atomic.Int64{}
				found[path].Store(math.MinInt64)
			} else if any {
				latest = max(latest, int64(at))
			}
			return !known
		})
		sc, err := s.newScan(unknown, wants)
		if err != nil {
			return err
		}
		sc.filter = func() filter { return &latestFilter{found} }
		if err := sc.run(ctx, unknown); err != nil {
			return err
		}
		for path, at := range found {
			latest = max(latest, at.Load())
			s.keepLatest(spec, path, at.Load())
		}
		if latest > math.MinInt64 {
			after := datasets.Instant(latest).Add(1)
			through = &after
		}
		return nil
	})
	return through, err
}

// knownLatest is the latest time in a file, from its statistics or, when it was read before, from the state.
func (s *Source) knownLatest(t *tabular.Table, path string) (at datasets.Instant, any, known bool) {
	kept := s.kept[t.Spec]
	if at, any, known = t.Latest(path, t.Spec.Time); known || kept == nil {
		return at, any, known
	}
	latest, known := kept.Latest(path)
	return datasets.Instant(latest.At), latest.Any, known
}

// keepLatest keeps what a pass over a file has found.
func (s *Source) keepLatest(spec *datasets.Table, path string, at int64) {
	if kept := s.kept[spec]; kept != nil {
		kept.SetLatest(path, states.Latest{At: at, Any: at > math.MinInt64})
	}
}

func raise(latest *atomic.Int64, at int64) {
	for have := latest.Load(); at > have && !latest.CompareAndSwap(have, at); have = latest.Load() {
	}
}

// latestFilter looks at times and lets nothing pass.
type latestFilter struct{ latest map[string]*atomic.Int64 } // by path

func (f *latestFilter) newPacket() *packet { return &packet{} }

func (f *latestFilter) take(b *tabular.Batch, from, to int, out *packet) error {
	times, err := b.Column(0)
	if err != nil {
		return err
	}
	most := int64(math.MinInt64)
	for row := from; row < to; row++ {
		if !times.Null(row) {
			most = max(most, times.Ints[row])
		}
	}
	raise(f.latest[out.origin.path], most)
	return nil
}
