package analysis_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets/evidence"
	"liftgate/datasets/sourcetest"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
)

// TestResultComesFromEvidenceFilesAlone: what a run leaves behind is enough to compute every number again, bit for bit.
func TestResultComesFromEvidenceFilesAlone(t *testing.T) {
	s := newShop(t, 2000)
	d, err := experiment.Parse("shop.yaml", []byte(s.yaml))
	if err != nil {
		t.Fatal(err)
	}
	source := sourcetest.NewSource(s.Data)
	study, err := analysis.Bind(context.Background(), d, source, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := source.Observe(context.Background(), &study.Query)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := evidence.Write(dir, seen); err != nil {
		t.Fatal(err)
	}
	kept, err := evidence.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want, err := study.Infer(seen, analysis.Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := study.Infer(kept, analysis.Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the result from the files differs (-data +files):\n%s", diff)
	}
}
