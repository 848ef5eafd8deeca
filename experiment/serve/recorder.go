package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"liftgate/datasets"
	"liftgate/datasets/exposurelog"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// recorder logs the exposures of one experiment.
type recorder struct {
	log     *exposurelog.Log
	dir     string
	columns exposurelog.Columns

	logged, repeated, refused prometheus.Counter
}

// columnsOf gives the columns of a definition's exposures; ok is false where it has no table of them. An attribute has the type that
// the condition compares it as, so that the log can be asked the same again; others are texts.
func columnsOf(d *experiment.Definition, reads []expr.Used) (c exposurelog.Columns, ok bool) {
	e := d.Data.Exposures
	if e == nil {
		return c, false
	}
	c = exposurelog.Columns{Unit: e.Unit, Variant: e.Variant, Time: e.Time, Cluster: e.Cluster}
	for _, name := range e.Attributes {
		c.Attributes = append(c.Attributes, exposurelog.Attribute{Name: name, Type: typeOf(name, reads)})
	}
	return c, true
}

// typeOf is the type that a condition compares an attribute as; the text's where it compares none or as several.
func typeOf(name string, reads []expr.Used) expr.Type {
	found := expr.Untyped
	for _, used := range reads {
		switch {
		case used.Name != name || used.Type == expr.Untyped:
		case found != expr.Untyped:
			return expr.Text
		default:
			found = used.Type
		}
	}
	if found == expr.Untyped {
		return expr.Text
	}
	return found
}

func sameColumns(a, b exposurelog.Columns) bool {
	return a.Unit == b.Unit && a.Variant == b.Variant && a.Time == b.Time && a.Cluster == b.Cluster && slices.Equal(a.Attributes, b.Attributes)
}

// recorders are the open logs, by experiment.
type recorders struct {
	dir     string // empty: nothing is logged
	sync    time.Duration
	memory  *exposurelog.Memory
	limit   int           // of what is remembered
	wait    time.Duration // for a log's disk, before it is closed
	metrics *metrics
	open    map[string]*recorder
	lost    []error // what closing a log to go on with other columns has cost
}

// of gives the recorder of a flag, nil where nothing is logged. A log whose columns have changed is closed and goes on in a new file; from
// then until the new flags are published its flag is answered with 503: some milliseconds, as files with other columns are not read. A
// log that cannot be written now is not closed, and its flag keeps the columns that it had.
func (rs *recorders) of(f *flag) (*recorder, error) {
	if rs.dir == "" || !f.logged {
		return nil, nil
	}
	r := rs.open[f.name]
	if r != nil && sameColumns(r.columns, f.columns) {
		return r, nil
	}
	if r != nil {
		if err := rs.flush(r); err != nil {
			return nil, fmt.Errorf("the columns of the exposure log of %s have changed, and what it holds cannot be written now: %w", f.name, err)
		}
		delete(rs.open, f.name)
		if err := r.log.Close(); err != nil {
			rs.lost = append(rs.lost, fmt.Errorf("the exposure log of %s: %w", f.name, err))
		}
	}
	dir := filepath.Join(rs.dir, f.name)
	log, err := exposurelog.Open(exposurelog.Options{
		Dir: dir, Columns: f.columns, Sync: rs.sync, Remember: rs.limit, Memory: rs.memory,
	})
	if err != nil {
		return nil, fmt.Errorf("the exposure log of %s: %w", f.name, err)
	}
	counted := func(result string) prometheus.Counter { return rs.metrics.exposures.WithLabelValues(f.name, result) }
	r = &recorder{
		log: log, dir: dir, columns: f.columns,
		logged: counted("logged"), repeated: counted("repeated"), refused: counted("failed"),
	}
	rs.open[f.name] = r
	return r, nil
}

// flush makes what was logged durable while the log still takes exposures, so that closing it needs no disk that fails.
func (rs *recorders) flush(r *recorder) error {
	ctx, cancel := context.WithTimeout(context.Background(), rs.wait)
	defer cancel()
	return r.log.Flush(ctx)
}

// retire closes the logs that no flag uses any more. One that cannot be written stays open, for the next attempt.
func (rs *recorders) retire(next *flags) error {
	var errs []error
	for name, r := range rs.open {
		if f := next.byName[name]; f != nil && f.recorder == r {
			continue
		}
		err := rs.flush(r)
		if err == nil {
			delete(rs.open, name)
			err = r.log.Close()
			if next.byName[name] == nil {
				rs.metrics.forget(name)
			}
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("the exposure log of %s: %w", name, err))
		}
	}
	errs, rs.lost = append(errs, rs.lost...), nil
	return errors.Join(errs...)
}

// closeAll makes everything that was logged durable, for as long as ctx lasts, and closes the logs.
func (rs *recorders) closeAll(ctx context.Context) error {
	var errs []error
	for name, r := range rs.open {
		errs = append(errs, r.close(ctx))
		delete(rs.open, name)
	}
	return errors.Join(errs...)
}

func (r *recorder) close(ctx context.Context) error {
	if err := r.log.Flush(ctx); err != nil && !errors.Is(err, exposurelog.ErrClosed) {
		return errors.Join(err, r.log.Close())
	}
	return r.log.Close()
}

// expose logs that a unit meets its variant. Only units that have one do; forced ones are logged too, the analysis knows them.
func (s *Server) expose(q *query, f *flag, e *evaluation) *failure {
	if f.recorder == nil || !e.answer.exposes {
		return nil
	}
	_, failed := s.record(q, f, e)
	return failed
}

// record logs an exposure and tells whether its day had it not. It waits for room in the log: an exposure that cannot be logged is a
// variant that must not be shown.
func (s *Server) record(q *query, f *flag, e *evaluation) (added bool, failed *failure) {
	if f.columns.Cluster != "" && e.merchant == "" {
		return false, invalidContext(fmt.Sprintf("%s logs the merchant: the context needs the attribute %q", f.name, f.columns.Cluster))
	}
	q.logged = q.logged[:0]
	for i := range f.columns.Attributes {
		a := &f.columns.Attributes[i]
		q.logged = append(q.logged, assignment.Read(f.attribute(&q.context, a.Name, e.shopper), a.Type))
	}
	ctx, cancel := context.WithTimeout(q.request.Context(), s.options.Limits.Wait)
	defer cancel()
	added, err := f.recorder.log.Add(ctx, &exposurelog.Exposure{
		Unit: e.shopper, Variant: e.outcome.Variant, Cluster: e.merchant, At: datasets.InstantOf(q.at), Attributes: q.logged,
	})
	switch {
	case err != nil:
		f.recorder.refused.Inc()
		return false, s.unlogged(f, err)
	case added:
		f.recorder.logged.Inc()
	default:
		f.recorder.repeated.Inc()
	}
	return added, nil
}

// unlogged answers when the log has refused an exposure: for good, or because it cannot take any.
func (s *Server) unlogged(f *flag, err error) *failure {
	var unfit *exposurelog.UnfitError
	if errors.As(err, &unfit) {
		return invalidContext("the log takes no exposure " + unfit.Reason)
	}
	s.complainAbout("exposures are not logged: the log does not keep up, or cannot be written", f, err)
	return &failure{http.StatusServiceUnavailable, general, "the exposure cannot be logged now, so no variant is given"}
}
