package expr

import (
	"math"
	"regexp"
	"strings"
)

// Row gives the cell of a column, read as type t (Untyped: only whether it is null matters).
type Row func(column string, t Type) Value

// Holds reports whether a bound condition holds for a row; a nil condition always does.
func (n *Node) Holds(row Row) bool {
	return n == nil || n.Eval(row).Bool
}

// Eval computes a bound expression for one row. It is the definition of the language: faster evaluations must agree with it.
func (n *Node) Eval(row Row) Value {
	switch n.Op {
	case Literal:
		return n.Value
	case Column:
		return row(n.Name, n.Type)
	case Has:
		return BoolValue(!row(n.Name, Untyped).Null())
	case Not:
		return BoolValue(!n.Args[0].Eval(row).Bool)
	case And:
		return BoolValue(n.Args[0].Eval(row).Bool && n.Args[1].Eval(row).Bool)
	case Or:
		return BoolValue(n.Args[0].Eval(row).Bool || n.Args[1].Eval(row).Bool)
	case If:
		if n.Args[0].Eval(row).Bool {
			return n.Args[1].Eval(row)
		}
		return n.Args[2].Eval(row)
	case In:
		return BoolValue(n.in(n.Args[0].Eval(row)))
	case Neg, ToNumber:
		return n.unary(n.Args[0].Eval(row))
	}
	return n.binary(n.Args[0].Eval(row), n.Args[1].Eval(row))
}

func (n *Node) in(v Value) bool {
	if v.Null() {
		return false
	}
	for _, a := range n.Args[1:] {
		if Compare(v, a.Value) == 0 {
			return true
		}
	}
	return false
}

func (n *Node) unary(v Value) Value {
	switch {
	case v.Null():
		return Value{}
	case n.Op == Neg:
		return FloatValue(-v.Number())
	default:
		return IntValue(int64(boolInt(v.Bool)))
	}
}

func (n *Node) binary(a, b Value) Value {
	null := a.Null() || b.Null()
	switch {
	case n.Op.Comparison():
		return BoolValue(!null && n.Op.Accepts(Compare(a, b)))
	case n.Op.TextFunction():
		return BoolValue(!null && textFunction(n.Op, a.Text, b.Text))
	case null:
		return Value{}
	default:
		return arithmetic(n.Op, a.Number(), b.Number())
	}
}

// Accepts reports whether a comparison holds for an ordering, as given by [Compare].
func (o Op) Accepts(order int) bool {
	switch o {
	case Eq:
		return order == 0
	case Ne:
		return order != 0
	case Lt:
		return order < 0
	case Le:
		return order <= 0
	case Gt:
		return order > 0
	default:
		return order >= 0
	}
}

func textFunction(o Op, s, t string) bool {
	switch o {
	case StartsWith:
		return strings.HasPrefix(s, t)
	case EndsWith:
		return strings.HasSuffix(s, t)
	case Contains:
		return strings.Contains(s, t)
	default:
		re, err := regexp.Compile(t) // Bind has compiled it before
		return err == nil && re.MatchString(s)
	}
}

func arithmetic(o Op, a, b float64) Value {
	switch o {
	case Add:
		return FloatValue(a + b)
	case Sub:
		return FloatValue(a - b)
	case Mul:
		return FloatValue(a * b)
	}
	if b == 0 {
		return Value{}
	}
	if o == Mod {
		return FloatValue(math.Mod(a, b))
	}
	return FloatValue(a / b)
}
