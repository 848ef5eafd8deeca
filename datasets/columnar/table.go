package columnar

import (
	"context"
	"errors"
	"fmt"

	"liftgate/datasets"
)

// table is a table of a query with its files open.
type table struct {
	spec    *datasets.Table
	sources []source
}

func openTable(ctx context.Context, spec *datasets.Table) (t *table, err error) {
	paths, err := resolve(spec)
	if err != nil {
		return nil, err
	}
	t = &table{spec: spec}
	for _, path := range paths {
		var f file
		if err = ctx.Err(); err == nil {
			f, err = openFile(path, spec.Location)
		}
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.sources = append(t.sources, source{path, f})
	}
	return t, nil
}

func (t *table) close() error {
	var all error
	for _, s := range t.sources {
		all = errors.Join(all, s.file.close())
	}
	return all
}

// columns lists what the files have, in the order in which they first name it.
func (t *table) columns() []datasets.Column {
	var columns []datasets.Column
	position := map[string]int{}
	for _, s := range t.sources {
		for _, f := range s.file.fields() {
			at, known := position[f.name]
			if !known {
				at = len(columns)
				position[f.name] = at
				columns = append(columns, datasets.Column{Name: f.name})
			}
			if c := &columns[at]; c.Type == 0 {
				c.Type = f.kind.exprType()
			}
		}
	}
	return columns
}

// check makes sure that every file has the wanted columns, of one kind that can be read as it is wanted.
func (t *table) check(wants []want) error {
	for _, w := range wants {
		var first *source
		var kind kind
		for i := range t.sources {
			s := &t.sources[i]
			f, err := t.find(s, w)
			if err != nil {
				return err
			}
			if f.kind == untyped {
				continue
			}
			if first == nil {
				first, kind = s, f.kind
			}
			if f.kind != kind {
				err := fmt.Errorf("the column holds %s here and %s in %s", plural(f.kind), plural(kind), first.path)
				return &datasets.DataError{File: s.path, Column: w.name, Err: err}
			}
		}
	}
	return nil
}

// find gives a file's column, when it can be read as it is wanted.
func (t *table) find(s *source, w want) (field, error) {
	for _, f := range s.file.fields() {
		if f.name != w.name {
			continue
		}
		switch {
		case f.kind == unsupported:
			return f, &datasets.DataError{File: s.path, Column: w.name, Err: errors.New(f.why)}
		case !w.as.accepts(f.kind):
			return f, &datasets.DataError{File: s.path, Column: w.name, Err: fmt.Errorf("the column holds %s where %v is needed", plural(f.kind), w.as)}
		}
		return f, nil
	}
	err := errors.New("the file has no such column")
	if other := t.having(w.name); other != "" {
		err = fmt.Errorf("the file has no such column, but %s has", other)
	}
	return field{}, &datasets.DataError{File: s.path, Column: w.name, Err: err}
}

func (t *table) having(name string) string {
	for _, s := range t.sources {
		for _, f := range s.file.fields() {
			if f.name == name {
				return s.path
			}
		}
	}
	return ""
}

func plural(k kind) string {
	if k == boolean {
		return "booleans"
	}
	return k.String() + "s"
}

// days reports whether a column holds dates in any of the files.
func (t *table) days(name string) bool {
	for _, s := range t.sources {
		for _, f := range s.file.fields() {
			if f.name == name && f.days {
				return true
			}
		}
	}
	return false
}

// wanted collects the columns that a pass over a table reads.
type wanted struct {
	list []want
}

// add gives the position of a column among the wanted ones.
func (w *wanted) add(name string, as use) int {
	for i, have := range w.list {
		if have == (want{name, as}) {
			return i
		}
	}
	w.list = append(w.list, want{name, as})
	return len(w.list) - 1
}
