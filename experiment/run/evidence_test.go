package run_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/experiment/run"
)

// TestOpenEvidenceReadsWhatOpenReads, but for what parts do not need.
func TestOpenEvidenceReadsWhatOpenReads(t *testing.T) {
	dir := commitConsistent(t)
	whole, err := run.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	r, ev, err := run.OpenEvidence(t.Context(), dir, datasets.Cut{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := r.Result, whole.Result
	if ev == nil || string(r.Definition) != string(whole.Definition) || a.Schema != b.Schema || a.DataFingerprint != b.DataFingerprint ||
		!reflect.DeepEqual(a.Metrics, b.Metrics) || !reflect.DeepEqual(a.Checks, b.Checks) || !reflect.DeepEqual(r.Manifest, whole.Manifest) {
		t.Errorf("%+v\nwant\n%+v", r, whole)
	}
}

// TestOpenEvidenceRefusesWhatHasChanged of what it reads.
func TestOpenEvidenceRefusesWhatHasChanged(t *testing.T) {
	for _, name := range []string{run.DefinitionName, run.ResultName, "evidence/SHA256SUMS", "evidence/moments.arrow"} {
		dir := commitConsistent(t)
		path := filepath.Join(dir, filepath.FromSlash(name))
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text[len(text)/2] ^= 1
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := run.OpenEvidence(t.Context(), dir, datasets.Cut{}); err == nil || !strings.Contains(err.Error(), filepath.Base(name)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := run.OpenEvidence(t.Context(), t.TempDir(), datasets.Cut{}); err == nil || !strings.Contains(err.Error(), "is not a run") {
		t.Errorf("no run: %v", err)
	}
}
