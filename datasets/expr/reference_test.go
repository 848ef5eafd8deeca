package expr

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// naive is the language written down plainly, rule by rule, and slowly.
func naive(n *Node, row Row) Value {
	args := make([]Value, len(n.Args))
	for i, a := range n.Args {
		args[i] = naive(a, row)
	}
	switch n.Op {
	case Literal:
		return n.Value
	case Column:
		return row(n.Name, n.Type)
	case Has:
		return BoolValue(row(n.Name, Untyped).Type != Untyped)
	case Not:
		return BoolValue(!args[0].Bool)
	case And:
		return BoolValue(args[0].Bool && args[1].Bool)
	case Or:
		return BoolValue(args[0].Bool || args[1].Bool)
	case If:
		if args[0].Bool {
			return args[1]
		}
		return args[2]
	case In:
		for _, item := range args[1:] {
			if naiveRelation(Eq, args[0], item) {
				return BoolValue(true)
			}
		}
		return BoolValue(false)
	case Neg:
		return naiveArithmetic(Sub, Value{Type: args[0].Type}, args[0], -args[0].Number())
	case ToNumber:
		if args[0].Type == Untyped {
			return Value{}
		}
		return IntValue(map[bool]int64{true: 1}[args[0].Bool])
	case Add, Sub, Mul, Div, Mod:
		a, b := args[0].Number(), args[1].Number()
		return naiveArithmetic(n.Op, args[0], args[1], map[Op]float64{Add: a + b, Sub: a - b, Mul: a * b, Div: a / b, Mod: math.Mod(a, b)}[n.Op])
	}
	return BoolValue(naiveRelation(n.Op, args[0], args[1]))
}

func naiveArithmetic(o Op, a, b Value, result float64) Value {
	if a.Type == Untyped || b.Type == Untyped || (o == Div || o == Mod) && b.Number() == 0 {
		return Value{}
	}
	return FloatValue(result)
}

func naiveRelation(o Op, a, b Value) bool {
	if a.Type == Untyped || b.Type == Untyped {
		return false
	}
	order := Compare(a, b)
	return map[Op]bool{
		Eq: order == 0, Ne: order != 0, Lt: order < 0, Le: order <= 0, Gt: order > 0, Ge: order >= 0,
		StartsWith: strings.HasPrefix(a.Text, b.Text), EndsWith: strings.HasSuffix(a.Text, b.Text), Contains: strings.Contains(a.Text, b.Text),
		Matches: o == Matches && regexp.MustCompile(b.Text).MatchString(a.Text),
	}[o]
}

// TestEvalIsTheLanguage: the short ways of Holds and Eval give what the rules say.
func TestEvalIsTheLanguage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SampledFrom([]Type{Bool, Bool, Bool, Number}).Draw(t, "want")
		bound := bind(t, trees(t, want, 5), want)
		for range 5 {
			row := rows(t).untyped(t)
			got, rules := bound.Eval(row), naive(bound, row)
			nan := math.IsNaN(got.Float) && math.IsNaN(rules.Float)
			if got != rules && !nan {
				t.Fatalf("%s is %v, want %v", bound, got, rules)
			}
			if want == Bool && bound.Holds(row) != rules.Bool {
				t.Fatalf("%s holds: %v", bound, bound.Holds(row))
			}
		}
	})
}

func TestNothingEqualsNull(t *testing.T) {
	for _, n := range []*Node{
		op(In, col("s"), null()), op(In, col("n"), null()), op(In, col("u"), null(), text("x")),
		op(Eq, col("s"), null()), op(Ne, col("n"), null()), op(Eq, null(), col("s")),
	} {
		bound, mistakes := n.Bind(shop, Bool)
		if len(mistakes) > 0 {
			t.Fatal(mistakes[0])
		}
		for _, v := range []Value{{}, TextValue(""), IntValue(0)} {
			row := func(_ string, of Type) Value {
				if v.Type != of {
					return Value{}
				}
				return v
			}
			if bound.Holds(row) {
				t.Errorf("%s holds for %v", n, v)
			}
		}
	}
}

// TestPatternsAreCompiledOnce: a bound pattern costs no allocation, which compiling it would.
func TestPatternsAreCompiledOnce(t *testing.T) {
	bound, _ := op(Not, op(Matches, col("s"), text("^(US|DE)$"))).Bind(shop, Bool)
	row := func(string, Type) Value { return TextValue("DE") }
	if n := testing.AllocsPerRun(100, func() { bound.Holds(row) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHolds(b *testing.B) {
	row := func(name string, _ Type) Value {
		if name == "s" {
			return TextValue("DE")
		}
		return TextValue("shopify")
	}
	for name, tree := range map[string]*Node{
		"in-and-equal": op(And, op(In, col("s"), text("US"), text("DE")), op(Eq, col("t"), text("shopify"))),
		"matches":      op(Matches, col("s"), text("^(US|DE)$")),
	} {
		bound, _ := tree.Bind(shop, Bool)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bound.Holds(row)
			}
		})
	}
}
