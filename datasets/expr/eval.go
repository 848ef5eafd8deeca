package expr

import (
	"math"
	"regexp"
	"strings"
)

// Row gives the cell of a column, read as type t (Untyped: only whether it is null matters).
type Row func(column string, t Type) Value

// Holds reports whether a bound condition holds for a row; a nil condition always does. It and Eval are the definition of the language:
// faster evaluations must agree with them.
func (n *Node) Holds(row Row) bool {
	if n == nil {
		return true
	}
	switch n.Op {
	case Has:
		return !row(n.Name, Untyped).Null()
	case Not:
		return !n.Args[0].Holds(row)
	case And:
		return n.Args[0].Holds(row) && n.Args[1].Holds(row)
	case Or:
		return n.Args[0].Holds(row) || n.Args[1].Holds(row)
	case In:
		return n.in(row)
	case Eq, Ne, Lt, Le, Gt, Ge, StartsWith, EndsWith, Contains, Matches:
		return n.relates(row)
	}
	return n.Eval(row).Bool
}

// Eval computes a bound expression for one row.
func (n *Node) Eval(row Row) Value {
	switch {
	case n.Op == Column:
		return row(n.Name, n.Type)
	case n.Op == Literal:
		return n.Value
	case n.Op.condition():
		return BoolValue(n.Holds(row))
	case n.Op == If:
		if n.Args[0].Holds(row) {
			return n.Args[1].Eval(row)
		}
		return n.Args[2].Eval(row)
	case n.Op == Neg, n.Op == ToNumber:
		return n.unary(n.Args[0].Eval(row))
	}
	return arithmetic(n.Op, n.Args[0].Eval(row), n.Args[1].Eval(row))
}

func (n *Node) in(row Row) bool {
	v := n.Args[0].cell(row)
	for _, a := range n.Args[1:] {
		if equal(&v, &a.Value) {
			return true
		}
	}
	return false
}

// cell is Eval with the short way for a column, which is what most conditions begin with.
func (n *Node) cell(row Row) Value {
	if n.Op == Column {
		return row(n.Name, n.Type)
	}
	return n.Eval(row)
}

// equal reports a == b; it does not hold for null.
func equal(a, b *Value) bool {
	switch {
	case a.Type == Untyped, b.Type == Untyped:
		return false
	case a.Type == Text:
		return a.Text == b.Text
	}
	return Compare(*a, *b) == 0
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

// relates is a comparison or a text function, neither of which holds for null.
func (n *Node) relates(row Row) bool {
	a := n.Args[0].cell(row)
	if n.Op == Eq && n.Args[1].Op == Literal {
		return equal(&a, &n.Args[1].Value)
	}
	b := n.Args[1].Eval(row)
	switch {
	case a.Null(), b.Null():
		return false
	case n.Op == Matches:
		return n.matches(a.Text, b.Text)
	case n.Op.TextFunction():
		return textFunction(n.Op, a.Text, b.Text)
	}
	return n.Op.Accepts(Compare(a, b))
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
	default:
		return strings.Contains(s, t)
	}
}

func (n *Node) matches(s, pattern string) bool {
	if n.pattern != nil {
		return n.pattern.MatchString(s)
	}
	re, err := regexp.Compile(pattern) // of a tree that was put together without Bind
	return err == nil && re.MatchString(s)
}

func arithmetic(o Op, x, y Value) Value {
	if x.Null() || y.Null() {
		return Value{}
	}
	a, b := x.Number(), y.Number()
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
