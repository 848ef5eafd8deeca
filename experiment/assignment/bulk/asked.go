package bulk

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/arrowfile"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// wanted is a column of the list that a design asks for, and what its cells are read as in a file without types.
type wanted struct {
	name    string
	as      expr.Type
	balance bool
}

// ask settles which columns the design reads, and adds them to the subject's. One that the file lacks is a problem at its place in
// the definition.
func (u *units) ask(d *experiment.Definition) ([]wanted, error) {
	plan := d.Assignment.Design
	schema := u.reader.Schema()
	names := namesOf(schema)
	var problems experiment.Problems
	var out []wanted
	add := func(path, name string, as expr.Type, balance bool) {
		if !slices.Contains(names, name) {
			problems = append(problems, d.ProblemAt(path, 0, fmt.Sprintf("%s has no column %q; it has %s", u.file, name, listed(names))))
			return
		}
		f, _ := schema.FieldsByName(name)
		t, err := arrowfile.TypeOf(f[0].Type)
		if err == nil && balance && u.typed && t != expr.Number && t != expr.Bool && t != expr.Untyped {
			err = fmt.Errorf("%q is %v in %s, and what is balanced must be a number", name, f[0].Type, u.file)
		}
		if err != nil {
			problems = append(problems, d.ProblemAt(path, 0, err.Error()))
			return
		}
		if !slices.ContainsFunc(out, func(w wanted) bool { return w.name == name }) {
			out = append(out, wanted{name, as, balance})
			u.reads = append(u.reads, name)
		}
	}
	for i, name := range plan.Balance {
		add(fmt.Sprintf("%s.balance[%d]", plan.Path, i), name, expr.Number, true)
	}
	for i, name := range plan.Strata {
		add(fmt.Sprintf("%s.strata[%d]", plan.Path, i), name, expr.Text, false)
	}
	for _, used := range u.eligible.Columns() {
		if !slices.ContainsFunc(out, func(w wanted) bool { return w.name == used.Name }) {
			out = append(out, wanted{used.Name, used.Type, false})
		}
	}
	if len(problems) > 0 {
		return nil, problems.Sorted()
	}
	return out, nil
}

// attributes reads what is asked of a merchant.
func (p *people) attributes(row int, asked []wanted) (map[string]expr.Value, error) {
	p.row = row
	out := make(map[string]expr.Value, len(asked))
	for _, w := range asked {
		v := p.cell(w.name, w.as)
		if w.balance && v.Type == expr.Bool {
			v = expr.IntValue(map[bool]int64{true: 1}[v.Bool])
		}
		if x := v.Number(); v.Type == expr.Number && (math.IsNaN(x) || math.IsInf(x, 0)) {
			return nil, &datasets.DataError{File: p.file, Place: p.batch.Place(row), Column: w.name, Err: errors.New("the number is not finite")}
		}
		out[w.name] = v
	}
	return out, p.bad
}
