package columnar

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"liftgate/datasets"
	states "liftgate/datasets/state"
	"liftgate/datasets/tabular"
)

// Options are how a source works; the zero value is fine. No option changes what it answers.
type Options struct {
	Workers int // that decode side by side; 0: GOMAXPROCS
	// Progress is told how far a pass over a table is, in bytes of its files; calls do not overlap. Nil: nobody.
	Progress func(done, total int64, what string)
	Memory   Memory
	// State keeps what is read of an event log, and gives what it keeps of files that were read before; for one query. Nil: every file is
	// read.
	State *states.Folder
}

// Source reads the files of tables. It is safe for concurrent use.
type Source struct {
	options Options
	units   *datasets.UnitValues              // takes what single units add; nil but for Units
	kept    map[*datasets.Table]*states.Table // nil without a state
}

var _ datasets.Source = (*Source)(nil)

// New returns a source.
func New(o Options) *Source {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return &Source{options: o}
}

// Files lists the files of a table in the order in which they are read: as named by the table's patterns, joined with Table.Dir.
// It fails with *datasets.NoFilesError.
func (s *Source) Files(ctx context.Context, t *datasets.Table) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return tabular.Files(t)
}

// Schema lists the columns of all files, in the order in which they are first named. A column whose type is not supported is
// Untyped.
func (s *Source) Schema(ctx context.Context, spec *datasets.Table) (columns []datasets.Column, err error) {
	t, err := tabular.Open(ctx, spec)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	return t.Columns(), nil
}

// Observe answers a query; see datasets.Source.
func (s *Source) Observe(ctx context.Context, q *datasets.Query) (*datasets.Evidence, error) {
	if err := checkQuery(q); err != nil {
		return nil, err
	}
	if q.Units != nil {
		if s.options.State != nil {
			return nil, errStateOfUnits
		}
		return s.observeUnits(ctx, q)
	}
	return s.observeEvents(ctx, q)
}

// checkQuery finds what no data can answer.
func checkQuery(q *datasets.Query) error {
	for _, t := range append([]*datasets.Table{q.Exposures, q.Units}, q.Events...) {
		if q.Clustered && t != nil && t.Cluster == "" {
			return fmt.Errorf("%s names no column of clusters, and clusters are randomised", t.Name)
		}
	}
	if err := checkRoster(q); err != nil {
		return err
	}
	for _, b := range q.Blocks {
		if b.Quantile != nil {
			continue
		}
		for _, i := range slices.Concat(b.Parts, b.Covariates) {
			if q.Values[i].Take == datasets.Rows {
				return fmt.Errorf("metric %q takes rows one by one, which only a quantile can", b.Metric)
			}
		}
	}
	return nil
}
