package experiment_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"liftgate/experiment"
)

// TestLargeFilesAreReadFast: the largest files that are read at all, each with very much of one thing, most of it wrong.
func TestLargeFilesAreReadFast(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a few seconds")
	}
	const lines, bytes = 9900, 250_000
	head, _, _ := strings.Cut(placed, "metrics:\n")
	head += "metrics:\n"
	numbered := func(format string) string {
		var b strings.Builder
		for i := 0; i < lines && b.Len() < bytes-len(head); i++ {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	many := func(s string) string { return strings.Repeat(s, bytes/len(s)) }
	metric := "  - {name: m#, role: success, better: higher, type: proportion, value: {from: events, where: 'event == \"x\" && !new', window: [0d, 1d]}}\n"
	for name, source := range map[string]string{
		"metrics":             head + numbered(metric),
		"misspelt metrics":    head + numbered(strings.ReplaceAll(metric, "success", "succes")),
		"unquoted metrics":    head + numbered(strings.ReplaceAll(metric, "'", "")),
		"unknown keys":        numbered("k#: {a: b}\n"),
		"one key":             many("a: b\n")[:5*lines],
		"one key on one line": "a: {" + many("b: 1, ") + "}",
		"sources":             "data:\n" + numbered("  s#: {files: x}\n"),
		"columns":             "segments: [" + many("zz, ") + "]",
		"forced units":        "assignment: {force: [" + many("{unit: a, variant: b}, ") + "]}",
		"a long key":          "a" + many(":"),
		"tags":                numbered("where: !a == b c\n"),
		"tags on one line":    "a: {" + many("where: !a == \"b\" c, ") + "}",
		"keys on one line":    "a: {" + many("where: a == \"b\" c, ") + "}",
		"without an end":      "- " + many("where: !a, "),
		"brackets":            "a: " + strings.Repeat("[", 199) + many("b,"),
		"quotes":              "a: '" + many("''") + "'",
	} {
		began := time.Now()
		_, err := experiment.Parse("x.yaml", []byte(source))
		text := fmt.Sprint(err)
		if took := time.Since(began); took > 5*time.Second { // 1 s on a quiet machine, without the race detector
			t.Errorf("%s: took %v", name, took)
		}
		if len(text) > 1000*1000 {
			t.Errorf("%s: an error of %d bytes", name, len(text))
		}
		if name == "metrics" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestManyProblemsAreCounted: no person reads more than the first ones.
func TestManyProblemsAreCounted(t *testing.T) {
	_, err := experiment.Parse("x.yaml", []byte(placed+strings.Repeat("more: 1\n", 1000)))
	var problems experiment.Problems
	if !errors.As(err, &problems) || len(problems) != 201 {
		t.Fatalf("%d problems, want 201", len(problems))
	}
	if last := problems[200].String(); last != "x.yaml: and 800 more: correct these first" {
		t.Error(last)
	}
}
