package expr

import (
	"fmt"
	"regexp"
	"time"
)

// Error is a mistake in an expression, at an offset in its text.
type Error struct {
	Pos     int
	Column  string // set when the mistake is that this column does not exist
	Message string
}

func (e *Error) Error() string { return e.Message }

// Columns says which type a column has, and whether it exists.
type Columns func(name string) (t Type, ok bool)

// Bind returns a typed copy of the expression whose outcome has type want, or all mistakes that it finds.
// A column that its source cannot type takes the type that its place asks for, and is a text where any type will do.
func (n *Node) Bind(columns Columns, want Type) (*Node, []*Error) {
	if n == nil {
		return nil, nil
	}
	b := binder{columns: columns}
	out := b.bind(n)
	if want == Untyped && out.Type == Untyped && out.Op != Literal {
		want = Text
	}
	out = b.coerce(out, want)
	if len(b.errors) > 0 {
		return nil, b.errors
	}
	return out, nil
}

type binder struct {
	columns Columns
	errors  []*Error
}

func (b *binder) fail(at *Node, format string, args ...any) {
	b.errors = append(b.errors, &Error{Pos: at.Pos, Message: fmt.Sprintf(format, args...)})
}

func (b *binder) bind(n *Node) *Node {
	out := *n
	switch n.Op {
	case Literal:
		out.Type = n.Value.Type
		return &out
	case Column, Has:
		t, ok := b.columns(n.Name)
		if !ok {
			b.errors = append(b.errors, &Error{Pos: n.Pos, Column: n.Name, Message: fmt.Sprintf("there is no column %q", n.Name)})
		}
		out.Type = t
		if n.Op == Has {
			out.Type = Bool
		}
		return &out
	}
	out.Args = make([]*Node, len(n.Args))
	for i, a := range n.Args {
		out.Args[i] = b.bind(a)
	}
	b.typeOf(&out)
	return &out
}

// typeOf settles the types of a node's arguments and with them its own.
func (b *binder) typeOf(n *Node) {
	n.Type = Bool
	switch {
	case n.Op == Not, n.Op == And, n.Op == Or:
		b.coerceAll(n, Bool)
	case n.Op.TextFunction():
		b.coerceAll(n, Text)
		b.checkPattern(n)
	case n.Op.Comparison():
		b.unify(n)
	case n.Op == In:
		b.unify(n)
		for _, a := range n.Args[1:] {
			if a.Op != Literal {
				b.fail(a, "the list after in may hold only literals")
			}
		}
	case n.Op == If:
		n.Args[0] = b.coerce(n.Args[0], Bool)
		*n = *b.branches(n, commonType(n.Args[1:]))
	default:
		b.coerceAll(n, Number)
		n.Type = Number
	}
}

func (b *binder) checkPattern(n *Node) {
	if n.Op != Matches {
		return
	}
	if n.Args[1].Op != Literal {
		b.fail(n.Args[1], "matches takes a literal pattern")
		return
	}
	var err error
	if n.pattern, err = regexp.Compile(n.Args[1].Value.Text); err != nil {
		b.fail(n.Args[1], "not a valid pattern: %v", err)
	}
}

func (b *binder) coerceAll(n *Node, want Type) {
	for i := range n.Args {
		n.Args[i] = b.coerce(n.Args[i], want)
	}
}

// unify gives the arguments of a comparison a common type. Where none of them has one they are numbers if they are ordered,
// else texts.
func (b *binder) unify(n *Node) {
	want := commonType(n.Args)
	if want == Untyped {
		want = Text
		if n.Op != Eq && n.Op != Ne && n.Op != In {
			want = Number
		}
	}
	b.coerceAll(n, want)
}

// commonType is the type of the first argument that has one. Booleans beside numbers are numbers, texts beside times are times.
func commonType(args []*Node) Type {
	common := Untyped
	for _, a := range args {
		if t := a.Type; t != Untyped && (common == Untyped || (common == Bool && t == Number) || (common == Text && t == Time)) {
			common = t
		}
	}
	return common
}

// branches gives both outcomes of a conditional the type want; Untyped leaves them to the place where the conditional stands.
func (b *binder) branches(n *Node, want Type) *Node {
	out := retype(n, want)
	out.Args = []*Node{n.Args[0], b.coerce(n.Args[1], want), b.coerce(n.Args[2], want)}
	return out
}

func (b *binder) coerce(n *Node, want Type) *Node {
	switch {
	case want == Untyped || n.Type == want:
	case n.Type == Untyped && n.Op == If:
		return b.branches(n, want)
	case n.Type == Untyped:
		if n.Op != Literal { // null takes any type
			return retype(n, want)
		}
	case n.Type == Bool && want == Number && n.Op == Literal:
		return &Node{Op: Literal, Type: Number, Pos: n.Pos, Value: IntValue(int64(boolInt(n.Value.Bool)))}
	case n.Type == Bool && want == Number:
		return &Node{Op: ToNumber, Type: Number, Pos: n.Pos, Args: []*Node{n}}
	case n.Op == Literal && n.Type == Text && want == Time:
		return b.timeLiteral(n)
	case want == Bool && n.Op == Column:
		b.fail(n, "column %q is %s, a condition needs true or false: compare it with something", n.Name, article(n.Type))
	case want == Bool:
		b.fail(n, "%s is %s, and a condition must be true or false: compare it with something", n, article(n.Type))
	default:
		b.fail(n, "%s is %s where %s is needed", n, article(n.Type), article(want))
	}
	return n
}

func retype(n *Node, want Type) *Node {
	out := *n
	out.Type = want
	return &out
}

func (b *binder) timeLiteral(n *Node) *Node {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, n.Value.Text); err == nil {
			return &Node{Op: Literal, Type: Time, Pos: n.Pos, Value: TimeValue(t.UnixMicro())}
		}
	}
	b.fail(n, "%s is not a time: write it as 2026-10-01 or 2026-10-01T12:00:00Z", n)
	return n
}

func article(t Type) string {
	return map[Type]string{Untyped: "of no type", Bool: "a boolean", Number: "a number", Text: "a text", Time: "a time"}[t]
}
