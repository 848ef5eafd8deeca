package sourcetest

import (
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// roster draws a list of some of the keys that there may be, and of some that there are not.
func (d draw) roster() *datasets.Roster {
	keys := slices.DeleteFunc(append(slices.Clone(textKeys), "2", "8", "absent", "gone"), func(string) bool { return d.oneIn(3) })
	r := &datasets.Roster{Keys: keys}
	for range keys {
		v := d.below(len(d.variants)+1) - 1
		block := -1
		if v >= 0 {
			block = d.below(3)
		}
		r.Variants, r.Blocks = append(r.Variants, v), append(r.Blocks, block)
	}
	if d.oneIn(2) {
		for range keys {
			r.Balance = append(r.Balance, []float64{float64(d.below(64)) / 8, float64(d.below(8))})
		}
	}
	return r
}

// eligible draws a condition on what both kinds of tables that say who is in which variant have.
func (d draw) eligible(depth int, t *Table) *expr.Node {
	if depth > 0 && d.oneIn(2) {
		left, right := d.eligible(depth-1, t), d.eligible(depth-1, t)
		return pick(d, op(expr.And, left, right), op(expr.Or, left, right), op(expr.Not, left))
	}
	count := "age"
	if t.position(count) < 0 {
		count = "n"
	}
	compare := pick(d, expr.Eq, expr.Ne, expr.Lt, expr.Ge)
	switch d.below(6) {
	case 0:
		return op(expr.In, column("country"), text("US"), text("DE"))
	case 1:
		return op(compare, column("country"), text(pick(d, "AT", "DE")))
	case 2:
		return op(compare, column("country"), column("variant"))
	case 3:
		return op(compare, column(count), number(pick(d, 0.0, 1, 2)))
	case 4:
		return &expr.Node{Op: expr.Has, Name: pick(d, "country", count, "new")}
	default:
		return column("new")
	}
}
