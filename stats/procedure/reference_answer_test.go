package procedure

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

// ask runs a procedure and gives its result.
func ask(t *testing.T, name string, input any) result {
	t.Helper()
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := Find(name)
	if !ok {
		t.Fatalf("no procedure %s", name)
	}
	out, err := p.Run(text)
	if err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	return r
}

// result is a procedure's output.
type result map[string]any

// at follows a path such as difference.lower or levels.0.value. Several paths, separated by spaces, make a list; in square brackets,
// one of one.
func (r result) at(t *testing.T, path string) any {
	t.Helper()
	if list, ok := strings.CutPrefix(path, "["); ok || strings.Contains(path, " ") {
		var out []any
		for p := range strings.FieldsSeq(strings.TrimSuffix(list, "]")) {
			out = append(out, r.at(t, p))
		}
		return out
	}
	var at any = map[string]any(r)
	for step := range strings.SplitSeq(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				t.Fatalf("the result has no %s: %v", path, r)
			}
			at = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				t.Fatalf("the result has no %s: %v", path, r)
			}
			at = v[i]
		default:
			t.Fatalf("the result has no %s: %v", path, r)
		}
	}
	return at
}

// fields reads expected fields off a result: field -> path.
func (r result) fields(t *testing.T, paths map[string]string) map[string]any {
	t.Helper()
	out := map[string]any{}
	for field, path := range paths {
		out[field] = r.at(t, path)
	}
	return out
}

// directly answers a method whose cases a procedure takes as they are; expected fields are read at paths of its result.
func directly(name string, paths map[string]string) reference {
	return func(t *testing.T, c vectorCase) map[string]any {
		return ask(t, name, c.input(t)).fields(t, paths)
	}
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

// differs compares a value with what a vector file expects, and says how they differ. Null expects nothing: the number does not
// exist, or underflows.
func differs(got, want any, tol, tolAbs float64) string {
	switch want := want.(type) {
	case nil:
		return ""
	case float64:
		value, ok := got.(float64)
		if !ok {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
		if math.Abs(value-want) <= math.Max(tol*math.Abs(want), tolAbs) {
			return ""
		}
		return fmt.Sprintf("got %.16g, want %.16g (relative error %.2g)", value, want, math.Abs(value-want)/math.Abs(want))
	case []any:
		values, ok := got.([]any)
		if !ok || len(values) != len(want) {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
		for i := range want {
			if problem := differs(values[i], want[i], tol, tolAbs); problem != "" {
				return fmt.Sprintf("[%d] %s", i, problem)
			}
		}
		return ""
	case map[string]any:
		values, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("got %v, want %v", got, want)
		}
		for key := range want {
			if problem := differs(values[key], want[key], tol, tolAbs); problem != "" {
				return fmt.Sprintf("%s: %s", key, problem)
			}
		}
		return ""
	}
	if got != want {
		return fmt.Sprintf("got %v, want %v", got, want)
	}
	return ""
}
