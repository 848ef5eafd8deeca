package assignment

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/experiment"
)

// listing is a record of four merchants, of whom one takes no part and one is forced.
func listing() (*experiment.Definition, *Record) {
	d := definition(everybody())
	d.File = "express.yaml"
	d.Assignment.Design = &experiment.Design{
		Path: "assignment.design", Method: "rerandomized", Matching: "optimal", Strata: []string{"platform"}, Balance: []string{"gmv"}, Seed: 7,
		Record: "express.design.json",
	}
	r := NewRecord(d)
	r.Tries, r.Limit, r.Distance = 3, 0.5, 0.25
	r.Report.Merchants = 3
	r.Merchants = []Listed{
		{Unit: "m1", Variant: "control", Reason: bucket.Assigned, Stratum: "own", Block: 2, Balance: []float64{1.5}},
		{Unit: "m2", Variant: "amazon_pay", Reason: bucket.Assigned, Stratum: "own", Block: 2, Balance: []float64{0}},
		{Unit: "m3", Reason: NotEligible, Stratum: "shopify"},
		{Unit: "m4", Variant: "control", Reason: Forced, Stratum: "shopify"},
		{Unit: "m5", Variant: "amazon_pay", Reason: bucket.Assigned, Stratum: "shopify", Block: 1, Balance: []float64{-1e-300}},
	}
	return d, r
}

