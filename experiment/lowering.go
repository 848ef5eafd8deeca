package experiment

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"liftgate/datasets/expr"
)

// lowering turns the syntax tree of CEL into that of package expr.
type lowering struct {
	text     string
	info     *ast.SourceInfo
	mistakes []*expr.Error
}

var celOperators = map[string]expr.Op{
	operators.LogicalAnd: expr.And, operators.LogicalOr: expr.Or, operators.LogicalNot: expr.Not, operators.Conditional: expr.If,
	operators.Equals: expr.Eq, operators.NotEquals: expr.Ne, operators.Less: expr.Lt, operators.LessEquals: expr.Le,
	operators.Greater: expr.Gt, operators.GreaterEquals: expr.Ge, operators.Negate: expr.Neg,
	operators.Add: expr.Add, operators.Subtract: expr.Sub, operators.Multiply: expr.Mul, operators.Divide: expr.Div, operators.Modulo: expr.Mod,
}

var celMethods = map[string]expr.Op{
	"startsWith": expr.StartsWith, "endsWith": expr.EndsWith, "contains": expr.Contains, "matches": expr.Matches,
}

var functionNames = []string{"startsWith", "endsWith", "contains", "matches", "has"}

func (l *lowering) pos(e ast.Expr) int {
	r, _ := l.info.GetOffsetRange(e.ID())
	return byteOffset(l.text, int(r.Start))
}

func (l *lowering) fail(e ast.Expr, format string, args ...any) *expr.Node {
	l.mistakes = append(l.mistakes, &expr.Error{Pos: l.pos(e), Message: fmt.Sprintf(format, args...)})
	return &expr.Node{Op: expr.Literal, Pos: l.pos(e), Value: expr.BoolValue(false)}
}

func (l *lowering) lower(e ast.Expr) *expr.Node {
	switch e.Kind() {
	case ast.IdentKind:
		return &expr.Node{Op: expr.Column, Name: e.AsIdent(), Pos: l.pos(e)}
	case ast.LiteralKind:
		return l.literal(e)
	case ast.CallKind:
		return l.call(e)
	case ast.SelectKind:
		return l.fail(e, "fields inside a column are not supported: write the name of a column, without a dot")
	case ast.ListKind:
		return l.fail(e, "a list may stand only after in")
	}
	return l.fail(e, "maps, messages and comprehensions are not supported in conditions")
}

func (l *lowering) literal(e ast.Expr) *expr.Node {
	n := &expr.Node{Op: expr.Literal, Pos: l.pos(e)}
	switch v := e.AsLiteral().(type) {
	case types.Bool:
		n.Value = expr.BoolValue(bool(v))
	case types.Int:
		n.Value = expr.IntValue(int64(v))
	case types.Uint:
		if v > math.MaxInt64 {
			return l.fail(e, "the number %d is too large", v)
		}
		n.Value = expr.IntValue(int64(v))
	case types.Double:
		if math.IsInf(float64(v), 0) || math.IsNaN(float64(v)) {
			return l.fail(e, "the number is too large")
		}
		n.Value = expr.FloatValue(float64(v) + 0) // -0 prints like a whole number
	case types.String:
		n.Value = expr.TextValue(string(v))
	case types.Null:
	default:
		return l.fail(e, "only numbers, texts, true, false and null can be written here")
	}
	return n
}

func (l *lowering) call(e ast.Expr) *expr.Node {
	c := e.AsCall()
	name := c.FunctionName()
	switch {
	case name == operators.In:
		return l.in(e, c)
	case name == operators.Has && !c.IsMemberFunction():
		return l.has(e, c)
	case c.IsMemberFunction():
		op, ok := celMethods[name]
		if !ok {
			return l.unknownFunction(e, name)
		}
		if len(c.Args()) != 1 {
			return l.failCall(e, name, "%s takes one text", name)
		}
		return l.apply(op, e, c.Target(), c.Args()[0])
	}
	if op, ok := celOperators[name]; ok {
		return l.apply(op, e, c.Args()...)
	}
	if _, ok := celMethods[name]; ok {
		return l.failCall(e, name, "write %s after the text that it tests: column.%s(\"…\")", name, name)
	}
	if name == operators.Index {
		return l.fail(e, "elements of a column are not supported: write the name of a column, without [ ]")
	}
	return l.unknownFunction(e, name)
}

func (l *lowering) unknownFunction(e ast.Expr, name string) *expr.Node {
	if best := nearest(name, functionNames); best != "" {
		return l.failCall(e, name, "there is no function %s: did you mean %s?", name, best)
	}
	return l.failCall(e, name, "there is no function %s: conditions have %s", name, list(functionNames))
}

// failCall reports a mistake at a function's name; the place of a call is its opening bracket.
func (l *lowering) failCall(e ast.Expr, name, format string, args ...any) *expr.Node {
	n := l.fail(e, format, args...)
	m := l.mistakes[len(l.mistakes)-1]
	if before := strings.TrimRight(l.text[:m.Pos], " "); strings.HasSuffix(before, name) {
		m.Pos = len(before) - len(name)
	}
	return n
}

// apply makes the node of an operator. It starts where its first argument does, unless it stands before it.
func (l *lowering) apply(op expr.Op, e ast.Expr, args ...ast.Expr) *expr.Node {
	n := &expr.Node{Op: op, Pos: l.pos(e)}
	for _, a := range args {
		n.Args = append(n.Args, l.lower(a))
	}
	n.Pos = min(n.Pos, n.Args[0].Pos)
	if op.Comparison() && slices.ContainsFunc(n.Args, isNull) {
		return l.fail(e, "a comparison with null never holds: write has(c) for not null, !has(c) for null")
	}
	return n
}

func isNull(n *expr.Node) bool { return n.Op == expr.Literal && n.Value.Null() }

func (l *lowering) has(e ast.Expr, c ast.CallExpr) *expr.Node {
	if len(c.Args()) != 1 || c.Args()[0].Kind() != ast.IdentKind {
		return l.failCall(e, operators.Has, "has takes the name of one column, as in has(country)")
	}
	column := c.Args()[0]
	return &expr.Node{Op: expr.Has, Name: column.AsIdent(), Pos: l.pos(column)}
}

func (l *lowering) in(e ast.Expr, c ast.CallExpr) *expr.Node {
	set := c.Args()[1]
	if set.Kind() != ast.ListKind {
		return l.fail(set, "in takes a list of literals, as in country in [\"US\", \"DE\"]")
	}
	n := l.apply(expr.In, e, c.Args()[0])
	for _, item := range set.AsList().Elements() {
		if item.Kind() != ast.LiteralKind {
			return l.fail(item, "the list after in may hold only literals")
		}
		n.Args = append(n.Args, l.literal(item))
	}
	if slices.ContainsFunc(n.Args[1:], isNull) {
		return l.fail(set, "null is never in a list: use !has(c)")
	}
	return n
}
