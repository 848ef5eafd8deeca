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

// places are where the rows at hand go in their sheet.
type places struct {
	from   int      // row of the batch where the first of them lies
	rows   []int32  // that count, from the first; nil: all
	groups []uint16 // by row that counts
	at     []int32  // by row that counts: how many units its group had before it
}

// addValues packs the columns of values.
func (r *tableReader) addValues(b *tabular.Batch) error {
	for i := range r.values {
		c, to := &r.values[i], r.sheet.values[i]
		for g := range to {
			to[g].reserve(r.sheet.units[g])
		}
		if c.rows != nil {
			if err := r.compute(b, c, to); err != nil {
				return err
			}
			continue
		}
		if err := r.addColumn(b, i, to); err != nil {
			return err
		}
	}
	return nil
}

func (r *tableReader) addColumn(b *tabular.Batch, i int, to []sparse) error {
	want := r.values[i].want
	if r.coded[i] {
		codes, dict, err := b.Codes(want)
		if err != nil {
			return err
		}
		if codes != nil {
			r.tables[i].of(dict)
			return r.packCodes(codes, &r.tables[i], to)
		}
	}
	c, err := b.Column(want)
	if err != nil {
		return err
	}
	return r.pack(c, to)
}

// pack keeps the cells of a column that are not zero.
func (r *tableReader) pack(c *tabular.Column, to []sparse) error {
	n := r.from + len(r.groups)
	if c.Valid != nil || c.Exact != nil || c.Kind == tabular.Untyped || r.places.rows != nil {
		return r.packCells(c, to)
	}
	groups, at := r.groups, r.at[:len(r.groups)]
	if c.Kind == tabular.Integer {
		for i, x := range c.Ints[r.from:n] {
			if x != 0 {
				to[groups[i]].put(at[i], float64(x))
			}
		}
		return nil
	}
	for i, x := range c.Floats[r.from:n] {
		if x != 0 {
			if !fold.Finite(x) {
				return errIrregular
			}
			to[groups[i]].put(at[i], x)
		}
	}
	return nil
}

// put keeps a number that is not zero, at a place with room.
func (s *sparse) put(at int32, x float64) {
	s.bits[at>>6] |= 1 << (at & 63)
	s.values = append(s.values, x)
}

func (r *tableReader) packCells(c *tabular.Column, to []sparse) error {
	for i := range r.groups {
		row := r.row(i)
		if c.Null(row) {
			return errIrregular
		}
		if err := r.keep(to, i, c.Float(row)); err != nil {
			return err
		}
	}
	return nil
}

func (r *tableReader) compute(b *tabular.Batch, c *cellColumn, to []sparse) error {
	if err := c.rows.bind(b); err != nil {
		return err
	}
	for i := range r.groups {
		v := c.node.Eval(c.rows.at(r.row(i)))
		if v.Type != expr.Number {
			return errIrregular
		}
		if err := r.keep(to, i, v.Number()); err != nil {
			return err
		}
	}
	return c.rows.err
}

func (r *tableReader) keep(to []sparse, i int, x float64) error {
	if !fold.Finite(x) {
		return errIrregular
	}
	if x != 0 {
		to[r.groups[i]].put(r.at[i], x)
	}
	return nil
}

// row is the row of the batch that is the i-th that counts.
func (p *places) row(i int) int {
	if p.rows == nil {
		return p.from + i
	}
	return p.from + int(p.rows[i])
}
