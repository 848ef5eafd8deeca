package experiment_test

import (
	"testing"

	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// cell makes a value of what a test writes; an empty text is null.
func cell(v any) expr.Value {
	switch v := v.(type) {
	case bool:
		return expr.BoolValue(v)
	case int:
		return expr.IntValue(int64(v))
	case float64:
		return expr.FloatValue(v)
	case string:
		if v != "" {
			return expr.TextValue(v)
		}
	}
	return expr.Value{}
}

func typesOf(row map[string]any) expr.Columns {
	return func(name string) (expr.Type, bool) {
		v, ok := row[name]
		if v == "" {
			return expr.Text, ok
		}
		return cell(v).Type, ok
	}
}

func eval(t *testing.T, tree *expr.Node, want expr.Type, row map[string]any) expr.Value {
	t.Helper()
	bound, mistakes := tree.Bind(typesOf(row), want)
	if len(mistakes) > 0 {
		t.Fatalf("%s: %v", tree, mistakes[0])
	}
	return bound.Eval(func(column string, _ expr.Type) expr.Value { return cell(row[column]) })
}

func holds(t *testing.T, c *experiment.Condition, row map[string]any) bool {
	t.Helper()
	return eval(t, c.Tree, expr.Bool, row).Bool
}

var shopRow = map[string]any{
	"event": "order_captured", "country": "US", "state": "", "value": 12.5, "items": 3, "big": 1 << 60, "flag": true, "zero": 0,
}

func TestConditions(t *testing.T) {
	for text, want := range map[string]bool{
		`event == "order_captured"`:             true,
		`event == 'order_captured' && value>10`: true,
		`!(country == "US")`:                    false,
		`country in ["DE", "US"]`:               true,
		`country in []`:                         false,
		`items == 3.0 && items < 3.5`:           true,
		`items in [1, 3.0]`:                     true,
		`big == 1152921504606846976`:            true,
		`big == 1152921504606846977`:            false,
		`state == "x"`:                          false,
		`state != "x"`:                          false,
		`!(state == "x")`:                       true,
		`has(state) || !has(country)`:           false,
		`state.startsWith("x")`:                 false,
		`!state.startsWith("x")`:                true,
		`event.startsWith("order") && event.endsWith("ed") && event.contains("_cap") && event.matches("^[a-z_]+$")`: true,
		`flag`:                                   true,
		`flag == true && flag != 0`:              true,
		`1 / zero == 0`:                          false,
		`!(1 / zero == 0)`:                       true,
		`items % 2 == 1`:                         true,
		`(flag ? value : 0) > 12`:                true,
		`-value < -12.4`:                         true,
		`items - 1 == 2 && 1/2 == 0.5`:           true,
		`(has(state) ? state : country) == "US"`: true,
	} {
		tree, mistakes := experiment.ParseCondition(text)
		if len(mistakes) > 0 {
			t.Errorf("%s: %v", text, mistakes[0])
			continue
		}
		if got := eval(t, tree, expr.Bool, shopRow).Bool; got != want {
			t.Errorf("%s is %v", text, got)
		}
	}
}

func TestComputedColumns(t *testing.T) {
	for text, want := range map[string]expr.Value{
		`event == "refund" ? -value : value`: expr.FloatValue(12.5),
		`value * items`:                      expr.FloatValue(37.5),
		`value / zero`:                       {},
		`has(state) ? 1 : null`:              {},
		`flag`:                               expr.IntValue(1),
		`-3`:                                 expr.IntValue(-3),
	} {
		tree, mistakes := experiment.ParseCondition(text)
		if len(mistakes) > 0 {
			t.Errorf("%s: %v", text, mistakes[0])
			continue
		}
		if got := eval(t, tree, expr.Number, shopRow); got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

func TestConditionMistakes(t *testing.T) {
	for _, c := range []struct {
		text string
		pos  int
		want string
	}{
		{`event = "x"`, 6, "write == to compare"},
		{`a and b`, 2, "write && for and"},
		{`a android b`, 2, "not a valid condition: unexpected token after expression"},
		{`a <> b`, 3, "write != for not equal"},
		{`event is null`, 6, "write has(c) for not null, !has(c) for null"},
		{`a == null`, 2, "a comparison with null never holds: write has(c) for not null, !has(c) for null"},
		{`"é" == a &&`, 12, "the condition ends where something is still missing"},
		{`"é" == f(a)`, 8, "there is no function f: conditions have startsWith, endsWith, contains, matches or has"},
		{`a.startWith("x")`, 2, "there is no function startWith: did you mean startsWith?"},
		{`contains(a, "x")`, 0, `write contains after the text that it tests: column.contains("…")`},
		{`a.contains("x", "y")`, 2, "contains takes one text"},
		{`has(a.b)`, 0, "has takes the name of one column, as in has(country)"},
		{`a in b`, 5, `in takes a list of literals, as in country in ["US", "DE"]`},
		{`a in ["x", b]`, 11, "the list after in may hold only literals"},
		{`order.id == 1`, 5, "fields inside a column are not supported: write the name of a column, without a dot"},
		{`a[0] == 1`, 1, "elements of a column are not supported: write the name of a column, without [ ]"},
		{`[1] == a`, 0, "a list may stand only after in"},
		{`{"a": 1} == b`, 0, "maps, messages and comprehensions are not supported in conditions"},
		{`b"x" == a`, 0, "only numbers, texts, true, false and null can be written here"},
		{`18446744073709551615u == a`, 0, "the number 18446744073709551615 is too large"},
		{`import == 1`, 0, "import is a reserved word of CEL and cannot name a column here"},
	} {
		_, mistakes := experiment.ParseCondition(c.text)
		if len(mistakes) == 0 {
			t.Errorf("%s has no mistake", c.text)
		} else if m := mistakes[0]; m.Pos != c.pos || m.Message != c.want {
			t.Errorf("%s: at %d %q, want at %d %q", c.text, m.Pos, m.Message, c.pos, c.want)
		}
	}
}

func TestSeveralMistakesComeOutTogether(t *testing.T) {
	if _, mistakes := experiment.ParseCondition(`a.b == 1 && size(c) > 0`); len(mistakes) != 2 {
		t.Errorf("%d mistakes", len(mistakes))
	}
}
