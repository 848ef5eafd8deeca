package columnar

import (
	"errors"

	"liftgate/datasets/expr"
	"liftgate/datasets/fold"
	"liftgate/datasets/tabular"
)

// errIrregular means that a row is no unit of a table as it should be. Which row comes first, and what is wrong with it, shows a second
// look: judge.
var errIrregular = errors.New("a row that is no unit")

// nonzeros is what a column has in the rows at hand, but for zeros: most units buy nothing.
type nonzeros struct {
	rows    []int32 // among those that count
	numbers []float64
}

func (f *nonzeros) add(row int, x float64) error {
	if !fold.Finite(x) {
		return errIrregular
	}
	if x != 0 {
		f.rows, f.numbers = append(f.rows, int32(row)), append(f.numbers, x)
	}
	return nil
}

func (f *nonzeros) dropZeros() {
	n := 0
	for i, x := range f.numbers {
		if x != 0 {
			f.rows[n], f.numbers[n] = f.rows[i], x
			n++
		}
	}
	f.rows, f.numbers = f.rows[:n], f.numbers[:n]
}

// addValues packs the columns of values.
func (r *tableReader) addValues(b *tabular.Batch, rows int) error {
	if r.index != nil {
		return r.addFilled(b)
	}
	r.place(rows)
	for i := range r.values {
		if err := r.find(b, i); err != nil {
			return err
		}
		r.putColumn(i)
	}
	return nil
}

// addFilled is addValues in a clustered query, where all columns tell together which units have a place.
func (r *tableReader) addFilled(b *tabular.Batch) error {
	for i := range r.values {
		if err := r.find(b, i); err != nil {
			return err
		}
	}
	r.placeFilled()
	for i := range r.values {
		r.putColumn(i)
	}
	return nil
}

// find finds the numbers of a column that are not zero.
func (r *tableReader) find(b *tabular.Batch, i int) error {
	f := &r.nonzero[i]
	f.rows, f.numbers = f.rows[:0], f.numbers[:0]
	if r.values[i].rows != nil {
		return r.compute(b, &r.values[i], f)
	}
	return r.findColumn(b, i, f)
}

func (r *tableReader) findColumn(b *tabular.Batch, i int, f *nonzeros) error {
	want := r.values[i].want
	if r.coded[i] {
		codes, dict, err := b.Codes(want)
		if err != nil {
			return err
		}
		if codes != nil {
			r.tables[i].of(dict)
			return r.findCodes(codes, &r.tables[i], f)
		}
	}
	c, err := b.Column(want)
	if err != nil {
		return err
	}
	return r.findCells(c, f)
}

func (r *tableReader) findCells(c *tabular.Column, f *nonzeros) error {
	n := r.from + len(r.groups)
	switch {
	case c.Valid != nil || c.Exact != nil || c.Kind == tabular.Untyped || r.places.rows != nil:
		for i := range r.groups {
			row := r.row(i)
			if c.Null(row) {
				return errIrregular
			}
			if err := f.add(i, c.Float(row)); err != nil {
				return err
			}
		}
	case c.Kind == tabular.Integer:
		for i, x := range c.Ints[r.from:n] {
			if x != 0 {
				f.rows, f.numbers = append(f.rows, int32(i)), append(f.numbers, float64(x))
			}
		}
	default:
		for i, x := range c.Floats[r.from:n] {
			if x != 0 {
				if err := f.add(i, x); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (r *tableReader) compute(b *tabular.Batch, c *cellColumn, f *nonzeros) error {
	if err := c.rows.bind(b); err != nil {
		return err
	}
	for i := range r.groups {
		v := c.node.Eval(c.rows.at(r.row(i)))
		if v.Type != expr.Number {
			return errIrregular
		}
		if err := f.add(i, v.Number()); err != nil {
			return err
		}
	}
	return c.rows.err
}

// putColumn packs what was found into the sheet.
func (r *tableReader) putColumn(i int) {
	to, f := r.sheet.values[i], &r.nonzero[i]
	for g := range to {
		to[g].reserve(r.sheet.units[g])
	}
	groups, at := r.groups, r.at[:len(r.groups)]
	for j, row := range f.rows {
		to[groups[row]].put(at[row], f.numbers[j])
	}
}

// put keeps a number that is not zero, at a place with room.
func (s *sparse) put(at int32, x float64) {
	s.bits[at>>6] |= 1 << (at & 63)
	s.values = append(s.values, x)
}
