package design

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

func TestListsThatCannotBeDrawn(t *testing.T) {
	set := func(name string, v expr.Value) func([]Merchant) []Merchant {
		return func(list []Merchant) []Merchant { list[7].Attributes[name] = v; return list }
	}
	each := func(name string, of func(m Merchant) expr.Value) func([]Merchant) []Merchant {
		return func(list []Merchant) []Merchant {
			for i := range list {
				list[i].Attributes[name] = of(list[i])
			}
			return list
		}
	}
	for want, change := range map[string]func([]Merchant) []Merchant{
		`merchant "m00003" is on the list twice`:       func(l []Merchant) []Merchant { l[7].Key = l[3].Key; return l },
		`merchant "m\xff": the key is not UTF-8`:       func(l []Merchant) []Merchant { l[7].Key = "m\xff"; return l },
		"a merchant on the list has no key":            func(l []Merchant) []Merchant { l[7].Key = ""; return l },
		`merchant "m00007": gmv is null`:               set("gmv", expr.Value{}),
		`merchant "m00007": gmv is NaN`:                set("gmv", expr.FloatValue(math.NaN())),
		`merchant "m00007": gmv is +Inf`:               set("gmv", expr.FloatValue(math.Inf(1))),
		`merchant "m00007": gmv is 1e+101`:             set("gmv", expr.FloatValue(1e101)),
		`merchant "m00007": gmv is "many"`:             set("gmv", expr.TextValue("many")),
		`merchant "m00007": gmv is true`:               set("gmv", expr.BoolValue(true)),
		"gmv is the same for all 40":                   each("gmv", func(Merchant) expr.Value { return expr.FloatValue(1e9) }),
		"orders is a combination of [gmv]":             each("orders", func(m Merchant) expr.Value { return expr.FloatValue(3*m.Attributes["gmv"].Number() - 7) }),
		"4 of 4 merchants on the list take part":       func(l []Merchant) []Merchant { return l[:4] },
		"0 of 0 merchants on the list take part":       func([]Merchant) []Merchant { return nil },
		"no merchant on the list has the attribute":    func(l []Merchant) []Merchant { return withoutAttribute(l, "platform") },
		"gmv is null, and merchants are balanced on i": each("gmv", func(Merchant) expr.Value { return expr.Value{} }),
	} {
		d := defined(&experiment.Design{Method: "paired", Matching: "optimal", Strata: []string{"platform"}, Balance: []string{"gmv", "orders"}}, 1, 2)
		r, err := Draw(t.Context(), d, change(shops(1, 40)))
		if err == nil || r != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

func withoutAttribute(list []Merchant, name string) []Merchant {
	for i := range list {
		delete(list[i].Attributes, name)
	}
	return list
}

func TestDefinitionsThatCannotBeDrawn(t *testing.T) {
	d := defined(&experiment.Design{Method: "paired", Matching: "greedy", Balance: []string{"gmv"}}, 19, 2)
	var problems experiment.Problems
	if _, err := Draw(t.Context(), d, shops(1, 400)); !errors.As(err, &problems) || !strings.Contains(err.Error(), "blocks of 21") {
		t.Errorf("got %v", err)
	}
	d = defined(&experiment.Design{Method: "rerandomized", Balance: []string{"gmv", "share"}, MaxTries: 50, Threshold: 1e-7}, 1, 1)
	_, err := Draw(t.Context(), d, shops(1, 400))
	if err == nil || !strings.Contains(err.Error(), "none of 50 assignments") || !strings.Contains(err.Error(), "one in 2e+07 passes") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d.Assignment.Design.MaxTries = 1_000_000_000
	if _, err := Draw(ctx, d, shops(1, 400)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	d.Assignment = nil
	if _, err := Draw(t.Context(), d, nil); err == nil {
		t.Error("a definition without a design was drawn")
	}
}

// TestGates: whoever does not take part is listed with the reason, and balance variables of theirs do not matter.
func TestGates(t *testing.T) {
	d := defined(&experiment.Design{Method: "paired", Matching: "optimal", Balance: []string{"gmv", "share"}}, 1, 1)
	a := d.Assignment
	a.Traffic, a.Holdout, a.HoldoutShare = 800_000, "q4", 100_000
	a.Force = []experiment.Forced{{Unit: "m00001", Variant: "v1"}}
	own := &expr.Node{Op: expr.Ne, Args: []*expr.Node{{Op: expr.Column, Name: "platform"}, {Op: expr.Literal, Type: expr.Text, Value: expr.TextValue("own")}}}
	a.Eligible = &experiment.Condition{Path: "assignment.eligible", Tree: own}
	list := shops(2, 300)
	list[1].Attributes["gmv"] = expr.Value{}
	r := drawn(t, d, list)
	reasons := map[bucket.Reason]int{}
	for i, m := range r.Merchants {
		reasons[m.Reason]++
		if drawnOne := m.Reason == bucket.Assigned; drawnOne != (m.Pair > 0) || drawnOne == (m.Variant == "") && m.Reason != assignment.Forced {
			t.Errorf("%+v", m)
		}
		if got := list[i].Attributes["platform"].Text == "own"; got && m.Reason != assignment.NotEligible && m.Reason != assignment.Forced {
			t.Errorf("%s is not eligible, got %s", m.Unit, m.Reason)
		}
	}
	if m := r.Merchants[1]; m.Variant != "v1" || m.Reason != assignment.Forced || m.Pair != 0 {
		t.Errorf("the forced one: %+v", m)
	}
	for _, reason := range []bucket.Reason{bucket.Assigned, bucket.Holdout, bucket.Traffic, assignment.NotEligible} {
		if reasons[reason] < 5 {
			t.Errorf("%d merchants with reason %s", reasons[reason], reason)
		}
	}
	if r.Report.Merchants != reasons[bucket.Assigned] {
		t.Errorf("%d drawn, the report has %d", reasons[bucket.Assigned], r.Report.Merchants)
	}
}
