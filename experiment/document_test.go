package experiment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/token"
)

// TestPlacesAreExact: every scalar of every file of the tests stands where its node says.
func TestPlacesAreExact(t *testing.T) {
	var files []string
	for _, pattern := range []string{"testdata/*/*.yaml", "catalogue/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(source), strings.ReplaceAll(string(source), "\n", "\r\n")} {
			r := newReader(file, []byte(text))
			if root := r.document(); root != nil {
				checkScalars(t, r, root)
			}
		}
	}
}

func checkScalars(t *testing.T, r *reader, n *node) {
	t.Helper()
	for _, f := range n.fields {
		checkScalars(t, r, f.key)
		checkScalars(t, r, f.value)
	}
	for _, item := range n.items {
		checkScalars(t, r, item)
	}
	if n.kind != scalarKind {
		return
	}
	want := map[token.Type]string{
		token.SingleQuoteType: "'", token.DoubleQuoteType: `"`, token.LiteralType: "|", token.FoldedType: ">",
	}[n.style]
	if want == "" {
		want, _, _ = strings.Cut(n.text, " ") // lines that go on are folded
	}
	got := r.from(n.at)
	if masked := strings.HasPrefix(n.text, "xxx"); !masked && !strings.HasPrefix(got, want) {
		t.Errorf("%s: %s is said to be at %d:%d, where %.20q stands", r.file, n.path, n.at.line, n.at.column, got)
	}
}
