package bulk

import (
	"slices"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"liftgate/datasets"
	"liftgate/datasets/arrowfile"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// subject is how units are read from a file: which column is the key, and what says whether one is eligible. It is bound to the
// types of one file and safe for concurrent use.
type subject struct {
	file     string
	unit     string
	typed    bool
	zone     *time.Location
	eligible *expr.Node // bound to the file's types; nil: everybody
	reads    []string   // columns of eligible, and others that are asked for
}

// newSubject binds a definition to a file's columns. A condition that does not fit them is an [experiment.Problems].
func newSubject(d *experiment.Definition, file string, schema *arrow.Schema) (*subject, error) {
	s := &subject{file: file, unit: UnitColumn(d), typed: arrowfile.Typed(file), zone: source(d).Location}
	names := namesOf(schema)
	if !slices.Contains(names, s.unit) {
		return nil, missing(file, s.unit, "the definition names it as the unit's key ("+unitKey(d)+")", names)
	}
	if d.Assignment == nil || d.Assignment.Eligible == nil {
		return s, nil
	}
	condition := d.Assignment.Eligible
	for _, used := range condition.Tree.Columns() {
		if !slices.Contains(names, used.Name) {
			return nil, missing(file, used.Name, "assignment.eligible reads it", names)
		}
		if !slices.Contains(s.reads, used.Name) {
			s.reads = append(s.reads, used.Name)
		}
	}
	bound, err := s.bind(d, condition, schema)
	s.eligible = bound
	return s, err
}

func namesOf(schema *arrow.Schema) []string {
	names := make([]string, schema.NumFields())
	for i, f := range schema.Fields() {
		names[i] = f.Name
	}
	return names
}

// bind types a condition by the columns of the file; those of CSV by their use.
func (s *subject) bind(d *experiment.Definition, c *experiment.Condition, schema *arrow.Schema) (*expr.Node, error) {
	var unsupported error
	columns := func(name string) (expr.Type, bool) {
		if !s.typed {
			return expr.Untyped, true
		}
		f, _ := schema.FieldsByName(name)
		t, err := arrowfile.TypeOf(f[0].Type)
		if err != nil && unsupported == nil {
			unsupported = &datasets.DataError{File: s.file, Column: name, Err: err}
		}
		return t, true
	}
	bound, mistakes := c.Tree.Bind(columns, expr.Bool)
	if unsupported != nil {
		return nil, unsupported
	}
	var problems experiment.Problems
	for _, m := range mistakes {
		problems = append(problems, d.ProblemAt(c.Path, m.Pos, m.Message+" (in "+s.file+")"))
	}
	if len(problems) > 0 {
		return nil, problems.Sorted()
	}
	return bound, nil
}

// people reads the units of a batch. It is for one goroutine.
type people struct {
	*subject
	batch *arrowfile.Batch
	key   func(row int) string
	cells map[string]func(row int) expr.Value
	row   int
	bad   error // the first cell that could not be read
}

func (s *subject) of(b *arrowfile.Batch) (*people, error) {
	p := &people{subject: s, batch: b, cells: make(map[string]func(int) expr.Value, len(s.reads))}
	column := func(name string) arrow.Array { return b.Column(b.Schema().FieldIndices(name)[0]) }
	var err error
	if p.key, err = arrowfile.Keys(column(s.unit)); err != nil {
		return nil, &datasets.DataError{File: s.file, Column: s.unit, Err: err}
	}
	for _, name := range s.reads {
		if p.cells[name], err = arrowfile.Values(column(name), s.zone); err != nil {
			return nil, &datasets.DataError{File: s.file, Column: name, Err: err}
		}
	}
	return p, nil
}

// cell reads the current row for a condition.
func (p *people) cell(name string, as expr.Type) expr.Value {
	v := p.cells[name](p.row)
	if p.typed || as == expr.Untyped || v.Null() {
		return v
	}
	v, err := expr.ParseCell(v.Text, as, p.zone)
	if err != nil && p.bad == nil {
		p.bad = &datasets.DataError{File: p.file, Place: p.batch.Place(p.row), Column: name, Err: err}
	}
	return v
}

// isEligible decides for a row.
func (p *people) isEligible(row int) (bool, error) {
	if p.eligible == nil {
		return true, nil
	}
	p.row = row
	holds := p.eligible.Holds(p.cell)
	return holds, p.bad
}
