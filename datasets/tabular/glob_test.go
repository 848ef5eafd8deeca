package tabular_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/tabular"
)

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.csv", "a.csv", "B.csv", "x/c.csv", "x/y/d.csv", "x/y/e.parquet", "weird[1].csv", "x/b.csv"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("unit\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, files, want, reason string
	}{
		{"a name", "a.csv", "a.csv", ""},
		{"sorted bytewise", "*.csv", "B.csv a.csv b.csv weird[1].csv", ""},
		{"in the order of the patterns, each once", "b.csv *.csv ./a.csv", "b.csv B.csv a.csv weird[1].csv", ""},
		{"any depth", "**/*.csv", "B.csv a.csv b.csv weird[1].csv x/b.csv x/c.csv x/y/d.csv", ""},
		{"below a folder", "x/**/*.csv", "x/b.csv x/c.csv x/y/d.csv", ""},
		{"all files below a folder", "x/**", "x/b.csv x/c.csv x/y/d.csv x/y/e.parquet", ""},
		{"a star in the middle", "x/*/*.csv", "x/y/d.csv", ""},
		{"a class", "[ab].csv", "a.csv b.csv", ""},
		{"a name that looks like a pattern", "weird[1].csv", "weird[1].csv", ""},
		{"absolute", filepath.Join(dir, "x", "*.csv"), "x/b.csv x/c.csv", ""},
		{"nothing", "a.csv *.arrow", "", "nothing matches"},
		{"missing", "z.csv", "", "there is no such file"},
		{"missing folder", "z/*.csv", "", "nothing matches"},
		{"a folder", "x", "", "it is a folder"},
		{"malformed", "[a.csv", "", "malformed"},
		{"an object store", "s3://bucket/*.parquet", "", "object-store URLs are not supported yet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := &datasets.Table{Name: "events", Dir: dir, Files: strings.Fields(c.files)}
			got, err := tabular.Files(table)
			if c.reason != "" {
				var none *datasets.NoFilesError
				if !errors.As(err, &none) || !strings.Contains(none.Reason, c.reason) {
					t.Fatalf("error %v, want one with %q", err, c.reason)
				}
				if last := table.Files[none.Index]; last != none.Pattern || none.Table != "events" {
					t.Errorf("error names %q of %q", none.Pattern, none.Table)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, path := range got {
				rel, err := filepath.Rel(dir, path)
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, filepath.ToSlash(rel))
			}
			if diff := cmp.Diff(strings.Fields(c.want), names); diff != "" {
				t.Error(diff)
			}
		})
	}
}
