package expr

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

var columnsOf = map[Type][]string{Bool: {"b"}, Number: {"n", "m"}, Text: {"s", "t"}, Time: {"at", "until"}}

// trees draws a tree that binds to the type.
func trees(t *rapid.T, want Type, depth int) *Node {
	leaf := depth <= 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0
	switch {
	case rapid.IntRange(0, 15).Draw(t, "untyped") == 0:
		return col(rapid.SampledFrom([]string{"u", "v"}).Draw(t, "column"))
	case leaf && rapid.Bool().Draw(t, "column"):
		return col(rapid.SampledFrom(columnsOf[want]).Draw(t, "name"))
	case leaf:
		return lit(values(t, want))
	case rapid.IntRange(0, 4).Draw(t, "conditional") == 0:
		return op(If, trees(t, Bool, depth-1), trees(t, want, depth-1), trees(t, want, depth-1))
	case want == Number && rapid.IntRange(0, 4).Draw(t, "negated") == 0:
		return op(Neg, trees(t, Number, depth-1))
	case want == Number:
		o := rapid.SampledFrom([]Op{Add, Sub, Mul, Div, Mod}).Draw(t, "op")
		return op(o, trees(t, Number, depth-1), trees(t, Number, depth-1))
	case want == Bool:
		return conditions(t, depth)
	}
	return col(rapid.SampledFrom(columnsOf[want]).Draw(t, "name"))
}

func conditions(t *rapid.T, depth int) *Node {
	of := rapid.SampledFrom([]Type{Bool, Number, Text, Time}).Draw(t, "of")
	switch o := rapid.SampledFrom([]Op{Not, And, Or, Eq, Ne, Lt, Le, Gt, Ge, In, Has, StartsWith, EndsWith, Contains, Matches}).Draw(t, "op"); {
	case o == Has:
		return has(rapid.SampledFrom(columnsOf[of]).Draw(t, "name"))
	case o == Not:
		return op(Not, trees(t, Bool, depth-1))
	case o == And || o == Or:
		return op(o, trees(t, Bool, depth-1), trees(t, Bool, depth-1))
	case o == Matches:
		return op(o, trees(t, Text, depth-1), text("^a*$"))
	case o.TextFunction():
		return op(o, trees(t, Text, depth-1), trees(t, Text, depth-1))
	case o == In:
		n := op(In, col(rapid.SampledFrom(columnsOf[of]).Draw(t, "name")))
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			n.Args = append(n.Args, lit(values(t, of)))
		}
		return n
	default: // one side has a type of its own, so that the other takes it
		return op(o, col(rapid.SampledFrom(columnsOf[of]).Draw(t, "name")), trees(t, of, depth-1))
	}
}

// values draws a literal or cell that is not null, from so few that equal ones meet.
func values(t *rapid.T, of Type) Value {
	switch of {
	case Bool:
		return BoolValue(rapid.Bool().Draw(t, "bool"))
	case Text:
		return TextValue(rapid.SampledFrom([]string{"", "a", "aa", "b", "ab"}).Draw(t, "text"))
	case Time:
		return TimeValue(rapid.Int64Range(0, 3).Draw(t, "time"))
	}
	if rapid.Bool().Draw(t, "exact") {
		return IntValue(rapid.Int64Range(-2, 2).Draw(t, "int"))
	}
	return FloatValue(rapid.SampledFrom([]float64{-1, 0, 0.5, 1, 2}).Draw(t, "float"))
}

// rows draws a row of the shop, a third of it null.
func rows(t *rapid.T) cells {
	row := cells{}
	for _, of := range []Type{Bool, Number, Text, Time} {
		for _, name := range columnsOf[of] {
			if rapid.IntRange(0, 2).Draw(t, "null") > 0 {
				row[name] = values(t, of)
			}
		}
	}
	return row
}

// untyped gives cells of columns without a type as the type that is asked for.
func (c cells) untyped(t *rapid.T) Row {
	read := map[Used]Value{}
	return func(name string, of Type) Value {
		if name != "u" && name != "v" {
			return c[name]
		}
		key := Used{name, of}
		if _, ok := read[key]; !ok {
			read[key] = Value{}
			if of != Untyped && rapid.Bool().Draw(t, "present") {
				read[key] = values(t, of)
			}
		}
		return read[key]
	}
}

func bind(t *rapid.T, tree *Node, want Type) *Node {
	bound, mistakes := tree.Bind(shop, want)
	if len(mistakes) > 0 {
		t.Fatalf("%s: %v", tree, mistakes[0])
	}
	return bound
}

