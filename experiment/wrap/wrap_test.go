package wrap_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"

	"liftgate/experiment/result"
	"liftgate/experiment/wrap"
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
		if diff := cmp.Diff(c.want, wrap.Text(c.s, c.width)); diff != "" {
			t.Errorf("%q at %d:\n%s", c.s, c.width, diff)
		}
	}
}

// Wrapping keeps every word and never exceeds the width, unless one character does.
func TestWrapKeepsEverything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, width := rapid.String().Draw(rt, "s"), rapid.IntRange(2, 40).Draw(rt, "width")
		got := wrap.Text(s, width)
		for _, line := range got {
			if columns := text.StringWidthWithoutEscSequences(line); columns > width {
				rt.Fatalf("%d columns: %q", columns, line)
			}
		}
		blanks := func(s string) string { return strings.Join(strings.Fields(result.Printable(s)), "") }
		if kept, want := blanks(strings.Join(got, "")), blanks(s); kept != want {
			rt.Fatalf("%q became %q", want, kept)
		}
	})
}

func TestParagraph(t *testing.T) {
	for _, c := range []struct{ mark, s, want string }{
		{"", "", ""},
		{"! ", " \n", ""},
		{"", "one two three", "one two\nthree\n"},
		{"! ", "one two three", "! one\n  two\n  three\n"},
		{"生 ", "one two", "生 one\n   two\n"},
	} {
		if got := wrap.Paragraph(c.mark, c.s, 8); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.mark, c.s, got, c.want)
		}
	}
}
