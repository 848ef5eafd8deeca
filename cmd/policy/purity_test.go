package policy

import (
	"go/ast"
	"strings"
	"testing"
)

// impure lists what makes the same input give another answer. Constructors of seeded generators are not on it.
var impure = map[string][]string{
	"time":         {"Now", "Since", "Until", "After", "Tick", "Local"},
	"math/rand":    {"*"},
	"crypto/rand":  {"*"},
	"math/rand/v2": {"Int", "IntN", "Int32", "Int32N", "Int64", "Int64N", "Uint32", "Uint64", "Float64", "NormFloat64", "ExpFloat64", "Perm", "Shuffle", "N"},
}

func TestTimeAndRandomnessAreArguments(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.Test() || top(f.Dir()) == "cmd" {
			continue
		}
		names := importedAs(f)
		ast.Inspect(f.Tree, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := selector.X.(*ast.Ident); ok && isImpure(names[x.Name], selector.Sel.Name) {
				t.Errorf("%s: %s.%s: below cmd, time and randomness are arguments, because a result must be reproducible to the bit",
					f.At(n.Pos()), x.Name, selector.Sel.Name)
			}
			return true
		})
	}
}

func isImpure(pkg, name string) bool {
	for _, bad := range impure[pkg] {
		if bad == "*" || bad == name {
			return true
		}
	}
	return false
}

// importedAs finds the package behind a name of the file.
func importedAs(f *goFile) map[string]string {
	names := map[string]string{}
	for i, name := range imports(f) {
		as := strings.TrimSuffix(name, "/v2")
		as = as[strings.LastIndex(as, "/")+1:]
		if alias := f.Tree.Imports[i].Name; alias != nil {
			as = alias.Name
		}
		names[as] = name
	}
	return names
}