func TestRecordRoundTrip(t *testing.T) {
	_, r := listing()
	path := filepath.Join(t.TempDir(), "express.design.json")
	for range 2 { // the same again is no change
		if err := r.Write(path); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ReadRecord(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Error(diff)
	}
	r.Merchants[0].Variant = "amazon_pay"
	if err := r.Write(path); err == nil || !strings.Contains(err.Error(), "holds another assignment") {
		t.Errorf("another assignment took its place: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
		t.Errorf("%v %v", left, err)
	}
}

func TestRoster(t *testing.T) {
	_, r := listing()
	want := &datasets.Roster{
		Keys: []string{"m1", "m2", "m3", "m4", "m5"}, Variants: []int{1, 0, -1, -1, 0}, Blocks: []int{1, 1, -1, -1, 0},
		Balance: [][]float64{{1.5}, {0}, nil, nil, {-1e-300}},
	}
	if diff := cmp.Diff(want, r.Roster([]string{"amazon_pay", "control"})); diff != "" {
		t.Error(diff)
	}
	r.Design.Method = "stratified"
	if got := r.Roster([]string{"control", "other"}); got.Balance != nil || got.Variants[1] != -1 {
		t.Errorf("%+v", got)
	}
}

func TestFits(t *testing.T) {
	d, r := listing()
	if err := r.Fits(d); err != nil {
		t.Fatal(err)
	}
	d.Variants[0].Weight, d.Variants[1].Weight = 50, 150
	if err := r.Fits(d); err != nil {
		t.Errorf("weights in the same proportion: %v", err)
	}
	for key, change := range map[string]func(d *experiment.Definition){
		"name is":                        func(d *experiment.Definition) { d.Name = "other" },
		"variants is control 1":          func(d *experiment.Definition) { d.Variants[1].Weight = 1 },
		"control is amazon_pay":          func(d *experiment.Definition) { d.Control = "amazon_pay" },
		"assignment.design.method is":    func(d *experiment.Definition) { d.Assignment.Design.Method = "stratified" },
		"assignment.design.strata is":    func(d *experiment.Definition) { d.Assignment.Design.Strata = nil },
		"assignment.design.balance is":   func(d *experiment.Definition) { d.Assignment.Design.Balance = []string{"gmv", "orders"} },
		"assignment.design.seed is 8":    func(d *experiment.Definition) { d.Assignment.Design.Seed = 8 },
		"assignment.design.threshold is": func(d *experiment.Definition) { d.Assignment.Design.Threshold = 0.1 },
		"has no assignment.design":       func(d *experiment.Definition) { d.Assignment.Design = nil },
	} {
		d, r := listing()
		change(d)
		if err := r.Fits(d); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: got %v", key, err)
		}
	}
}

func TestHostileRecords(t *testing.T) {
	_, r := listing()
	var err error
	if r.Digest, err = r.digest(); err != nil {
		t.Fatal(err)
	}
	good, err := r.text()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseRecord(good); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, replacement, want string }{
		{string(good), "", "unexpected end"},
		{string(good), "null", `schema is ""`},
		{string(good), "[]", "cannot unmarshal"},
		{string(good[len(good)/2:]), "", "unexpected end"},
		{"  ]\n}\n", "]} {}", "after top-level value"},
		{"v1", "v2", `schema is "liftgate.design/v2"`},
		{`"tries": 3`, `"tries": 3, "colour": 1`, "unknown field"},
		{`"tries": 3`, `"tries": 4`, "changed after it was drawn"},
		{"[1.5]", "[1.25]", "changed after it was drawn"},
		{`"tries": 3`, `"tries": 3, "tries": 4`, "twice"},
		{`"tries": 3`, `"tries": 3, "Tries": 4`, "twice"},
		{`"limit": 0.5`, `"limit": NaN`, "invalid character 'N'"},
		{`"limit": 0.5`, `"limit": 1e999`, "cannot unmarshal number 1e999"},
		{`"limit": 0.5`, `"limit": -1`, "positive distance"},
		{`"limit": 0.5`, `"limit": "low"`, "cannot unmarshal string"},
		{"rerandomized", "paired", `pair 0 in block 2`},
		{"rerandomized", "tossed", `there is no "tossed"`},
		{`"control": "control"`, `"control": "c"`, `there is no variant "c"`},
		{`"weight": 3`, `"weight": 0`, "weights are positive"},
		{`"weight": 3`, `"weight": -3`, "cannot unmarshal"},
		{`"unit":"m2"`, `"unit":"m1"`, `"m1" stands after "m1"`},
		{`"unit":"m2"`, `"unit":"m0"`, `"m0" stands after "m1"`},
		{`"unit":"m1"`, `"unit":""`, "an empty key"},
		{`"unit":"m1"`, "\"unit\":\"m1\xff\"", "not UTF-8"},
		{`"variant":"control","reason":"assigned"`, `"variant":"c","reason":"assigned"`, `there is no variant "c"`},
		{`"reason":"not_eligible"`, `"reason":"holdout","variant":"control"`, "which gives none"},
		{`"reason":"not_eligible"`, `"reason":"whim"`, `there is no reason "whim"`},
		{`"block":1`, `"block":0`, "block 0"},
		{`"block":1`, `"block":1000000000`, "block 1000000000"},
		{`"block":1`, `"block":-1`, "block -1"},
		{`"balance":[0]`, `"balance":[0,1]`, "2 values of 1 balance"},
		{`"balance":[0]`, `"balance":[null]`, ""},
		{`"merchants": 3`, `"merchants": 4`, "3 have a variant by the draw, and the report says 4"},
		{`"variant":"amazon_pay"`, `"variant":"control"`, "block 2 has 2 of its 2 merchants in control"},
	} {
		text := strings.Replace(string(good), test.old, test.replacement, 1)
		if _, err := parseRecord([]byte(text)); test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%q: got %v, want %q", test.replacement, err, test.want)
		}
	}
}

func TestCutRecords(t *testing.T) {
	_, r := listing()
	good, err := r.text()
	if err != nil {
		t.Fatal(err)
	}
	for length := range len(good) - 1 { // the last byte ends the last line
		if _, err := parseRecord(good[:length]); err == nil {
			t.Fatalf("the first %d of %d bytes are a record", length, len(good))
		}
	}
}

func TestRecordThatIsNotThere(t *testing.T) {
	_, err := ReadRecord(filepath.Join(t.TempDir(), "x.json"))
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "was not drawn yet") {
		t.Errorf("got %v", err)
	}
}

func TestRecordTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge.json")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(maxRecord+1), f.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadRecord(path); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("got %v", err)
	}
}
