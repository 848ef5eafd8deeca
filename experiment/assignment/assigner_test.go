package assignment

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

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
	assigner, err := New(definition(a), nil)
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
	if _, err := New(definition(a), nil); err == nil {
		t.Error("a number is no condition, but New took it")
	}
}

// TestRampMovesNobody: with more traffic units join, and none that took part gets another variant.
func TestRampMovesNobody(t *testing.T) {
	before := map[string]string{}
	for _, traffic := range []uint64{0, 10_000, 250_000, 999_999, bucket.Million} {
		s := everybody()
		s.Traffic = traffic
		a, err := New(definition(s), nil)
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

func TestPlanOfEveryHash(t *testing.T) {
	for name, want := range map[string]bucket.Hash{"sha256": bucket.SHA256, "growthbook-v1": bucket.GrowthBookV1, "growthbook-v2": bucket.GrowthBookV2} {
		s := everybody()
		s.Hash = name
		if got, err := Plan(definition(s)); err != nil || got.Hash != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	s := everybody()
	s.Hash = "md5"
	if _, err := Plan(definition(s)); err == nil || !strings.Contains(err.Error(), `"md5"`) {
		t.Errorf("got %v", err)
	}
}

func TestRecordsBelongToDesigns(t *testing.T) {
	d, record := paired(t)
	if _, err := New(d, nil); err == nil || !strings.Contains(err.Error(), "lists/pairs.design.json") {
		t.Errorf("a design without its record: %v", err)
	}
	if _, err := New(definition(everybody()), record); err == nil {
		t.Error("a record without a design was taken")
	}
	record.Experiment = "another"
	if _, err := New(d, record); err == nil {
		t.Error("a record of another experiment was taken")
	}
}

func TestLoadReadsTheRecordBesideTheDefinition(t *testing.T) {
	d, record := paired(t)
	if _, err := Load(d); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its file: %v", err)
	}
	dir := t.TempDir()
	d.File = filepath.Join(dir, "pairs.yaml")
	if err := os.Mkdir(filepath.Join(dir, "lists"), 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range record.Merchants[:2] {
		record.Merchants[i].Balance = []float64{1, 2}
	}
	if err := record.Write(filepath.Join(dir, d.Assignment.Design.Record)); err != nil {
		t.Fatal(err)
	}
	a, err := Load(d)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Assign("m-1", nil); got.Variant != "button" {
		t.Errorf("got %+v", got)
	}
}
