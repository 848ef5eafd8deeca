package policy

import (
	"bytes"
	"go/format"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"unicode/utf8"
)

// topLevel is everything that the top of the repository holds.
var topLevel = []string{
	".ci", ".github", ".gitignore", ".golangci.yml",
	"CHANGELOG.md", "CONTRIBUTING.md", "DESIGN.md", "LICENSE", "README.md",
	"cmd", "datasets", "experiment", "go.mod", "go.sum", "notebooks", "stats",
}

func TestTopLevelIsFixed(t *testing.T) {
	for _, name := range treeFiles(t) {
		if first := top(name); !slices.Contains(topLevel, first) {
			t.Errorf("%s: %s does not belong at the top: the four layers and the papers of the house are all that a newcomer should see there", name, first)
		}
	}
}

func TestGofmt(t *testing.T) {
	if testing.Short() {
		t.Skip("every file of the tree")
	}
	for _, f := range goFiles(t) {
		formatted, err := format.Source(f.Source)
		if err != nil {
			t.Errorf("%s: %v", f.Path, err)
		} else if !bytes.Equal(formatted, f.Source) {
			t.Errorf("%s is not formatted: run gofmt -w, so that diffs show changes and nothing else", f.Path)
		}
	}
}

// banned are texts that do not belong in the tree.
var banned = []struct {
	pattern *regexp.Regexp
	except  []string // files
	why     string
}{
	{
		regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b|[Nn]ot implemented\b`), nil,
		"unfinished work belongs in the tracker, where it is seen; what a user can meet is rejected with a clear message instead",
	},
	{
		regexp.MustCompile(`(?:^|[\s"'(=:])/(?:work|root|home|Users|mnt)/`), nil,
		"a path of one machine does not exist on the next",
	},
	{
		regexp.MustCompile(`\.\./shared\b`),
		[]string{".ci/run"},
		"the checkout must stand alone; only CI may look beside it for more data",
	},
	{
		regexp.MustCompile(`proxy\.golang\.org|pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|crates\.io`), nil,
		"which registry a machine uses is that machine's affair; name packages only",
	},
}

func TestTextsThatDoNotBelong(t *testing.T) {
	if testing.Short() {
		t.Skip("every file of the tree")
	}
	for _, name := range treeFiles(t) {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(content) || isTestdata(name) || path.Dir(name) == "cmd/policy" {
			continue
		}
		for _, b := range banned {
			at := b.pattern.FindIndex(content)
			if at == nil || slices.Contains(b.except, name) {
				continue
			}
			line := 1 + bytes.Count(content[:at[0]], []byte("\n"))
			t.Errorf("%s:%d: %q: %s", name, line, content[at[0]:at[1]], b.why)
		}
	}
}
