package tabular

import "liftgate/datasets/internal/reuse"

// spreading is memory for cells that are moved to their rows.
type spreading struct {
	Column
	rows []uint32 // of the cells
}

// spread moves the cells that are present to their rows. It may reuse memory.
func (c *Column) spread(valid []bool, m *spreading) {
	if valid == nil {
		return
	}
	c.Valid, m.Valid = valid, valid
	m.find()
	c.Codes, c.Texts = spread(c.Codes, m, &m.Codes), spread(c.Texts, m, &m.Texts)
	c.Ints, c.Floats = spread(c.Ints, m, &m.Ints), spread(c.Floats, m, &m.Floats)
	c.Exact = spread(c.Exact, m, &m.Exact)
}

// find lists the rows that have a cell, without a branch that nobody could foresee.
func (m *spreading) find() {
	rows, n := reuse.Slice(m.rows, len(m.Valid)), 0
	for i, ok := range m.Valid {
		rows[n] = uint32(i)
		if ok {
			n++
		}
	}
	m.rows = rows[:n]
}

func spread[T any](present []T, m *spreading, old *[]T) []T {
	if present == nil {
		return nil
	}
	out := reuse.Slice(*old, len(m.Valid))
	*old = out
	clear(out)
	for i, row := range m.rows {
		out[row] = present[i]
	}
	return out
}
