package planning_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"liftgate/experiment/planning"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	plan := planOf(t, head+conversion+disputes+value, known(10_000))
	for _, format := range planning.Formats {
		t.Run(string(format), func(t *testing.T) {
			var out bytes.Buffer
			if err := plan.Write(&out, format, planning.Options{Style: "body { margin: 2rem; }"}); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", "plan."+map[planning.Format]string{
				planning.Table: "txt", planning.Markdown: "md", planning.JSON: "json", planning.HTML: "html",
			}[format])
			if *update {
				if err := os.WriteFile(file, out.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), out.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if err := plan.Write(&bytes.Buffer{}, "pdf", planning.Options{}); err == nil {
		t.Error("a format that does not exist is written")
	}
}

// Whatever the terminal's width, no line is wider, and no text reaches the terminal's controls.
func TestNarrow(t *testing.T) {
	text := strings.Replace(head, "title: Express button", `title: "Express \e[31mbutton"`, 1)
	plan := planOf(t, text+conversion+disputes+value, known(10_000))
	for _, width := range []int{1, 40, 60, 80, 200} {
		var out bytes.Buffer
		if err := plan.Write(&out, planning.Table, planning.Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Error("an escape sequence is written")
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > max(width, 40) {
				t.Errorf("%d columns, more than %d: %q", n, width, line)
			}
		}
	}
}
