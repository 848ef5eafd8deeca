package assignment

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// vectors were computed by testdata/vectors.py, which shares no code with the project.
type vectors struct {
	Plans []struct {
		Name, Salt, Layer, Holdout string
		Traffic                    uint64
		Slots                      [2]int
		HoldoutShare               uint64 `json:"holdout_share"`
		Variants                   [][2]any
		Force                      map[string]string
	}
	Cases []struct {
		Plan, Unit, Variant string
		Reason              bucket.Reason
		Point               string
	}
}

func readVectors(t *testing.T) (vectors, map[string]*experiment.Definition) {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber() // weights need all 64 bits
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	definitions := map[string]*experiment.Definition{}
	for _, p := range v.Plans {
		d := &experiment.Definition{Name: p.Name, Assignment: &experiment.Assignment{
			Salt: p.Salt, Hash: "sha256", Traffic: p.Traffic, Layer: p.Layer, Slots: p.Slots, Holdout: p.Holdout, HoldoutShare: p.HoldoutShare,
		}}
		for _, variant := range p.Variants {
			weight, err := strconv.ParseUint(variant[1].(json.Number).String(), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			d.Variants = append(d.Variants, experiment.Variant{Name: variant[0].(string), Weight: weight})
		}
		for unit, variant := range p.Force {
			d.Assignment.Force = append(d.Assignment.Force, experiment.Forced{Unit: unit, Variant: variant})
		}
		definitions[p.Name] = d
	}
	return v, definitions
}

func TestVectors(t *testing.T) {
	v, definitions := readVectors(t)
	for _, c := range v.Cases {
		a, err := New(definitions[c.Plan])
		if err != nil {
			t.Fatal(err)
		}
		point, err := strconv.ParseUint(c.Point, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		want := Outcome{Variant: c.Variant, Reason: c.Reason, Point: point}
		if got := a.Assign(c.Unit, nil); got != want {
			t.Errorf("%s: %q: got %+v, want %+v", c.Plan, c.Unit, got, want)
		}
	}
}

func definition(a *experiment.Assignment) *experiment.Definition {
	return &experiment.Definition{
		Name: "express", Control: "control", Assignment: a,
		Variants: []experiment.Variant{{Name: "control", Weight: 1}, {Name: "amazon_pay", Weight: 3}},
	}
}

func everybody() *experiment.Assignment {
	return &experiment.Assignment{Salt: "express", Hash: "sha256", Traffic: bucket.Million}
}

func TestPlanDefaults(t *testing.T) {
	got, err := Plan(definition(nil))
	if err != nil {
		t.Fatal(err)
	}
	want := &bucket.Plan{Salt: "express", Traffic: bucket.Million, Weights: []uint64{1, 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNotSupported(t *testing.T) {
	growthbook := everybody()
	growthbook.Hash = "growthbook-v1"
	paired := everybody()
	paired.Design = &experiment.Design{Method: "paired"}
	for what, a := range map[string]*experiment.Assignment{"growthbook-v1": growthbook, "paired": paired} {
		_, err := New(definition(a))
		if !errors.Is(err, ErrNotSupported) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// call is a comparison of an attribute with a literal.
func call(op expr.Op, name string, literals ...expr.Value) *expr.Node {
	n := &expr.Node{Op: op, Args: []*expr.Node{{Op: expr.Column, Name: name}}}
	for _, l := range literals {
		n.Args = append(n.Args, &expr.Node{Op: expr.Literal, Type: l.Type, Value: l})
	}
	return n
}

func eligible(t *testing.T, tree *expr.Node) *Assigner {
	t.Helper()
	a := everybody()
	a.Force = []experiment.Forced{{Unit: "tester", Variant: "amazon_pay"}}
	a.Eligible = &experiment.Condition{Path: "assignment.eligible", Text: tree.String(), Tree: tree}
	assigner, err := New(definition(a))
	if err != nil {
		t.Fatal(err)
	}
	return assigner
}

func TestEligible(t *testing.T) {
	country := call(expr.In, "country", expr.TextValue("US"), expr.TextValue("DE"))
	adult := call(expr.Ge, "age", expr.IntValue(18))
	since := call(expr.Ge, "since", expr.TextValue("2026-01-01"))
	seven := call(expr.Eq, "group", expr.TextValue("7"))
	loyal := call(expr.Eq, "loyal", expr.BoolValue(true))
	tests := []struct {
		tree      *expr.Node
		attribute expr.Value
		want      bool
	}{
		{country, expr.TextValue("DE"), true},
		{country, expr.TextValue("FR"), false},
		{country, expr.Value{}, false},
		{&expr.Node{Op: expr.Not, Args: []*expr.Node{country}}, expr.Value{}, true},
		{adult, expr.IntValue(18), true},
		{adult, expr.TextValue("18"), true},
		{adult, expr.TextValue("17.9"), false},
		{adult, expr.TextValue("old"), false},
		{adult, expr.TextValue("NaN"), false},
		{adult, expr.TextValue("+Inf"), false},
		{adult, expr.BoolValue(true), false},
		{seven, expr.IntValue(7), true},
		{seven, expr.TextValue("007"), false},
		{loyal, expr.TextValue("true"), true},
		{loyal, expr.TextValue("perhaps"), false},
		{since, expr.TextValue("2026-02-03"), true},
		{&expr.Node{Op: expr.Has, Name: "x"}, expr.BoolValue(false), true},
	}
	for i, test := range tests {
		a := eligible(t, test.tree)
		got := a.Assign("s-1", func(string) expr.Value { return test.attribute })
		if (got.Reason == bucket.Assigned) != test.want || (!test.want && got != Outcome{Reason: NotEligible}) {
			t.Errorf("%d: %s with %s: got %+v", i, test.tree, test.attribute, got)
		}
	}
}

func TestOrderOfGates(t *testing.T) {
	a := eligible(t, call(expr.Eq, "country", expr.TextValue("US")))
	if got := a.Assign("tester", nil); got != (Outcome{Variant: "amazon_pay", Reason: Forced}) {
		t.Errorf("forced units come before eligibility: got %+v", got)
	}
	if got := a.Assign("", nil); got.Reason != NotEligible {
		t.Errorf("eligibility comes before the key: got %+v", got)
	}
	us := func(string) expr.Value { return expr.TextValue("US") }
	if got := a.Assign("", us); got.Reason != bucket.NoUnit {
		t.Errorf("an empty key has no variant: got %+v", got)
	}
}

func TestEligibleMistake(t *testing.T) {
	a := everybody()
	tree := call(expr.Lt, "age", expr.TextValue("x"))
	tree = &expr.Node{Op: expr.Add, Args: []*expr.Node{tree, tree}}
	a.Eligible = &experiment.Condition{Path: "assignment.eligible", Tree: tree}
	if _, err := New(definition(a)); err == nil {
		t.Error("a number is no condition, but New took it")
	}
}

// TestRampMovesNobody: with more traffic units join, and none that took part gets another variant.
func TestRampMovesNobody(t *testing.T) {
	before := map[string]string{}
	for _, traffic := range []uint64{0, 10_000, 250_000, 999_999, bucket.Million} {
		s := everybody()
		s.Traffic = traffic
		a, err := New(definition(s))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5000 {
			unit := fmt.Sprint("s", i)
			out := a.Assign(unit, nil)
			if was, ok := before[unit]; ok && was != out.Variant {
				t.Fatalf("traffic %d moved %s from %s to %q", traffic, unit, was, out.Variant)
			}
			if out.Variant != "" {
				before[unit] = out.Variant
			}
		}
		want := float64(traffic) / bucket.Million * 5000
		if got := float64(len(before)); math.Abs(got-want) > 5*math.Sqrt(5000.0/4) {
			t.Errorf("traffic %d: %v units take part, want about %v", traffic, got, want)
		}
	}
}
