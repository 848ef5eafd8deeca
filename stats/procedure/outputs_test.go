package procedure

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite fields.txt")

// TestFieldTexts holds fields.txt to the comments in the sources.
func TestFieldTexts(t *testing.T) {
	var lines []string
	err := filepath.WalkDir("..", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err == nil {
			pkg := path.Join("liftgate/stats", strings.TrimPrefix(filepath.ToSlash(filepath.Dir(file)), ".."))
			lines = append(lines, fieldComments(pkg, source)...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	want := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile("fields.txt", []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != fieldTexts {
		t.Error("fields.txt is not what the comments say: go test ./stats/procedure -run FieldTexts -update")
	}
}

// fieldComments are the lines of a file's exported struct fields that have a comment.
func fieldComments(pkg string, source *ast.File) []string {
	var lines []string
	ast.Inspect(source, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		shape, ok := spec.Type.(*ast.StructType)
		if !ok {
			return false
		}
		for _, f := range shape.Fields.List {
			text := strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
			for _, name := range f.Names {
				if name.IsExported() && text != "" {
					lines = append(lines, pkg+"."+spec.Name.Name+"."+name.Name+"\t"+inJSON(shape, text)+"\n")
				}
			}
		}
		return false
	})
	return lines
}

var (
	word  = regexp.MustCompile(`\w+`)
	links = strings.NewReplacer("[", "", "]", "", "+Inf", `"inf"`, "-Inf", `"-inf"`, "NaN", "null", "Bounded", "bounded")
)

// inJSON puts a comment into the words of the answer: numbers as JSON has them, and the struct's own fields by their names there.
func inJSON(shape *ast.StructType, text string) string {
	names := map[string]bool{}
	for _, f := range shape.Fields.List {
		for _, name := range f.Names {
			names[name.Name] = true
		}
	}
	return word.ReplaceAllStringFunc(links.Replace(text), func(w string) string {
		if names[w] {
			return snake(w)
		}
		return w
	})
}

func TestOutputs(t *testing.T) {
	p, _ := Find("welch")
	out, err := p.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(out, func(o Output) bool { return o.Name == "lift.shape" }) {
		t.Errorf("lift.shape of welch has no words: %v", out)
	}
}
