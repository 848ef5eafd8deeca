package planning_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/experiment/planning"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	plan := planOf(t, head+conversion+disputes+value, known(10_000))
	for _, format := range planning.Formats {
		t.Run(string(format), func(t *testing.T) {
			var out bytes.Buffer
			if err := plan.Write(&out, format, "body { margin: 2rem; }"); err != nil {
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
	if err := plan.Write(&bytes.Buffer{}, "pdf", ""); err == nil {
		t.Error("a format that does not exist is written")
	}
}
