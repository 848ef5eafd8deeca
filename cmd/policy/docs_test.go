package policy

import (
	"go/ast"
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

// packageRow is a row of the table of packages in README.md.
var packageRow = regexp.MustCompile("(?m)^(\\| \\[`([a-z/]+)`\\]\\([a-z/]+\\) \\| )(.*)( \\|)$")

// TestReadmeListsPackages holds the table of packages in README.md to the packages' own first sentences.
func TestReadmeListsPackages(t *testing.T) {
	readme, listed := readFile(t, "README.md"), map[string]bool{}
	correct := packageRow.ReplaceAllStringFunc(readme, func(row string) string {
		m := packageRow.FindStringSubmatch(row)
		files := packages(t)[m[2]]
		if len(files) == 0 {
			t.Errorf("README.md lists package %s, which does not exist", m[2])
			return row
		}
		listed[m[2]] = true
		if want := sentence(files); m[3] != want {
			t.Errorf("README.md says of package %s\n  %q\nand the package says\n  %q\nrewrite it with -update, so that readers find the same map in both", m[2], m[3], want)
		}
		return m[1] + sentence(files) + m[4]
	})
	if correct != readme {
		rewrite(t, "README.md", correct)
	}
	for dir := range packages(t) {
		if !listed[dir] {
			t.Errorf("README.md does not list package %s: add a row where a reader would look for it", dir)
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

var (
	docLink     = regexp.MustCompile(`\[([A-Z][A-Za-z.]*)\]`)
	sentenceEnd = regexp.MustCompile(`\.(?: [A-Z]|$)`)
)

// sentence is the first sentence of the package comment, less its opening, its full stop and the brackets of links.
func sentence(files []*goFile) string {
	first, _, _ := strings.Cut(packageDoc(files), "\n\n")
	first = docLink.ReplaceAllString(strings.Join(strings.Fields(first), " "), "$1")
	if end := sentenceEnd.FindStringIndex(first); end != nil {
		first = first[:end[0]]
	}
	said, ok := strings.CutPrefix(first, opening(files[0]))
	if !ok {
		return ""
	}
	return said
}
