package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"

	"liftgate/experiment/result"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		s     string
		width int
		want  []string
	}{
		{"", 5, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one\n\ttwo", 9, []string{"one two"}},
		{"checkout_conversion", 12, []string{"checkout_", "conversion"}},
		{"checkout_conversion", 8, []string{"checkout", "_", "conversi", "on"}},
		{"生命生命", 5, []string{"生命", "生命"}},
		{"a\x1b[31mred", 20, []string{"a [31mred"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.s, c.width)); diff != "" {
			t.Errorf("%q at %d:\n%s", c.s, c.width, diff)
		}
	}
}

// Wrapping keeps every word and never exceeds the width, unless one character does.
func TestWrapKeepsEverything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, width := rapid.String().Draw(rt, "s"), rapid.IntRange(2, 40).Draw(rt, "width")
		lines := wrap(s, width)
		for _, line := range lines {
			if got := text.StringWidthWithoutEscSequences(line); got > width {
				rt.Fatalf("%d columns: %q", got, line)
			}
		}
		blanks := func(s string) string { return strings.Join(strings.Fields(result.Printable(s)), "") }
		if got, want := blanks(strings.Join(lines, "")), blanks(s); got != want {
			rt.Fatalf("%q became %q", want, got)
		}
	})
}
