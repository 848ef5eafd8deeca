package tabular

import (
	"context"
	"errors"
	"fmt"

	"liftgate/datasets"
)

// Table is a table of a query with its files open.
type Table struct {
	Spec    *datasets.Table // what it was opened by
	sources []source
}

// Open opens the files of a table; see [Files]. Times without a zone are read in its Location. It fails with *datasets.NoFilesError, or with a
// *datasets.DataError for a file that is none.
func Open(ctx context.Context, spec *datasets.Table) (t *Table, err error) {
	paths, err := Files(spec)
	if err != nil {
		return nil, err
	}
	t = &Table{Spec: spec}
	for _, path := range paths {
		var f file
		if err = ctx.Err(); err == nil {
			f, err = openFile(path, spec.Location)
		}
		if err != nil {
			return nil, errors.Join(err, t.Close())
		}
		t.sources = append(t.sources, source{path, f})
	}
	return t, nil
}

// Close closes the files. Nothing that was read from them may be used any more.
func (t *Table) Close() error {
	var all error
	for _, s := range t.sources {
		all = errors.Join(all, s.file.close())
	}
	return all
}

// Columns lists what the files have, in the order in which they first name it.
func (t *Table) Columns() []datasets.Column {
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

// Check makes sure that every file has the wanted columns, of one kind that can be read as it is wanted.
func (t *Table) Check(wants []Want) error {
	for _, w := range wants {
		var first *source
		var kind Kind
		for i := range t.sources {
			s := &t.sources[i]
			f, err := t.find(s, w)
			if err != nil {
				return err
			}
			if f.kind == Untyped {
				continue
			}
			if first == nil {
				first, kind = s, f.kind
			}
			if f.kind != kind {
				err := fmt.Errorf("the column holds %s here and %s in %s", plural(f.kind), plural(kind), first.path)
				return &datasets.DataError{File: s.path, Column: w.Name, Err: err}
			}
		}
	}
	return nil
}

// find gives a file's column, when it can be read as it is wanted.
func (t *Table) find(s *source, w Want) (field, error) {
	for _, f := range s.file.fields() {
		if f.name != w.Name {
			continue
		}
		switch {
		case f.kind == Unsupported:
			return f, &datasets.DataError{File: s.path, Column: w.Name, Err: errors.New(f.why)}
		case !w.As.accepts(f.kind):
			return f, &datasets.DataError{File: s.path, Column: w.Name, Err: fmt.Errorf("the column holds %s where %v is needed", plural(f.kind), w.As)}
		}
		return f, nil
	}
	err := errors.New("the file has no such column")
	if other := t.having(w.Name); other != "" {
		err = fmt.Errorf("the file has no such column, but %s has", other)
	}
	return field{}, &datasets.DataError{File: s.path, Column: w.Name, Err: err}
}

func (t *Table) having(name string) string {
	for _, s := range t.sources {
		for _, f := range s.file.fields() {
			if f.name == name {
				return s.path
			}
		}
	}
	return ""
}

func plural(k Kind) string {
	if k == Boolean {
		return "booleans"
	}
	return k.String() + "s"
}

// Days reports whether a column holds dates in any of the files.
func (t *Table) Days(name string) bool {
	for _, s := range t.sources {
		for _, f := range s.file.fields() {
			if f.name == name && f.days {
				return true
			}
		}
	}
	return false
}

// All reports whether a column holds one kind in all files.
func (t *Table) All(column string, k Kind) bool {
	for _, s := range t.sources {
		for _, f := range s.file.fields() {
			if f.name == column && f.kind != k {
				return false
			}
		}
	}
	return true
}

// Parts are what workers read side by side, in the order of files and rows.
func (t *Table) Parts() []*Part {
	var parts []*Part
	for _, s := range t.sources {
		for i, p := range s.file.pieces() {
			parts = append(parts, &Part{Path: s.path, Number: i, Place: p.place(), piece: p})
		}
	}
	return parts
}

// Latest is the latest time in a column of one of the files, if it has any, from its statistics; known tells whether they can be trusted.
func (t *Table) Latest(path, column string) (at datasets.Instant, any, known bool) {
	for _, s := range t.sources {
		if s.path == path {
			return s.file.latest(column)
		}
	}
	return 0, false, false
}

// Only is the table of those of the files that are asked for. They are closed with t.
func (t *Table) Only(wanted func(path string) bool) *Table {
	out := &Table{Spec: t.Spec}
	for _, s := range t.sources {
		if wanted(s.path) {
			out.sources = append(out.sources, s)
		}
	}
	return out
}
