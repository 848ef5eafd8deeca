package experiment_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"liftgate/experiment"
)

func read(t testing.TB, file string) []byte {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files for %s (%v)", pattern, err)
	}
	return files
}

func TestGoodDefinitionsParse(t *testing.T) {
	for _, file := range glob(t, "testdata/good/*.yaml") {
		if _, err := experiment.Parse(file, read(t, file)); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func TestStartersParse(t *testing.T) {
	for _, unit := range []experiment.Unit{experiment.Shopper, experiment.Merchant} {
		d, err := experiment.Parse("experiment.yaml", experiment.Starter(unit, "cart-button"))
		if err != nil {
			t.Fatal(err)
		}
		if d.Unit != unit || d.Name != "cart-button" {
			t.Errorf("the starter is for %s and called %s", d.Unit, d.Name)
		}
	}
}

func TestCatalogue(t *testing.T) {
	if n := len(experiment.Catalogue()); n < 20 {
		t.Errorf("%d metrics", n)
	}
}

var update = flag.Bool("update", false, "rewrite golden files")
