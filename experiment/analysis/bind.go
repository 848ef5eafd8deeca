package analysis

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// Bind checks a definition against what the source has and states the query. It fails with experiment.Problems, which have positions in
// the definition, or with the source's own error.
func Bind(ctx context.Context, d *experiment.Definition, src datasets.Source, o Options) (*Study, error) {
	b := &binder{definition: d, columns: map[string]map[string]expr.Type{}}
	s := &Study{Definition: d, blocks: map[string]int{}}
	s.Query = b.frame(o)
	if err := b.readSchemas(ctx, src); err != nil {
		return nil, err
	}
	b.checkColumns()
	b.addMetrics(s)
	s.Query.Events = b.eventsInUse(&s.Query)
	if err := b.addAssignment(s); err != nil {
		return nil, err
	}
	if len(b.problems) > 0 {
		return nil, b.problems.Sorted()
	}
	return s, nil
}

type binder struct {
	definition *experiment.Definition
	blind      bool // there are no data to bind to: conditions stay as they are written
	tables     []table
	columns    map[string]map[string]expr.Type // by table and column
	problems   experiment.Problems
}

// table is a source of the definition as the query names it.
type table struct {
	source experiment.Source
	query  *datasets.Table
}

func (b *binder) fail(path string, offset int, format string, args ...any) {
	b.problems = append(b.problems, b.definition.ProblemAt(path, offset, fmt.Sprintf(format, args...)))
}

// frame states all of the query but the metrics.
func (b *binder) frame(o Options) datasets.Query {
	d := b.definition
	q := datasets.Query{
		Clustered: d.Unit == experiment.Merchant,
		Start:     d.Schedule.Start, End: d.Schedule.End, AsOf: o.AsOf, Location: d.Schedule.Location,
		Crossover: datasets.CrossoverFirst,
	}
	for _, v := range d.Variants {
		q.Variants = append(q.Variants, v.Name)
	}
	if d.Assignment != nil {
		for _, f := range d.Assignment.Force {
			q.Forced = append(q.Forced, f.Unit)
		}
	}
	if e := d.Data.Exposures; e != nil {
		q.Exposures = b.table(e.Source, e.Variant, e.Attributes)
		q.IgnoreVariants, q.Crossover = e.IgnoreVariants, e.Crossover
	}
	if u := d.Data.Units; u != nil {
		q.Units = b.table(u.Source, u.Variant, u.Attributes)
		q.IgnoreVariants = u.IgnoreVariants
	}
	for _, e := range d.Data.Events {
		b.table(e.Source, "", nil).CompleteThrough = e.CompleteThrough
	}
	if o.Views {
		q.Views = b.views(&q)
	}
	return q
}

// views asks for every part that the definition declares.
func (b *binder) views(q *datasets.Query) *datasets.Views {
	described := q.Units
	if described == nil {
		described = q.Exposures
	}
	out := &datasets.Views{}
	for _, name := range b.definition.Segments {
		out.Segments = append(out.Segments, slices.Index(described.Attributes, name))
	}
	return out
}

func (b *binder) table(s experiment.Source, variant string, attributes []string) *datasets.Table {
	t := &datasets.Table{
		Name: s.Name, Dir: b.definition.Dir(), Files: s.Files, Unit: s.Unit, Variant: variant,
		Time: s.Time, Cluster: s.Cluster, Attributes: attributes, Location: s.Location,
	}
	b.tables = append(b.tables, table{s, t})
	return t
}

func (b *binder) readSchemas(ctx context.Context, src datasets.Source) error {
	for _, t := range b.tables {
		columns, err := src.Schema(ctx, t.query)
		var none *datasets.NoFilesError
		switch {
		case errors.As(err, &none):
			b.failFiles(t.source, none)
			continue
		case err != nil:
			return err
		}
		types := make(map[string]expr.Type, len(columns))
		for _, c := range columns {
			types[c.Name] = c.Type
		}
		b.columns[t.source.Name] = types
	}
	return nil
}

func (b *binder) failFiles(s experiment.Source, e *datasets.NoFilesError) {
	path := s.Path + ".files"
	if len(s.Files) > 1 {
		path = fmt.Sprintf("%s[%d]", path, e.Index)
	}
	b.fail(path, 0, "no file for %q: %s", e.Pattern, e.Reason)
}

// checkColumns finds the columns that the tables themselves name.
func (b *binder) checkColumns() {
	for _, t := range b.tables {
		path := t.source.Path
		b.checkColumn(t, path+".unit", t.source.Unit, expr.Text, expr.Number)
		b.checkColumn(t, path+".variant", t.query.Variant, expr.Text, expr.Number, expr.Bool)
		b.checkColumn(t, path+".time", t.source.Time, expr.Time)
		b.checkColumn(t, path+".cluster", t.source.Cluster, expr.Text, expr.Number)
		for i, a := range t.query.Attributes {
			b.checkColumn(t, fmt.Sprintf("%s.attributes[%d]", path, i), a, expr.Text, expr.Number, expr.Bool, expr.Time)
		}
	}
}

func (b *binder) checkColumn(t table, path, name string, allowed ...expr.Type) {
	columns, read := b.columns[t.source.Name]
	if name == "" || !read {
		return
	}
	got, ok := columns[name]
	switch {
	case !ok:
		b.missingColumn(path, 0, t.source.Name, name)
	case got != expr.Untyped && !slices.Contains(allowed, got):
		b.fail(path, 0, "column %q of %s holds %ss, a %s is needed here", name, t.source.Name, got, allowed[0])
	}
}

func (b *binder) missingColumn(path string, offset int, source, name string) {
	p := b.definition.ProblemAt(path, offset, fmt.Sprintf("%s has no column %q", source, name))
	names := make([]string, 0, len(b.columns[source]))
	for n := range b.columns[source] {
		names = append(names, n)
	}
	slices.Sort(names)
	p.Suggestion = experiment.Suggest(name, names)
	b.problems = append(b.problems, p)
}

// condition binds a condition to the columns of a source; without its schema it stays nil, as that is a problem already.
func (b *binder) condition(c *experiment.Condition, source string, want expr.Type) *expr.Node {
	if c != nil && b.blind {
		return c.Tree
	}
	columns, read := b.columns[source]
	if c == nil || !read {
		return nil
	}
	bound, mistakes := c.Tree.Bind(func(name string) (expr.Type, bool) {
		t, ok := columns[name]
		return t, ok
	}, want)
	for _, m := range mistakes {
		if m.Column != "" {
			b.missingColumn(c.Path, m.Pos, source, m.Column)
		} else {
			b.fail(c.Path, m.Pos, "%s", m.Message)
		}
	}
	return bound
}

// eventsInUse are the tables that values read, in the order of the definition.
func (b *binder) eventsInUse(q *datasets.Query) []*datasets.Table {
	var out []*datasets.Table
	for _, t := range b.tables {
		if t.query == q.Exposures || t.query == q.Units {
			continue
		}
		if slices.ContainsFunc(q.Values, func(v datasets.Value) bool { return v.Table == t.source.Name }) {
			out = append(out, t.query)
		}
	}
	return out
}
