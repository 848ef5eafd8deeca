package experiment_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"liftgate/experiment"
)

// TestBadDefinitions: one file a rule, with the message that a person gets to read.
func TestBadDefinitions(t *testing.T) {
	for _, file := range glob(t, "testdata/bad/*.yaml") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			source := read(t, file)
			d, err := experiment.Parse(filepath.Base(file), source)
			if err == nil || d != nil {
				t.Fatal("parses")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", err.Error()+"\n")
			checkPlaces(t, source, err)
		})
	}
}

// checkPlaces checks that problems are in order and that their excerpts are the lines that they point into.
func checkPlaces(t *testing.T, source []byte, err error) {
	t.Helper()
	var problems experiment.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error is a %T", err)
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(source)), "\n")
	last := experiment.Problem{}
	for _, p := range problems {
		if p.Line < last.Line || p.Line == last.Line && p.Column < last.Column {
			t.Errorf("%d:%d comes after %d:%d", p.Line, p.Column, last.Line, last.Column)
		}
		last = p
		if p.Line == 0 {
			continue
		}
		if p.Line > len(lines) || p.Excerpt != lines[p.Line-1] || p.Column < 1 || p.Column > utf8.RuneCountInString(p.Excerpt)+1 {
			t.Errorf("%d:%d does not lie in %q", p.Line, p.Column, p.Excerpt)
		}
	}
}
