package experiment

import (
	"os"
	"path/filepath"
	"testing"
)

// TestGoodDefinitionsUseTheWholeGrammar: every key of every form stands in at least one file that parses, so that no key is
// accepted untried.
func TestGoodDefinitionsUseTheWholeGrammar(t *testing.T) {
	used := map[*form]map[string]bool{}
	files, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		markUsed(used, definitionForm, newReader(file, source).document())
	}
	for f, keys := range used {
		for _, k := range f.keys {
			if !keys[k.name] {
				t.Errorf("no good definition has %s in %s", k.name, f.name)
			}
		}
	}
	if len(used) < 15 {
		t.Errorf("only %d forms are used", len(used))
	}
}

func markUsed(used map[*form]map[string]bool, s shape, n *node) {
	switch s := s.(type) {
	case listShape:
		for _, item := range n.items {
			markUsed(used, s.of, item)
		}
	case *form:
		if used[s] == nil {
			used[s] = map[string]bool{}
		}
		for _, f := range n.fields {
			if k := s.key(f.key.text); k != nil {
				used[s][k.name] = true
				markUsed(used, k.shape, f.value)
			} else if s.rest != nil {
				markUsed(used, s.rest.shape, f.value)
			}
		}
	}
}
