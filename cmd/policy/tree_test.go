package policy

import (
	"errors"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// root is the top of the checkout, seen from this package's folder.
const root = "../.."

var update = flag.Bool("update", false, "rewrite what README.md takes from the code")

// rewrite writes a document again, when asked to.
func rewrite(t *testing.T, name, text string) {
	t.Helper()
	if !*update {
		return
	}
	if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s is rewritten; run the test again", name)
}

// goFile is a parsed file of the project's own Go code; files under testdata are data.
type goFile struct {
	Path   string // from the top of the checkout, with slashes
	Source []byte
	Set    *token.FileSet
	Tree   *ast.File
}

// Dir is the folder of the file, which names its package.
func (f *goFile) Dir() string { return path.Dir(f.Path) }

// Test reports whether the file is only compiled for tests.
func (f *goFile) Test() bool { return strings.HasSuffix(f.Path, "_test.go") }

// Lines counts the lines from one position to another, both included.
func (f *goFile) Lines(from, to token.Pos) int {
	return f.Set.Position(to).Line - f.Set.Position(from).Line + 1
}

// At is a position as editors understand it.
func (f *goFile) At(p token.Pos) string {
	at := f.Set.Position(p)
	at.Filename = f.Path
	return at.String()
}

var listed = sync.OnceValues(func() ([]string, error) {
	out, err := exec.Command("git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil, err
	}
	names := strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
	names = slices.DeleteFunc(names, func(name string) bool {
		_, err := os.Stat(filepath.Join(root, name))
		return errors.Is(err, fs.ErrNotExist) // removed, but not yet from git's index
	})
	slices.Sort(names)
	return slices.Compact(names), nil
})

// treeFiles lists what git tracks or would track, from the top of the checkout.
func treeFiles(t *testing.T) []string {
	t.Helper()
	names, err := listed()
	if err != nil {
		t.Skipf("the rules of the tree are checked in a git checkout only: %v", err)
	}
	return names
}

var parsed = sync.OnceValues(func() ([]*goFile, error) {
	names, err := listed()
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	var files []*goFile
	for _, name := range names {
		if path.Ext(name) != ".go" || isTestdata(name) {
			continue
		}
		source, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(set, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, &goFile{Path: name, Source: source, Set: set, Tree: tree})
	}
	return files, nil
})

// goFiles parses the project's Go code, once for all tests.
func goFiles(t *testing.T) []*goFile {
	t.Helper()
	treeFiles(t)
	files, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// packages groups the files that are compiled into the program by folder.
func packages(t *testing.T) map[string][]*goFile {
	t.Helper()
	byDir := map[string][]*goFile{}
	for _, f := range goFiles(t) {
		if !f.Test() {
			byDir[f.Dir()] = append(byDir[f.Dir()], f)
		}
	}
	return byDir
}

func isTestdata(name string) bool {
	return slices.Contains(strings.Split(name, "/"), "testdata")
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
