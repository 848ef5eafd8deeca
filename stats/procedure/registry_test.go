package procedure

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"liftgate/stats"
)

var cleanName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// TestRegistry holds every procedure to what `liftgate stat` promises: a name of its own, a summary, documented inputs, an example
// that runs.
func TestRegistry(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range All() {
		t.Run(p.Name, func(t *testing.T) {
			if !cleanName.MatchString(p.Name) || !cleanName.MatchString(p.Family) || seen[p.Name] {
				t.Errorf("the name %q of family %q is not clean, or not the only one", p.Name, p.Family)
			}
			seen[p.Name] = true
			if p.Summary == "" || len([]rune(p.Summary)) > 120 || strings.ContainsAny(p.Summary, "\n\t") || strings.HasSuffix(p.Summary, ".") {
				t.Errorf("the summary must be one line without a full stop, of up to 120 letters: %q", p.Summary)
			}
			checkInputs(t, p)
			checkExample(t, p)
		})
	}
}

func checkInputs(t *testing.T, p Procedure) {
	names := map[string]bool{}
	for _, in := range p.Inputs {
		if !regexp.MustCompile(`^[a-z][a-z0-9_]*$`).MatchString(in.Name) || names[in.Name] {
			t.Errorf("field %q is not in snake case, or there twice", in.Name)
		}
		names[in.Name] = true
		if in.Doc == "" || strings.HasSuffix(in.Doc, ".") {
			t.Errorf("field %s has no documentation, or a full stop: %q", in.Name, in.Doc)
		}
		if in.Default != "" && !json.Valid([]byte(in.Default)) {
			t.Errorf("field %s has a default that is no JSON: %s", in.Name, in.Default)
		}
	}
}

func checkExample(t *testing.T, p Procedure) {
	if strings.ContainsAny(p.Example, "'\n\t") {
		t.Errorf("the example must fit between the quotes of a shell, on one line: %s", p.Example)
	}
	if rest, missing := lookAtExample(p); missing != "" {
		t.Errorf("the example lacks %s, or names %s", missing, rest)
	}
	out, err := p.Run([]byte(p.Example))
	if err != nil {
		t.Fatalf("the example fails: %v", err)
	}
	checkOutput(t, out)
}

// lookAtExample finds a required field that the example leaves out.
func lookAtExample(p Procedure) (names []string, missing string) {
	given, err := object([]byte(p.Example))
	if err != nil {
		return nil, err.Error()
	}
	for _, in := range p.Inputs {
		if _, ok := given[in.Name]; in.Required && !ok {
			missing = in.Name
		}
	}
	for name := range given {
		names = append(names, name)
	}
	return names, missing
}

var cleanField = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]*$`)

func checkOutput(t *testing.T, out []byte) {
	t.Helper()
	var answer map[string]any
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("the answer is no JSON object: %v: %s", err, out)
	}
	if len(answer) == 0 {
		t.Error("the answer is empty")
	}
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, value := range v {
				if !cleanField.MatchString(name) {
					t.Errorf("field %q of the answer is not in snake case", name)
				}
				visit(value)
			}
		case []any:
			for _, value := range v {
				visit(value)
			}
		case string:
			if strings.Contains(v, "NaN") || strings.Contains(v, "%!") {
				t.Errorf("the answer says %q", v)
			}
		}
	}
	visit(answer)
}

// TestNonsense puts nonsense into every place of every example. An answer or a typed error must come back, and no panic.
func TestNonsense(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of calls")
	}
	for _, p := range All() {
		t.Run(p.Name, func(t *testing.T) {
			var example map[string]any
			if err := json.Unmarshal([]byte(p.Example), &example); err != nil {
				t.Fatal(err)
			}
			places := 0
			mutate(example, func() {
				if places++; places > 400 && testing.Short() {
					return
				}
				text, err := json.Marshal(example)
				if err != nil {
					t.Fatal(err)
				}
				tryNonsense(t, p, text)
			})
		})
	}
}

// patience is far more than any input of a line should take; a procedure that goes on has no bound on its work.
const patience = 10 * time.Second

// tryNonsense expects an answer, or an error that says what it is about.
func tryNonsense(t *testing.T, p Procedure, input []byte) {
	t.Helper()
	var out []byte
	var err error
	var panicked any
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		out, err = p.Run(input)
	}()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("%s %s takes more than %v", p.Name, input, patience)
	}
	switch {
	case panicked != nil:
		t.Errorf("%s panics: %v", input, panicked)
	case err == nil && !json.Valid(out):
		t.Errorf("%s gives %s", input, out)
	case err != nil && !typed(err):
		t.Errorf("%s fails with an error of no type: %v", input, err)
	case err != nil && strings.Contains(err.Error(), "%!"):
		t.Errorf("%s fails with a malformed text: %v", input, err)
	}
}

func typed(err error) bool {
	var wrong *InputError
	if errors.As(err, &wrong) {
		return true
	}
	for _, reason := range []error{stats.ErrTooFew, stats.ErrNoVariance, stats.ErrZeroDenominator, stats.ErrInvalid} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

// nonsense stands in for a number: what is zero, negative, huge, tiny or no count.
var nonsense = []any{0.0, -1.0, 1.0, 0.5, 1e15, 1e308, -1e308, 1e-310}

// oddities stand in for anything.
var oddities = []any{nil, "x", true, []any{}, map[string]any{}, []any{1.0}}

// mutate changes one place after the other, calls visit, and changes it back.
func mutate(v any, visit func()) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			delete(v, key)
			visit()
			replaceBy(value, func(other any) { v[key] = other }, visit)
		}
	case []any:
		for i, value := range v {
			if i < 8 { // the rest of a long list is more of the same
				replaceBy(value, func(other any) { v[i] = other }, visit)
			}
		}
	}
}

func replaceBy(value any, put func(any), visit func()) {
	others := oddities
	if _, ok := value.(float64); ok {
		others = nonsense
	}
	if list, ok := value.([]any); ok && len(list) > 1 {
		others = append([]any{list[:1], append(append([]any{}, list...), list[0])}, others...)
	}
	for _, other := range others {
		put(other)
		visit()
	}
	put(value)
	mutate(value, visit)
}

// FuzzProcedure runs procedures on inputs that grow from their examples.
func FuzzProcedure(f *testing.F) {
	all := All()
	for i, p := range all {
		f.Add(i, []byte(p.Example))
	}
	f.Fuzz(func(t *testing.T, i int, input []byte) {
		if i < 0 || len(all) == 0 || len(input) > 10_000 {
			t.Skip()
		}
		p := all[i%len(all)]
		tryNonsense(t, p, input)
	})
}

// TestFind finds every procedure by its name, and nothing else.
func TestFind(t *testing.T) {
	for _, p := range All() {
		if found, ok := Find(p.Name); !ok || fmt.Sprint(found.Inputs) != fmt.Sprint(p.Inputs) {
			t.Errorf("%s: found %v, %v", p.Name, found, ok)
		}
	}
	if _, ok := Find("no-such-procedure"); ok {
		t.Error("found what does not exist")
	}
}
