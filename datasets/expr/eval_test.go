package expr

import (
	"math"
	"testing"
)

// cells is a row of the shop: what is not in it is null.
type cells map[string]Value

func (c cells) row(name string, _ Type) Value { return c[name] }

var order = cells{
	"b": BoolValue(true), "n": IntValue(7), "m": FloatValue(2.5), "s": TextValue("order_captured"), "at": TimeValue(1_790_812_800_000_000),
}

// TestNullRules pins down what the package comment says.
func TestNullRules(t *testing.T) {
	absent := col("t") // a text that is null in this row
	nothing := op(Div, col("n"), num(0))
	for _, c := range []struct {
		tree *Node
		want bool
	}{
		{op(Eq, absent, text("x")), false},
		{op(Ne, absent, text("x")), false},
		{op(Not, op(Eq, absent, text("x"))), true},
		{op(Not, op(Ne, absent, text("x"))), true},
		{op(Eq, absent, absent), false},
		{op(Lt, absent, text("x")), false},
		{op(Ge, absent, text("x")), false},
		{op(In, absent, text("x")), false},
		{op(Not, op(In, absent, text("x"))), true},
		{op(Contains, absent, text("")), false},
		{op(Matches, absent, text(".*")), false},
		{op(StartsWith, text("x"), absent), false},
		{has("t"), false},
		{op(Not, has("t")), true},
		{has("s"), true},
		{op(Eq, nothing, num(0)), false},
		{op(Ne, nothing, num(0)), false},
		{op(Eq, op(Mod, col("n"), num(0)), num(0)), false},
		{op(Eq, op(Add, nothing, num(1)), num(1)), false},
		{op(Eq, op(Neg, nothing), num(0)), false},
		{op(Or, op(Eq, absent, text("x")), has("s")), true},
		{op(And, op(Not, op(Eq, absent, text("x"))), has("s")), true},
		{op(If, op(Eq, absent, text("x")), boolean(true), boolean(false)), false},
		{op(Eq, op(If, has("t"), absent, col("s")), text("order_captured")), true},
		{null(), false},
		{op(Eq, col("s"), null()), false},
		{op(Ne, col("s"), null()), false},
	} {
		bound, mistakes := c.tree.Bind(shop, Bool)
		if len(mistakes) > 0 {
			t.Errorf("%s: %v", c.tree, mistakes[0])
		} else if got := bound.Holds(order.row); got != c.want {
			t.Errorf("%s is %v", c.tree, got)
		}
	}
}

func TestEval(t *testing.T) {
	for _, c := range []struct {
		tree *Node
		as   Type
		want Value
	}{
		{op(Add, col("n"), col("m")), Number, FloatValue(9.5)},
		{op(Sub, col("n"), col("m")), Number, FloatValue(4.5)},
		{op(Mul, col("n"), col("m")), Number, FloatValue(17.5)},
		{op(Div, integer(1), integer(2)), Number, FloatValue(0.5)},
		{op(Mod, col("n"), col("m")), Number, FloatValue(2)},
		{op(Mod, op(Neg, col("n")), integer(3)), Number, FloatValue(-1)},
		{op(Add, col("b"), col("b")), Number, FloatValue(2)},
		{col("b"), Number, IntValue(1)},
		{col("n"), Number, IntValue(7)},
		{op(Eq, col("b"), integer(1)), Bool, BoolValue(true)},
		{op(In, col("b"), integer(0), boolean(true)), Bool, BoolValue(true)},
		{op(In, col("n"), num(7), num(8)), Bool, BoolValue(true)},
		{op(Ge, col("at"), text("2026-10-01")), Bool, BoolValue(true)},
		{op(Gt, col("at"), text("2026-10-01")), Bool, BoolValue(false)},
		{op(Eq, col("at"), text("2026-10-01T02:00:00+02:00")), Bool, BoolValue(true)},
		{op(EndsWith, col("s"), text("captured")), Bool, BoolValue(true)},
		{op(Matches, col("s"), text("^order_(captured|placed)$")), Bool, BoolValue(true)},
		{op(Contains, col("s"), text("_cap")), Bool, BoolValue(true)},
		{op(If, op(Eq, col("s"), text("refund")), op(Neg, col("m")), col("m")), Number, FloatValue(2.5)},
		{op(Eq, integer(1<<53+1), num(1<<53)), Bool, BoolValue(false)},
		{op(Gt, integer(math.MaxInt64), num(math.MaxInt64)), Bool, BoolValue(false)},
	} {
		bound, mistakes := c.tree.Bind(shop, c.as)
		if len(mistakes) > 0 {
			t.Errorf("%s: %v", c.tree, mistakes[0])
		} else if got := bound.Eval(order.row); got != c.want {
			t.Errorf("%s is %v, want %v", c.tree, got, c.want)
		}
	}
}

func TestStrings(t *testing.T) {
	for want, tree := range map[string]*Node{
		`((s == "a\"b") && !has(t))`:          op(And, op(Eq, col("s"), text(`a"b`)), op(Not, has("t"))),
		`((n < 1.5) || (b in [true, false]))`: op(Or, op(Lt, col("n"), num(1.5)), op(In, col("b"), boolean(true), boolean(false))),
		`(has(m) ? -(n % 3) : null)`:          op(If, has("m"), op(Neg, op(Mod, col("n"), integer(3))), null()),
		`s.startsWith("x")`:                   op(StartsWith, col("s"), text("x")),
		`-(!b)`:                               op(Neg, op(ToNumber, op(Not, col("b")))),
		`!(-n)`:                               op(Not, op(Neg, col("n"))),
		`(-n).contains("x")`:                  op(Contains, op(Neg, col("n")), text("x")),
		`"2026-10-01T00:00:00Z"`:              lit(TimeValue(1_790_812_800_000_000)),
		`((n - 1) >= (m * (2 / 3)))`:          op(Ge, op(Sub, col("n"), integer(1)), op(Mul, col("m"), op(Div, integer(2), integer(3)))),
	} {
		if got := tree.String(); got != want {
			t.Errorf("prints %s, want %s", got, want)
		}
	}
	bound, _ := op(Add, col("b"), num(1)).Bind(shop, Number)
	if got := bound.String(); got != "(b + 1)" {
		t.Errorf("a converted boolean prints %s", got)
	}
}

func TestPlain(t *testing.T) {
	for want, v := range map[string]Value{"": {}, "x": TextValue("x"), "true": BoolValue(true), "7": IntValue(7), "0.1": FloatValue(0.1), "2026-10-01T00:00:00Z": TimeValue(1_790_812_800_000_000)} {
		if got := v.Plain(); got != want {
			t.Errorf("%v prints %q, want %q", v, got, want)
		}
	}
}
