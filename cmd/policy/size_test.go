package policy

import (
	"bytes"
	"go/ast"
	"testing"
)

const (
	maxFileLines     = 400
	maxTestFileLines = 600 // tables of cases are long and easy to read
	maxFuncLines     = 60
)

// large lists what may be longer, "file" or "file:function", and why.
var large = map[string]string{}

func TestFilesAndFunctionsAreShort(t *testing.T) {
	used := map[string]bool{}
	report := func(name string, lines, limit int) {
		if lines <= limit {
			return
		}
		if _, excused := large[name]; excused {
			used[name] = true
			return
		}
		t.Errorf("%s has %d lines, above %d: one idea at a time is what keeps the code easy to read; "+
			"split it along its ideas, or say in this file why it cannot be split", name, lines, limit)
	}
	for _, f := range goFiles(t) {
		if isTestCode(f) {
			report(f.Path, bytes.Count(f.Source, []byte("\n")), maxTestFileLines)
			continue
		}
		report(f.Path, bytes.Count(f.Source, []byte("\n")), maxFileLines)
		for _, decl := range f.Tree.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok {
				report(f.Path+":"+d.Name.Name, f.Lines(d.Pos(), d.End()), maxFuncLines)
			}
		}
	}
	for name, why := range large {
		if !used[name] {
			t.Errorf("%s is excused (%s) but is not too long, or does not exist: remove the excuse", name, why)
		}
	}
}

// isTestCode counts the conformance suite as tests: it is compiled so that other packages' tests can call it.
func isTestCode(f *goFile) bool { return f.Test() || f.Dir() == "datasets/sourcetest" }
