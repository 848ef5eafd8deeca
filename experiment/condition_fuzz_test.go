package experiment_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// FuzzParseCondition: no text makes the parser panic, mistakes lie inside the text, and what a tree prints is the same tree.
func FuzzParseCondition(f *testing.F) {
	for _, text := range []string{
		`event == "order_captured" && !(country in ["US", "DE"])`, `has(x) ? -x / 2.5 : null`, `a.matches("^\\d+$") || b % 3 >= 1e-3`,
		`f(a`, `a = b`, `"é" < 'ü'`, `a in [1, -2.0, true]`, `r"\d" == b"x"`, `a.b[0]`, `1u`, "", `-0.0 == a`, `---0`, `!(!a)`, `-(-a)`, `-(!a)`, `!(-a)`, `(-a).matches("b")`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree, mistakes := experiment.ParseCondition(text)
		for _, m := range mistakes {
			if m.Pos < 0 || m.Pos > len(text) || m.Message == "" {
				t.Fatalf("mistake %+v in %q", m, text)
			}
		}
		if len(mistakes) > 0 || !utf8.ValidString(text) {
			return
		}
		if bound, mistakes := tree.Bind(func(string) (expr.Type, bool) { return expr.Untyped, true }, expr.Bool); len(mistakes) == 0 {
			bound.Eval(func(string, expr.Type) expr.Value { return expr.Value{} })
		}
		printed := tree.String()
		again, mistakes := experiment.ParseCondition(printed)
		if len(mistakes) > 0 && strings.Contains(mistakes[0].Message, "recursion") {
			return // printing adds brackets
		}
		if len(mistakes) > 0 || again.String() != printed {
			t.Fatalf("%q prints %s, which parses as %s, %v", text, printed, again, mistakes)
		}
	})
}