// TestLogicIsTwoValued: whatever is null, a condition holds or its negation does, and De Morgan's laws are true.
func TestLogicIsTwoValued(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := trees(t, Bool, 3), trees(t, Bool, 3)
		row := rows(t).untyped(t)
		holds := func(n *Node) bool { return bind(t, n, Bool).Holds(row) }
		if holds(a) == holds(op(Not, a)) {
			t.Errorf("%s and its negation are both %v", a, holds(a))
		}
		if holds(op(Not, op(And, a, b))) != holds(op(Or, op(Not, a), op(Not, b))) {
			t.Errorf("%s, %s: De Morgan", a, b)
		}
		both := bind(t, op(And, a, b), Bool)
		all := true
		for _, part := range both.Conjuncts() {
			all = all && part.Holds(row)
		}
		if all != both.Holds(row) {
			t.Errorf("%s differs from its conjuncts", both)
		}
	})
}

// TestComparisonsPartition: without nulls exactly one of <, ==, > holds; with a null no comparison does.
func TestComparisonsPartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.SampledFrom([]Type{Bool, Number, Text, Time}).Draw(t, "of")
		left, right := col(rapid.SampledFrom(columnsOf[of]).Draw(t, "left")), trees(t, of, 2)
		row := rows(t).untyped(t)
		holds := func(o Op) bool { return bind(t, op(o, left, right), Bool).Holds(row) }
		null := row(left.Name, of).Null() || bind(t, op(Eq, left, right), Bool).Args[1].Eval(row).Null()
		var held int
		for _, o := range []Op{Lt, Eq, Gt} {
			if holds(o) {
				held++
			}
		}
		if null != (held == 0) || held > 1 {
			t.Errorf("%s against %s: %d hold, null is %v", left, right, held, null)
		}
		if holds(Ne) != (!null && !holds(Eq)) || holds(Le) != (holds(Lt) || holds(Eq)) || holds(Ge) != (holds(Gt) || holds(Eq)) {
			t.Errorf("%s against %s: !=, <= and >= do not follow from <, == and >", left, right)
		}
		if in := bind(t, op(In, left, lit(values(t, of))), Bool); in.Holds(row) != op(Eq, in.Args[0], in.Args[1]).Eval(row).Bool {
			t.Errorf("%s differs from ==", in)
		}
	})
}

// TestBoundTreesReadWhatTheySay: outcomes have the type of the tree, conditions are never null, and Columns lists all that is read.
func TestBoundTreesReadWhatTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SampledFrom([]Type{Bool, Number}).Draw(t, "want")
		tree := trees(t, want, 4)
		printed := tree.String()
		bound := bind(t, tree, want)
		listed := map[Used]bool{}
		for _, u := range bound.Columns() {
			listed[u] = true
		}
		row := rows(t).untyped(t)
		got := bound.Eval(func(name string, of Type) Value {
			if !listed[Used{name, of}] {
				t.Errorf("%s reads %s as %s, which Columns does not list", bound, name, of)
			}
			return row(name, of)
		})
		isColumn := bound.Op == Column || bound.Op == If // their cells may be null
		if got.Type != want && !(got.Null() && (want == Number || isColumn)) {
			t.Errorf("%s is %v, want a %s", bound, got, want)
		}
		if tree.String() != printed {
			t.Errorf("binding has changed %s into %s", printed, tree)
		}
	})
}

func TestCompareNumbersIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		near := rapid.SampledFrom([]int64{0, 1 << 53, 1<<62 + 1, math.MaxInt64, math.MinInt64}).Draw(t, "near")
		i := near + rapid.Int64Range(-3, 3).Draw(t, "off") // may wrap around: any integer will do
		f := rapid.OneOf(rapid.Float64(), rapid.Just(float64(i)), rapid.Just(math.Nextafter(float64(i), math.Inf(1))),
			rapid.Just(float64(i)+0.5)).Draw(t, "float")
		want := new(big.Float).SetInt64(i).Cmp(big.NewFloat(f))
		if got := CompareIntFloat(i, f); got != want {
			t.Errorf("%d against %v is %d, want %d", i, f, got, want)
		}
		if back := Compare(FloatValue(f), IntValue(i)); back != -want {
			t.Errorf("%v against %d is %d, want %d", f, i, back, -want)
		}
	})
}

func TestEqualStringsMeanEqualOutcomes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := trees(t, Bool, 2), trees(t, Bool, 2)
		row := rows(t).untyped(t)
		if a.String() == b.String() && bind(t, a, Bool).Holds(row) != bind(t, b, Bool).Holds(row) {
			t.Errorf("%s has two outcomes", a)
		}
	})
}
