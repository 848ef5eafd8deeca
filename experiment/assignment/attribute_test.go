package assignment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets/expr"
	"liftgate/experiment"
)

func TestAttributesAreThoseOfTheCondition(t *testing.T) {
	s := everybody()
	tree, mistakes := experiment.ParseCondition(`age >= 18 && has(email) && country == "US" && loyal`)
	if len(mistakes) > 0 {
		t.Fatal(mistakes[0])
	}
	s.Eligible = &experiment.Condition{Path: "assignment.eligible", Text: tree.String(), Tree: tree}
	a, err := New(definition(s), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []expr.Used{{Name: "age", Type: expr.Number}, {Name: "country", Type: expr.Text}, {Name: "email"}, {Name: "loyal", Type: expr.Bool}}
	if diff := cmp.Diff(want, a.Attributes()); diff != "" {
		t.Error(diff)
	}
	if none, err := New(definition(everybody()), nil); err != nil || none.Attributes() != nil {
		t.Errorf("nobody is asked for anything, but: %v, %v", none.Attributes(), err)
	}
}

func TestReadable(t *testing.T) {
	for _, c := range []struct {
		value expr.Value
		as    expr.Type
		want  bool
	}{
		{expr.Value{}, expr.Number, true},
		{expr.TextValue("18"), expr.Number, true},
		{expr.TextValue("old"), expr.Number, false},
		{expr.TextValue("old"), expr.Text, true},
		{expr.TextValue("old"), expr.Untyped, true},
		{expr.IntValue(1), expr.Bool, false},
		{expr.IntValue(1), expr.Text, true},
		{expr.BoolValue(true), expr.Number, false},
		{expr.TextValue("2026-10-01"), expr.Time, true},
		{expr.TextValue("soon"), expr.Time, false},
	} {
		if got := Readable(c.value, c.as); got != c.want {
			t.Errorf("%s as %s: %v", c.value, c.as, got)
		}
	}
}
