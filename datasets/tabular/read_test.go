package tabular_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/tabular"
)

// read calls back with every batch of a table.
func read(spec *datasets.Table, wants []tabular.Want, each func(*tabular.Batch) error) (err error) {
	table, err := tabular.Open(context.Background(), spec)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	if err := table.Check(wants); err != nil {
		return err
	}
	for _, p := range table.Parts() {
		if err := readPart(p, wants, each); err != nil {
			return p.Locate(err)
		}
	}
	return nil
}

func readPart(p *tabular.Part, wants []tabular.Want, each func(*tabular.Batch) error) error {
	r, err := p.Open(context.Background(), wants)
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = each(b)
		}
		if err != nil {
			return err
		}
	}
}

// wallClocks is a table whose wall clocks are those of Berlin.
func wallClocks(t *testing.T, dir, files string) *datasets.Table {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	return &datasets.Table{Name: "units", Dir: dir, Files: []string{files}, Location: berlin}
}

// cells gives the distinct cells of columns, as texts, in the order of the texts.
func cells(t *testing.T, dir, files string, columns []string) map[string][]string {
	t.Helper()
	var wants []tabular.Want
	seen := make([]map[string]bool, len(columns))
	for i, name := range columns {
		wants = append(wants, tabular.Want{Name: name, As: tabular.AsLabel})
		seen[i] = map[string]bool{}
	}
	err := read(wallClocks(t, dir, files), wants, func(b *tabular.Batch) error {
		for i := range wants {
			c, err := b.Column(i)
			if err != nil {
				return err
			}
			for row := range b.Rows {
				cell := datasets.NoValue
				if !c.Null(row) {
					cell = strings.Clone(c.Value(row).Plain())
				}
				seen[i][cell] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", files, err)
	}
	got := map[string][]string{}
	for i, name := range columns {
		got[name] = slices.Sorted(maps.Keys(seen[i]))
	}
	return got
}

// TestCSVCells: a cell is taken as it stands, blanks, quotes and line ends included.
func TestCSVCells(t *testing.T) {
	dir := t.TempDir()
	content := "unit,variant,note\r\na,control,\" two\r\nlines \"\r\nb,treatment,\"say \"\"a, b\"\"\"\r\nc,control,\"\"\r\n007,treatment,é\r\n"
	if err := os.WriteFile(filepath.Join(dir, "units.csv"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{" two\nlines ", datasets.NoValue, "say \"a, b\"", "é"}
	if diff := cmp.Diff(want, cells(t, dir, "units.csv", []string{"note"})["note"]); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"007", "a", "b", "c"}, cells(t, dir, "units.csv", []string{"unit"})["unit"]); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}
