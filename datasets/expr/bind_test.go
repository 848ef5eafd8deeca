package expr

import (
	"strings"
	"testing"
)

// The constructors of trees for tests; positions count from 1 to tell nodes apart.
func col(name string) *Node     { return &Node{Op: Column, Name: name} }
func has(name string) *Node     { return &Node{Op: Has, Name: name} }
func lit(v Value) *Node         { return &Node{Op: Literal, Value: v} }
func num(f float64) *Node       { return lit(FloatValue(f)) }
func integer(i int64) *Node     { return lit(IntValue(i)) }
func text(s string) *Node       { return lit(TextValue(s)) }
func boolean(b bool) *Node      { return lit(BoolValue(b)) }
func null() *Node               { return lit(Value{}) }
func op(o Op, a ...*Node) *Node { return &Node{Op: o, Args: a} }

// shop has a column of each type: u is one that its source cannot type.
func shop(name string) (Type, bool) {
	t, ok := map[string]Type{
		"b": Bool, "n": Number, "m": Number, "s": Text, "t": Text, "at": Time, "until": Time, "u": Untyped, "v": Untyped,
	}[name]
	return t, ok
}

func TestBindGivesColumnsTheirTypes(t *testing.T) {
	for _, c := range []struct {
		tree *Node
		want Type
		read string // columns and the types that they are read as
	}{
		{op(Eq, col("s"), text("x")), Bool, "s text"},
		{op(Eq, col("u"), text("x")), Bool, "u text"},
		{op(Eq, col("u"), num(1)), Bool, "u number"},
		{op(Eq, col("u"), boolean(true)), Bool, "u boolean"},
		{op(Eq, col("u"), col("v")), Bool, "u text, v text"},
		{op(Lt, col("u"), col("v")), Bool, "u number, v number"},
		{op(Lt, col("u"), text("x")), Bool, "u text"},
		{op(Ge, col("at"), text("2026-10-01")), Bool, "at time"},
		{op(Ge, text("2026-10-01T12:30:00Z"), col("at")), Bool, "at time"},
		{op(In, col("at"), text("2026-10-01"), text("2026-10-02 08:00:00")), Bool, "at time"},
		{op(Lt, col("u"), col("at")), Bool, "at time, u time"},
		{op(Eq, col("b"), integer(1)), Bool, "b boolean"},
		{op(In, col("b"), integer(1), boolean(true)), Bool, "b boolean"},
		{op(And, col("u"), col("b")), Bool, "b boolean, u boolean"},
		{col("u"), Bool, "u boolean"},
		{col("u"), Number, "u number"},
		{col("u"), Untyped, "u text"},
		{col("b"), Number, "b boolean"},
		{has("n"), Bool, "n untyped"},
		{op(Sub, col("u"), col("b")), Number, "b boolean, u number"},
		{op(StartsWith, col("u"), col("v")), Bool, "u text, v text"},
		{op(If, col("u"), col("v"), num(0)), Number, "u boolean, v number"},
		{op(If, col("b"), col("u"), col("v")), Bool, "b boolean, u boolean, v boolean"},
		{op(If, col("b"), col("u"), col("v")), Untyped, "b boolean, u text, v text"},
		{op(If, col("b"), col("u"), null()), Number, "b boolean, u number"},
		{op(Eq, op(If, col("b"), col("u"), col("v")), num(5)), Bool, "b boolean, u number, v number"},
		{op(If, col("b"), col("b"), num(2)), Number, "b boolean"},
	} {
		bound, mistakes := c.tree.Bind(shop, c.want)
		if len(mistakes) > 0 {
			t.Errorf("%s as %s: %v", c.tree, c.want, mistakes[0])
			continue
		}
		var read []string
		for _, u := range bound.Columns() {
			read = append(read, u.Name+" "+u.Type.String())
		}
		if got := strings.Join(read, ", "); got != c.read {
			t.Errorf("%s as %s reads %s, want %s", c.tree, c.want, got, c.read)
		}
		if c.want != Untyped && bound.Type != c.want {
			t.Errorf("%s is bound to %s, want %s", c.tree, bound.Type, c.want)
		}
		if c.tree.Type != Untyped {
			t.Errorf("binding %s has changed it", c.tree)
		}
	}
}

func TestBindFindsMistakes(t *testing.T) {
	for _, c := range []struct {
		tree *Node
		want Type
		say  string
	}{
		{op(Eq, col("x"), num(1)), Bool, `there is no column "x"`},
		{has("x"), Bool, `there is no column "x"`},
		{op(Eq, col("s"), num(1)), Bool, "1 is a number where a text is needed"},
		{op(Eq, col("s"), col("at")), Bool, "s is a text where a time is needed"},
		{op(Lt, col("at"), text("soon")), Bool, `"soon" is not a time: write it as 2026-10-01 or 2026-10-01T12:00:00Z`},
		{op(Lt, col("at"), num(5)), Bool, "5 is a number where a time is needed"},
		{op(And, col("n"), col("b")), Bool, `column "n" is a number, a condition needs true or false: compare it with something`},
		{op(Add, col("n"), num(1)), Bool, "(n + 1) is a number, and a condition must be true or false: compare it with something"},
		{op(Add, col("s"), num(1)), Number, "s is a text where a number is needed"},
		{op(Neg, col("at")), Number, "at is a time where a number is needed"},
		{op(Contains, col("n"), text("x")), Bool, "n is a number where a text is needed"},
		{op(Matches, col("s"), col("t")), Bool, "matches takes a literal pattern"},
		{op(Matches, col("s"), text("(")), Bool, "not a valid pattern: error parsing regexp: missing closing ): `(`"},
		{op(In, col("s"), col("t")), Bool, "the list after in may hold only literals"},
		{op(If, col("b"), col("s"), num(1)), Untyped, "1 is a number where a text is needed"},
		{op(Eq, col("s"), text("x")), Number, ""},
	} {
		_, mistakes := c.tree.Bind(shop, c.want)
		switch {
		case c.say == "" && len(mistakes) > 0:
			t.Errorf("%s: %v", c.tree, mistakes[0])
		case c.say != "" && (len(mistakes) != 1 || mistakes[0].Message != c.say):
			t.Errorf("%s: %v, want %s", c.tree, mistakes, c.say)
		}
	}
}

func TestBindFindsAllMistakes(t *testing.T) {
	tree := op(And, op(Eq, col("x"), num(1)), op(Or, op(Eq, col("y"), num(1)), col("n")))
	if _, mistakes := tree.Bind(shop, Bool); len(mistakes) != 3 || mistakes[0].Column != "x" || mistakes[1].Column != "y" {
		t.Errorf("found %v", mistakes)
	}
}

func TestNilHoldsAlways(t *testing.T) {
	var none *Node
	bound, mistakes := none.Bind(shop, Bool)
	if bound != nil || mistakes != nil || !bound.Holds(nil) || bound.String() != "" || bound.Columns() != nil || bound.Conjuncts() != nil {
		t.Error("a nil condition is not empty")
	}
}
