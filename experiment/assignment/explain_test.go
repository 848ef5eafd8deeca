package assignment

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

func parse(t *testing.T, file string) *experiment.Definition {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d, err := experiment.Parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func of(pairs ...string) Attributes {
	return func(name string) expr.Value {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return expr.TextValue(pairs[i+1])
			}
		}
		return expr.Value{}
	}
}

// explains tries the sentence of each unit.
func explains(t *testing.T, a *Assigner, attributes Attributes, sentences map[string]string) {
	t.Helper()
	for unit, want := range sentences {
		if got := a.Explain(unit, attributes).String(); got != want {
			t.Errorf("%q:\n got %s\nwant %s", unit, got, want)
		}
	}
}

func assigner(t *testing.T, d *experiment.Definition, r *Record) *Assigner {
	t.Helper()
	a, err := New(d, r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The numbers can be had with Python's hashlib, as in testdata/vectors.py.
func TestExplanationsOfTheExample(t *testing.T) {
	d := parse(t, "../testdata/good/amazon-pay-express.yaml")
	d.Assignment.Traffic = 250_000
	explains(t, assigner(t, d, nil), of("country", "US", "platform", "shopify"), map[string]string{
		"tester-1":                `"tester-1" gets amazon_pay because the definition forces it; forced units are left out of every analysis.`,
		"":                        `Without a key there is no variant: the unit's key is empty.`,
		"s-24":                    `"s-24" is held out of every experiment that names the holdout payments-2026: it drew 4.5973%, and draws below 5% are held out.`,
		"s-1":                     `"s-1" is in another slot of layer checkout: 861 is not in 0-499.`,
		"s-2":                     `"s-2" is outside the traffic: it drew 64.5841%, and draws below 25% take part.`,
		"s-4":                     `"s-4" gets control: it drew 48.206%, and control takes 0% to 50%.`,
		"s-8":                     `"s-8" gets amazon_pay: it drew 50.9881%, and amazon_pay takes 50% to 100%.`,
		strings.Repeat("ü", 1000): `"` + strings.Repeat("ü", 32) + `…" is in another slot of layer checkout: 629 is not in 0-499.`,
		"\xff\x00":                `"\xff\x00" is in another slot of layer checkout: 678 is not in 0-499.`,
	})
	var gates []string
	for _, s := range assigner(t, d, nil).Explain("s-4", of("country", "US", "platform", "shopify")).Steps {
		gates = append(gates, s.Gate+": "+s.Text)
	}
	want := []string{
		`forced: "s-4" is not forced.`,
		`eligible: "s-4" is eligible: country in ["US", "DE"] and platform == "shopify".`,
		`holdout: "s-4" is not held out by payments-2026: it drew 92.1841%, and draws below 5% are held out.`,
		`layer: "s-4" is in a slot of this experiment in layer checkout: 331 is in 0-499.`,
		`traffic: "s-4" takes part: it drew 19.5185%, and draws below 25% take part.`,
		`variant: "s-4" gets control: it drew 48.206%, and control takes 0% to 50%.`,
	}
	if !slices.Equal(gates, want) {
		t.Errorf("steps are\n%s\nwant\n%s", strings.Join(gates, "\n"), strings.Join(want, "\n"))
	}
}

func TestExplanationsOfEligibility(t *testing.T) {
	for _, c := range []struct {
		condition  string
		attributes Attributes
		want       string
	}{
		{
			`country in ["US", "DE"] && platform == "shopify"`, nil,
			`country in ["US", "DE"] does not hold, because country is missing; platform == "shopify" does not hold, because platform is missing`,
		},
		{
			`country in ["US", "DE"] && platform == "shopify"`, of("country", "US", "platform", "magento"),
			`platform == "shopify" does not hold, because platform is "magento"`,
		},
		{
			`(a == "&&" && (b==')' )) && c  >  1`, of("a", "&&", "b", ")", "c", "one"),
			`c  >  1 does not hold, because c is "one", which is no number`,
		},
		{`(a == "x" && b == "y") && c > 1`, of("a", "x", "c", "2"), `b == "y" does not hold, because b is missing`},
		{`a == "x" && b == "y" || c > 1`, of("a", "x"), `a == "x" && b == "y" || c > 1 does not hold, because a is "x" and b is missing and c is missing`},
		{`a.startsWith(r'\') && has(b) && c == 'x'`, of("a", `\x`), `has(b) does not hold, because b is missing; c == "x" does not hold, because c is missing`},
		{`has(a)`, nil, `has(a) does not hold, because a is missing`},
		{`!has(a)`, of("a", "x"), `!has(a) does not hold, because a is "x"`},
		{`1 > 2`, nil, `1 > 2 does not hold, because it never does`},
		{
			`since >= "2026-01-01" && loyal`, of("since", "in May", "loyal", "perhaps"),
			`loyal does not hold, because loyal is "perhaps", which is no boolean`,
		},
		{`a == "x"`, of("a", strings.Repeat("y", 100)), `a == "x" does not hold, because a is "` + strings.Repeat("y", 64) + `…"`},
	} {
		tree, mistakes := experiment.ParseCondition(c.condition)
		if len(mistakes) > 0 {
			t.Fatal(mistakes[0])
		}
		s := everybody()
		s.Eligible = &experiment.Condition{Path: "assignment.eligible", Text: c.condition, Tree: tree}
		got := assigner(t, definition(s), nil).Explain("s-1", c.attributes).String()
		if want := `"s-1" is not eligible: ` + c.want + "."; got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.condition, got, want)
		}
	}
}

