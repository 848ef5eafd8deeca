package assignment

import (
	"testing"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// targeted adds the specification's example of a condition.
func targeted(tb testing.TB, s *experiment.Assignment) *Assigner {
	tb.Helper()
	text := `country in ["US", "DE"] && platform == "shopify"`
	tree, mistakes := experiment.ParseCondition(text)
	if len(mistakes) > 0 {
		tb.Fatal(mistakes[0])
	}
	s.Eligible = &experiment.Condition{Path: "assignment.eligible", Text: text, Tree: tree}
	a, err := New(definition(s), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// asks are assignments by how much they hash.
func asks() map[string]*experiment.Assignment {
	three := everybody()
	three.Traffic, three.Layer, three.Slots = bucket.Million-1, "checkout", [2]int{0, 998}
	v1, v2 := everybody(), everybody()
	v1.Hash, v2.Hash = "growthbook-v1", "growthbook-v2"
	return map[string]*experiment.Assignment{"sha256/hashes=1": everybody(), "sha256/hashes=3": three, "growthbook-v1": v1, "growthbook-v2": v2}
}

// shopper is a unit with two attributes, the way a service has them.
type shopper struct{ country, platform string }

func (s *shopper) attribute(name string) expr.Value {
	switch name {
	case "country":
		return expr.TextValue(s.country)
	case "platform":
		return expr.TextValue(s.platform)
	}
	return expr.Value{}
}

func BenchmarkAssign(b *testing.B) {
	for name, s := range asks() {
		a := targeted(b, s)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s := shopper{"DE", "shopify"}
				if a.Assign("shopper-0123456789", s.attribute).Reason != bucket.Assigned {
					b.Fatal("not assigned")
				}
			}
		})
	}
}

func TestAssigningAllocatesNothing(t *testing.T) {
	for name, s := range asks() {
		a := targeted(t, s)
		n := testing.AllocsPerRun(100, func() {
			s := shopper{"DE", "shopify"}
			a.Assign("shopper-0123456789", s.attribute)
		})
		if n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
