package sourcetest

import (
	"math"

	"liftgate/datasets/expr"
)

func (d draw) eighths() expr.Value {
	return expr.FloatValue(float64(d.below(4096)-1024) / 8)
}

// cell is a number that enters values of events.
func (d draw) cell() expr.Value {
	if d.fault == notFinite && d.oneIn(32) {
		return d.infinite()
	}
	if d.oneIn(4) {
		return expr.FloatValue(float64(pick(d, 0, 1)))
	}
	return d.eighths()
}

// unitCell is a number of a unit table.
func (d draw) unitCell() expr.Value {
	if d.fault == nullCell && d.oneIn(16) {
		return expr.Value{}
	}
	return d.cell()
}

// wild is a number that only conditions read.
func (d draw) wild() expr.Value {
	if d.oneIn(3) {
		return d.infinite()
	}
	return d.eighths()
}

func (d draw) infinite() expr.Value {
	return expr.FloatValue(pick(d, math.NaN(), math.Inf(1), math.Inf(-1)))
}

// condition draws a condition over the columns of an events table.
func (d draw) condition(depth int) *expr.Node {
	if depth == 0 || d.oneIn(2) {
		return d.test()
	}
	left, right := d.condition(depth-1), d.condition(depth-1)
	switch d.below(5) {
	case 0:
		return op(expr.Not, left)
	case 1:
		return op(expr.If, left, right, d.condition(depth-1))
	case 2:
		return op(expr.Or, left, right)
	default:
		return op(expr.And, left, right)
	}
}

// test draws a condition without parts.
func (d draw) test() *expr.Node {
	compare := pick(d, expr.Eq, expr.Ne, expr.Lt, expr.Le, expr.Gt, expr.Ge)
	switch d.below(11) {
	case 0:
		return column("paid")
	case 1:
		return &expr.Node{Op: expr.Has, Name: pick(d, "value", "event", "paid", "time", "id")}
	case 2:
		return op(compare, d.number(1), d.number(1))
	case 3:
		return op(compare, column("wild"), number(pick(d, 0, 1, math.Inf(1), math.NaN())))
	case 4:
		return op(compare, column("id"), pick(d, number(1<<53), literal(expr.IntValue(1<<53+1)), column("id"), column("n")))
	case 5:
		return op(compare, column(pick(d, "time", "due")), pick(d, column("due"), literal(d.eventTime())))
	case 6:
		return op(expr.In, column(pick(d, "event", "order")), text("captured"), text(pick(d, "x", "ü", "refund")), text("shown"))
	case 7:
		return op(expr.In, column("n"), number(1), literal(expr.IntValue(4)))
	case 8:
		return op(pick(d, expr.StartsWith, expr.EndsWith, expr.Contains, expr.Matches), column("event"), text(pick(d, "re", "ed", "a", "f.?n")))
	case 9:
		return op(compare, column("event"), pick(d, column("order"), text("refund")))
	default:
		return event(pick(d, "captured", "refund", "shown"))
	}
}

// number draws a computed number whose value stays a multiple of 1/64.
func (d draw) number(depth int) *expr.Node {
	if depth == 0 || d.oneIn(2) {
		return column(pick(d, "value", "value", "n", "paid"))
	}
	x := d.number(depth - 1)
	switch d.below(6) {
	case 0:
		return op(expr.Neg, x)
	case 1:
		return op(pick(d, expr.Add, expr.Sub), x, d.number(depth-1))
	case 2:
		return op(expr.Mul, x, number(pick(d, 0, -1, 0.5, 3)))
	case 3:
		return op(pick(d, expr.Div, expr.Mod), x, column("n"))
	case 4:
		return op(expr.If, column("paid"), x, pick(d, literal(expr.Value{}), d.number(0)))
	default:
		return op(expr.Mod, x, number(pick(d, 0, 2.5)))
	}
}

func literal(v expr.Value) *expr.Node { return &expr.Node{Op: expr.Literal, Value: v} }