func TestExplanationsOfGrowthBook(t *testing.T) {
	s := everybody()
	s.Salt, s.Hash, s.Traffic, s.Layer, s.Slots = "my-test", "growthbook-v1", 400_000, "namespace", [2]int{400, 949}
	d := definition(s)
	d.Variants[1].Weight = 1
	explains(t, assigner(t, d, nil), nil, map[string]string{
		"1": `"1" is outside the traffic: it is in bucket 969 of 1000, which no variant takes at a traffic of 40%.`,
		"2": `"2" gets control: it is in bucket 122 of 1000, and control takes 0-199.`,
		"5": `"5" gets amazon_pay: it is in bucket 653 of 1000, and amazon_pay takes 500-699.`,
		"4": `"4" is in another slot of layer namespace: 292 is not in 400-949.`,
	})
}

func TestExplanationsOfWhatNeedsNoHash(t *testing.T) {
	s := everybody()
	s.Holdout, s.Layer, s.Slots = "nobody", "whole", [2]int{0, 999}
	var texts []string
	for _, step := range assigner(t, definition(s), nil).Explain("s-1", nil).Steps[:3] {
		texts = append(texts, step.Text)
	}
	want := []string{"The holdout nobody holds 0% of all units out.", "The experiment has all slots of layer whole, 0-999.", "The traffic is 100% of the units that come this far."}
	if !slices.Equal(texts, want) {
		t.Errorf("%q", texts)
	}
}

