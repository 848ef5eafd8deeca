package expr

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Type is the type of a column, a literal or the outcome of an expression.
type Type uint8

const (
	// Untyped is a column whose type comes from its use, such as a CSV column; no bound expression is untyped.
	Untyped Type = iota
	Bool
	Number
	Text
	Time
)

func (t Type) String() string {
	return [...]string{"untyped", "boolean", "number", "text", "time"}[t]
}

// Op is what a node does with its arguments.
type Op uint8

const (
	Literal Op = iota // Value
	Column            // the row's cell in column Name
	Has               // whether column Name is not null
	Not
	And
	Or
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	In // Args[0] equals one of the literals Args[1:]
	If // Args[0] ? Args[1] : Args[2]
	Neg
	Add
	Sub
	Mul
	Div
	Mod
	StartsWith
	EndsWith
	Contains
	Matches  // RE2, Args[1] is a literal
	ToNumber // a boolean as 0 or 1, inserted by Bind
)

var symbols = map[Op]string{
	And: "&&", Or: "||", Eq: "==", Ne: "!=", Lt: "<", Le: "<=", Gt: ">", Ge: ">=",
	Add: "+", Sub: "-", Mul: "*", Div: "/", Mod: "%",
	StartsWith: "startsWith", EndsWith: "endsWith", Contains: "contains", Matches: "matches",
}

// Symbol is the operator or function as written in a condition, empty for nodes that have none of their own.
func (o Op) Symbol() string { return symbols[o] }

// Comparison reports whether o compares two values of one type.
func (o Op) Comparison() bool { return o >= Eq && o <= Ge }

// Arithmetic reports whether o computes a number from two numbers.
func (o Op) Arithmetic() bool { return o >= Add && o <= Mod }

// TextFunction reports whether o tests a text against another.
func (o Op) TextFunction() bool { return o >= StartsWith && o <= Matches }

// condition reports whether o holds or does not: its outcome is never null.
func (o Op) condition() bool { return o >= Has && o <= In || o.TextFunction() }

// Node is one step of an expression. The tree below a bound node is immutable and safe for concurrent use.
type Node struct {
	Op    Op
	Type  Type   // of the outcome; set by Bind
	Pos   int    // offset in bytes in the text that the expression was parsed from
	Name  string // of a Column or Has
	Value Value  // of a Literal
	Args  []*Node

	pattern *regexp.Regexp // of Matches; set by Bind
}

// Used is a column together with the type that an expression reads it as.
type Used struct {
	Name string
	Type Type
}

// Columns lists what the expression reads, each once, by name and then type. A column that is only asked for with has() is Untyped.
func (n *Node) Columns() []Used {
	var used []Used
	n.walk(func(m *Node) {
		switch m.Op {
		case Column:
			used = append(used, Used{m.Name, m.Type})
		case Has:
			used = append(used, Used{m.Name, Untyped})
		}
	})
	slices.SortFunc(used, func(a, b Used) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return int(a.Type) - int(b.Type)
	})
	return slices.Compact(used)
}

func (n *Node) walk(visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, a := range n.Args {
		a.walk(visit)
	}
}

// Conjuncts splits a condition at its outermost && operators, so that each part can be tested, and rows dropped, on its own.
func (n *Node) Conjuncts() []*Node {
	if n == nil {
		return nil
	}
	if n.Op != And {
		return []*Node{n}
	}
	return append(n.Args[0].Conjuncts(), n.Args[1].Conjuncts()...)
}

// String prints the expression in one canonical spelling: equal strings mean equal expressions.
func (n *Node) String() string {
	switch {
	case n == nil:
		return ""
	case n.Op == Literal:
		return n.Value.String()
	case n.Op == Column:
		return n.Name
	case n.Op == Has:
		return "has(" + n.Name + ")"
	case n.Op == Not:
		return "!" + n.Args[0].operand(Not)
	case n.Op == Neg:
		return "-" + n.Args[0].operand(Neg)
	case n.Op == ToNumber:
		return n.Args[0].String()
	case n.Op == If:
		return "(" + n.Args[0].String() + " ? " + n.Args[1].String() + " : " + n.Args[2].String() + ")"
	case n.Op == In:
		items := make([]string, len(n.Args)-1)
		for i, a := range n.Args[1:] {
			items[i] = a.String()
		}
		return "(" + n.Args[0].String() + " in [" + strings.Join(items, ", ") + "])"
	case n.Op.TextFunction():
		return n.Args[0].receiver() + "." + n.Op.Symbol() + "(" + n.Args[1].String() + ")"
	default:
		return "(" + n.Args[0].String() + " " + n.Op.Symbol() + " " + n.Args[1].String() + ")"
	}
}

// operand is what follows the sign of op, in brackets where the sign would otherwise become one with it, or stand before another: -0 is a
// literal, two signs are none, and there is no text for a mixture.
func (n *Node) operand(op Op) string {
	return n.bracketed(n.signed() || n.Op == Literal && op == Neg)
}

// receiver is what stands before the dot of a function, which binds more tightly than a sign.
func (n *Node) receiver() string { return n.bracketed(n.signed()) }

func (n *Node) bracketed(needed bool) string {
	if needed {
		return "(" + n.String() + ")"
	}
	return n.String()
}

// signed reports whether the expression is printed with a sign in front.
func (n *Node) signed() bool {
	for n.Op == ToNumber {
		n = n.Args[0]
	}
	return n.Op == Not || n.Op == Neg
}

func quote(s string) string { return strconv.Quote(s) }
