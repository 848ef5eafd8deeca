package stats

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// referenceCase is one case of a vector file: numbers made by another tool, with where they come from.
type referenceCase struct {
	ID       string
	Method   string
	Input    json.RawMessage
	Expected map[string]any
	Tol      tolerance
	TolAbs   tolerance `json:"tol_abs"`
	Source   string
	Note     string
	// Published marks figures as printed, whose tol is that of their last digit, so absolute.
	Published *bool
}

// tolerance is one number, or one by field.
type tolerance struct {
	all   float64
	field map[string]float64
}

func (t *tolerance) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &t.all) == nil {
		return nil
	}
	return json.Unmarshal(data, &t.field)
}

func (t tolerance) of(field string) float64 {
	if v, ok := t.field[field]; ok {
		return v
	}
	return t.all
}

// TestReference runs every case of testdata and of the files named in LIFTGATE_VECTORS (a list separated by ":"). A procedure that
// testdata names and nobody runs is a failure; in added files it is skipped with its name.
func TestReference(t *testing.T) {
	own, err := filepath.Glob("testdata/*.json")
	if err != nil || len(own) == 0 {
		t.Fatalf("no vectors in testdata: %v", err)
	}
	for _, file := range own {
		runReference(t, file, false)
	}
	for _, file := range filepath.SplitList(os.Getenv("LIFTGATE_VECTORS")) {
		runReference(t, file, true)
	}
}

func runReference(t *testing.T, file string, added bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []referenceCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			procedure, known := procedures[c.Method]
			switch {
			case !known && added:
				t.Skipf("procedure not built: %s", c.Method)
			case !known:
				t.Fatalf("unknown procedure: %s", c.Method)
			case strings.Contains(string(c.Input), `"file"`):
				t.Skip("needs a data file")
			}
			c.check(t, procedure)
		})
	}
}

func (c *referenceCase) check(t *testing.T, procedure procedure) {
	in := input{Level: 0.95}
	if err := json.Unmarshal(c.Input, &in); err != nil {
		t.Fatal(err)
	}
	tolAbs := c.TolAbs
	if c.Published != nil {
		tolAbs = c.Tol
	}
	got := procedure.run(t, in)
	for field, want := range c.Expected {
		value, ok := got[field]
		if !ok {
			if !slices.Contains(procedure.without, field) {
				t.Errorf("%s: nothing computes it", field)
			}
			continue
		}
		if problem := differs(value, want, c.Tol.of(field), tolAbs.of(field)); problem != "" {
			t.Errorf("%s: %s\nsource: %s\nnote: %s", field, problem, c.Source, c.Note)
		}
	}
}

// differs compares a number, a text or a list of them with what a vector file expects, and says how they differ. Null expects
// nothing: the number does not exist, or underflows.
func differs(got, want any, tol, tolAbs float64) string {
	switch want := want.(type) {
	case nil:
		return ""
	case []any:
		values, ok := got.([]float64)
		if !ok || len(values) != len(want) {
			return fmt.Sprintf("got %v, want %d values", got, len(want))
		}
		for i := range want {
			if problem := differs(values[i], want[i], tol, tolAbs); problem != "" {
				return fmt.Sprintf("[%d] %s", i, problem)
			}
		}
		return ""
	case string:
		if want == "inf" {
			return differs(got, math.Inf(1), tol, tolAbs)
		}
		if got != want {
			return fmt.Sprintf("got %v, want %s", got, want)
		}
		return ""
	case float64:
		value, ok := got.(float64)
		if !ok {
			return fmt.Sprintf("got %v, want a number", got)
		}
		if value == want || math.Abs(value-want) <= math.Max(tol*math.Abs(want), tolAbs) {
			return ""
		}
		return fmt.Sprintf("got %.16g, want %.16g (relative error %.2g)", value, want, math.Abs(value-want)/math.Abs(want))
	}
	return fmt.Sprintf("cannot compare with %T", want)
}