// TestExplanationsAgreeWithAssign: whatever the definition, the last step gives the outcome's reason and all before it were passed.
func TestExplanationsAgreeWithAssign(t *testing.T) {
	gates := map[bucket.Reason]string{
		Forced: "forced", NotEligible: "eligible", bucket.NoUnit: "key", bucket.Holdout: "holdout", bucket.Layer: "layer",
		bucket.Traffic: "traffic", bucket.Assigned: "variant",
	}
	tree, _ := experiment.ParseCondition(`country == "US"`)
	rapid.Check(t, func(rt *rapid.T) {
		share := rapid.SampledFrom([]uint64{0, 1, 500_000, 999_999, bucket.Million})
		s := &experiment.Assignment{
			Salt: "salt", Hash: rapid.SampledFrom([]string{"sha256", "growthbook-v1", "growthbook-v2"}).Draw(rt, "hash"),
			Traffic: share.Draw(rt, "traffic"), Layer: rapid.SampledFrom([]string{"", "checkout"}).Draw(rt, "layer"),
			Holdout: rapid.SampledFrom([]string{"", "payments"}).Draw(rt, "holdout"), HoldoutShare: share.Draw(rt, "held out"),
		}
		s.Slots[1] = rapid.IntRange(0, 999).Draw(rt, "last slot")
		if rapid.Bool().Draw(rt, "targeted") {
			s.Eligible = &experiment.Condition{Text: tree.String(), Tree: tree}
		}
		if rapid.Bool().Draw(rt, "forces") {
			s.Force = []experiment.Forced{{Unit: "1", Variant: "control"}}
		}
		a := assigner(t, definition(s), nil)
		for range 10 {
			unit := rapid.SampledFrom([]string{"", "1", "2", "3", "4", "käufer"}).Draw(rt, "unit")
			attributes := of("country", rapid.SampledFrom([]string{"US", "US", "DE"}).Draw(rt, "country"))
			e := a.Explain(unit, attributes)
			last := e.Steps[len(e.Steps)-1]
			if e.Outcome != a.Assign(unit, attributes) || last.Gate != gates[e.Outcome.Reason] || last.Passed != (e.Outcome.Reason == bucket.Assigned) {
				rt.Fatalf("%+v", e)
			}
			for _, step := range e.Steps {
				if step.Text == "" || step.Passed != (step.Gate != last.Gate || last.Passed) {
					rt.Fatalf("%+v", e)
				}
			}
			if forced, reason := a.Enter(unit, attributes); reason != e.Outcome.Reason || reason == Forced && forced != e.Outcome.Variant {
				rt.Fatalf("%s enters as %s: %+v", unit, reason, e)
			}
		}
	})
}

// paired is a definition with a design and what was drawn for it.
func paired(t *testing.T) (*experiment.Definition, *Record) {
	t.Helper()
	d := parse(t, "../testdata/good/merchant-pairs.yaml")
	d.Assignment.Hash, d.Assignment.Traffic = "sha256", bucket.Million
	record := NewRecord(d)
	record.Merchants = []Listed{
		{Unit: "m-1", Variant: "button", Reason: bucket.Assigned, Stratum: "shopify", Pair: 1, Block: 1},
		{Unit: "m-2", Variant: "control", Reason: bucket.Assigned, Pair: 1, Block: 1},
		{Unit: "m-3", Reason: bucket.Traffic},
		{Unit: "m-5", Variant: "button", Reason: Forced},
	}
	return d, record
}

func TestExplanationsOfADesign(t *testing.T) {
	d, record := paired(t)
	a := assigner(t, d, record)
	explains(t, a, nil, map[string]string{
		"m-1": `"m-1" gets button: the design put it there in pair 1, stratum shopify.`,
		"m-2": `"m-2" gets control: the design put it there in pair 1.`,
		"m-3": `"m-3" is on the list, and the design gave it no variant: traffic.`,
		"m-5": `"m-5" gets button: it was forced when the design was drawn; forced units are left out of every analysis.`,
		"m-4": `"m-4" is not on the list of merchants that the design was drawn for.`,
	})
	for unit, want := range map[string]Outcome{
		"m-1": {Variant: "button", Reason: bucket.Assigned}, "m-2": {Variant: "control", Reason: bucket.Assigned},
		"m-3": {Reason: bucket.Traffic}, "m-4": {Reason: NotListed}, "m-5": {Variant: "button", Reason: Forced}, "": {Reason: bucket.NoUnit},
	} {
		if got := a.Assign(unit, nil); got != want {
			t.Errorf("%q: %+v, want %+v", unit, got, want)
		}
	}
	for _, step := range a.Explain("m-1", nil).Steps {
		if step.Gate == "variant" {
			t.Errorf("no hash chooses a variant in a design, but there is the step %+v", step)
		}
	}
}
