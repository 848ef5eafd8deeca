package assignment

import (
	"testing"

	"pgregory.net/rapid"

	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// TestEligibleIsTheCondition: part by part, with the short way for texts, it is what the whole condition is.
func TestEligibleIsTheCondition(t *testing.T) {
	parts := []string{
		`a == "1"`, `a in ["1", "US", ""]`, `a in []`, `a != "US"`, `"US" == a`, `a == b`, `n == 1`, `n in [1, 2]`, `n > 0`,
		`b`, `!b`, `has(a)`, `!(a == "US")`, `(a == "US" || n == 1)`, `a.startsWith("U")`, `a.matches("^U")`, `(a == "US" && b)`,
	}
	values := []expr.Value{
		{},
		expr.TextValue("US"), expr.TextValue("1"), expr.TextValue(""), expr.TextValue("true"), expr.IntValue(1), expr.FloatValue(1),
		expr.BoolValue(true), expr.TimeValue(1),
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SampledFrom(parts).Draw(rt, "part")
		for range rapid.IntRange(0, 2).Draw(rt, "more") {
			text += rapid.SampledFrom([]string{" && ", " || ", "&&"}).Draw(rt, "joined by") + rapid.SampledFrom(parts).Draw(rt, "part")
		}
		tree, mistakes := experiment.ParseCondition(text)
		if len(mistakes) > 0 {
			rt.Fatal(mistakes[0])
		}
		s := everybody()
		s.Eligible = &experiment.Condition{Path: "assignment.eligible", Text: text, Tree: tree}
		g, err := NewGate(definition(s))
		if err != nil {
			rt.Skip(err) // an attribute that is asked for as two types
		}
		known := map[string]expr.Value{}
		for _, name := range []string{"a", "b", "n"} {
			known[name] = rapid.SampledFrom(values).Draw(rt, name)
		}
		attributes := func(name string) expr.Value { return known[name] }
		if got, want := g.Eligible(attributes), g.eligible.Holds(reading(attributes)); got != want {
			rt.Fatalf("%s for %v: %v, want %v", text, known, got, want)
		}
		if got, want := g.Eligible(nil), g.eligible.Holds(reading(nil)); got != want {
			rt.Fatalf("%s for nothing: %v, want %v", text, got, want)
		}
	})
}
