package policy

import (
	"go/ast"
	"go/doc/comment"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"
)

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.Test() || f.Tree.Name.Name == "main" {
			continue
		}
		for _, name := range undocumented(f.Tree) {
			t.Errorf("%s: %s has no comment: an exported name is a promise, say what it is, its units and its errors", f.At(name.Pos()), name.Name)
		}
	}
}

func undocumented(tree *ast.File) []*ast.Ident {
	var names []*ast.Ident
	for _, decl := range tree.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Doc == nil && d.Name.IsExported() && promised(d) {
				names = append(names, d.Name)
			}
		case *ast.GenDecl:
			names = append(names, undocumentedSpecs(d)...)
		}
	}
	return names
}

// promised reports whether a function is part of its package's interface: a function, or a method of an exported type that does
// more than to satisfy an interface of the standard library, whose documentation speaks for it.
func promised(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	switch d.Name.Name {
	case "Error", "Unwrap", "String", "Len", "Less", "Swap", "MarshalJSON", "UnmarshalJSON":
		return false
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if generic, ok := receiver.(*ast.IndexExpr); ok {
		receiver = generic.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && name.IsExported()
}

// undocumentedSpecs accepts a comment on the group, before the name or behind it; a constant of a named type needs none.
func undocumentedSpecs(d *ast.GenDecl) []*ast.Ident {
	var names []*ast.Ident
	if d.Doc != nil && d.Tok != token.TYPE {
		return nil
	}
	typed := false
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
				names = append(names, s.Name)
			}
		case *ast.ValueSpec:
			typed = s.Type != nil || typed && s.Values == nil // iota goes on with the type above
			if typed && d.Tok == token.CONST || s.Doc != nil || s.Comment != nil {
				continue
			}
			for _, name := range s.Names {
				if name.IsExported() {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

func TestPackagesHaveOneSentence(t *testing.T) {
	for dir, files := range packages(t) {
		if found := countPackageComments(files); found != 1 {
			t.Errorf("%s has %d package comments: a package is one idea, said once, in doc.go", dir, found)
		}
		if len(packageDoc(files)) > 0 && sentence(files) == "" {
			t.Errorf("%s: the package comment must start with %q", dir, opening(files[0])+"…")
		}
	}
}

// TestReadmeListsPackages holds the table of packages in README.md to the packages' own first sentences.
func TestReadmeListsPackages(t *testing.T) {
	rows := map[string]string{}
	row := regexp.MustCompile("(?m)^\\| \\[?`([a-z/]+)`(?:\\]\\([^)]*\\))? \\| (.*) \\|$")
	for _, m := range row.FindAllStringSubmatch(readFile(t, "README.md"), -1) {
		rows[m[1]] = m[2]
	}
	for dir, files := range packages(t) {
		if want := sentence(files); rows[dir] != want {
			t.Errorf("README.md says of package %s\n  %q\nand the package says\n  %q\nso that readers find the same map in both", dir, rows[dir], want)
		}
	}
	for dir := range rows {
		if _, exists := packages(t)[dir]; !exists {
			t.Errorf("README.md lists package %s, which does not exist", dir)
		}
	}
}

func countPackageComments(files []*goFile) int {
	n := 0
	for _, f := range files {
		if f.Tree.Doc != nil {
			n++
		}
	}
	return n
}

func packageDoc(files []*goFile) string {
	for _, f := range files {
		if f.Tree.Doc != nil {
			return f.Tree.Doc.Text()
		}
	}
	return ""
}

// opening is how a package comment starts: "Package expr ", or "Command liftgate ".
func opening(f *goFile) string {
	if f.Tree.Name.Name == "main" {
		return "Command " + path.Base(f.Dir()) + " "
	}
	return "Package " + f.Tree.Name.Name + " "
}

// sentence is the first sentence of the package comment, less its opening and its full stop, as plain text.
func sentence(files []*goFile) string {
	var parser comment.Parser
	var printer comment.Printer
	first, _, _ := strings.Cut(string(printer.Text(parser.Parse(packageDoc(files)))), "\n\n")
	first = strings.Join(strings.Fields(first), " ")
	if end := regexp.MustCompile(`\.( [A-Z]|$)`).FindStringIndex(first); end != nil {
		first = first[:end[0]]
	}
	said, ok := strings.CutPrefix(first, opening(files[0]))
	if !ok {
		return ""
	}
	return said
}
