package run_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liftgate/experiment/result"
	"liftgate/experiment/run"
)

// commitConsistent writes a run whose result names its evidence and its definition.
func commitConsistent(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "x")
	fingerprint := commit(t, dir, false, run.Manifest{Engine: "test"})
	definition := sha256.Sum256([]byte("name: x\n"))
	raw, err := json.Marshal(result.Result{
		Schema: result.SchemaV1, Experiment: "x", Engine: "test",
		DataFingerprint: fingerprint, DefinitionSHA256: hex.EncodeToString(definition[:]),
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, run.ResultName, string(raw))
	mend(t, dir)
	return dir
}

// mend makes the manifest agree with the files, as somebody would who wants an edit to go unseen.
func mend(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, run.ManifestName)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var m run.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	for i, f := range m.Files {
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		m.Files[i].Size, m.Files[i].SHA256 = int64(len(content)), hex.EncodeToString(sum[:])
	}
	if raw, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	write(t, dir, run.ManifestName, string(raw))
}

func TestVerifyFindsEverything(t *testing.T) {
	summary := filepath.Join(run.EvidenceName, "summary.arrow")
	for name, c := range map[string]struct {
		change func(t *testing.T, dir string)
		want   []string // one for each finding
	}{
		"nothing": {func(*testing.T, string) {}, nil},
		"two files": {
			func(t *testing.T, dir string) {
				write(t, dir, run.DefinitionName, "name: y\n")
				remove(t, filepath.Join(dir, summary))
			},
			[]string{"definition.yaml has changed", "evidence/summary.arrow is missing", "evidence is not the evidence that result.json names"},
		},
		"mended definition": {
			func(t *testing.T, dir string) { write(t, dir, run.DefinitionName, "name: y\n"); mend(t, dir) },
			[]string{"definition.yaml is not the definition that result.json names"},
		},
		"mended evidence": {
			func(t *testing.T, dir string) { write(t, dir, "evidence/summary.arrow", "other"); mend(t, dir) },
			[]string{"evidence/SHA256SUMS does not say what manifest.json says", "evidence is not the evidence that result.json names"},
		},
		"mended result": {
			func(t *testing.T, dir string) { write(t, dir, run.ResultName, "{}"); mend(t, dir) },
			[]string{"result.json cannot be read"},
		},
		"files that do not belong": {
			func(t *testing.T, dir string) {
				write(t, dir, "evidence/extra.arrow", "")
				write(t, dir, "folder/deep/file", "")
				write(t, dir, run.AuditName, "{}\n")
			},
			[]string{"evidence is not the evidence", "evidence/extra.arrow does not belong", "folder does not belong"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := commitConsistent(t)
			c.change(t, dir)
			before := listing(t, dir)
			_, findings, err := run.Verify(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if len(findings) != len(c.want) {
				t.Fatalf("found %q, want %q", findings, c.want)
			}
			for i, f := range findings {
				if !strings.HasPrefix(f.String(), c.want[i]) {
					t.Errorf("found %q, want %q", f, c.want[i])
				}
			}
			if after := listing(t, dir); !slices.Equal(before, after) {
				t.Errorf("files changed from %q to %q", before, after)
			}
		})
	}
}

func TestVerifyKeepsWhatIsStillWhatWasWritten(t *testing.T) {
	dir := commitConsistent(t)
	r, _, err := run.Verify(t.Context(), dir)
	if err != nil || string(r.Definition) != "name: x\n" || r.Result == nil {
		t.Errorf("untouched: definition %q, result %v (%v)", r.Definition, r.Result, err)
	}
	write(t, dir, run.DefinitionName, "name: y\n")
	if r, _, err = run.Verify(t.Context(), dir); err != nil || r.Definition != nil || r.Result == nil {
		t.Errorf("with another definition: definition %q, result %v (%v)", r.Definition, r.Result, err)
	}
	if _, _, err := run.Verify(t.Context(), t.TempDir()); err == nil {
		t.Error("an empty folder was verified")
	}
}

func TestRecipeIsSeenFromTheRun(t *testing.T) {
	root := t.TempDir()
	write(t, root, "project/definition.yaml", "")
	dir := filepath.Join(root, "project", "runs", "x")
	commit(t, dir, false, run.Manifest{Recipe: &run.Recipe{Folder: filepath.Join(root, "project"), Evidence: "full"}})
	r, err := run.Open(t.Context(), dir)
	if err != nil || r.Manifest.Recipe.Folder != "../.." {
		t.Fatalf("folder is %+v, want ../.. (%v)", r.Manifest.Recipe, err)
	}
	moved := filepath.Join(root, "moved")
	if err := os.Rename(filepath.Join(root, "project"), moved); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(root, "link")
	if err := os.Symlink(filepath.Join(moved, "runs", "x"), link); err != nil {
		t.Fatal(err)
	}
	want, err := filepath.EvalSymlinks(moved)
	if err != nil {
		t.Fatal(err)
	}
	for _, seen := range []string{filepath.Join(moved, "runs", "x"), link} {
		if r, err = run.Open(t.Context(), seen); err != nil {
			t.Fatal(err)
		}
		if folder, err := r.Folder(); err != nil || folder != want {
			t.Errorf("from %s the folder is %s, want %s (%v)", seen, folder, want, err)
		}
	}
}

func TestChangedInputs(t *testing.T) {
	in := func(path, content string) run.Input {
		return run.Input{Table: "events", File: run.File{Path: path, Size: int64(len(content)), SHA256: content}}
	}
	was := []run.Input{in("a.csv", "1"), in("b.csv", "2"), in("/old/c.csv", "3")}
	for name, c := range map[string]struct {
		now  []run.Input
		want []string
	}{
		"same":      {was, nil},
		"moved":     {[]run.Input{in("c.csv", "3"), in("a.csv", "1"), in("b.csv", "2")}, nil},
		"longer":    {[]run.Input{was[0], in("b.csv", "22"), was[2]}, []string{"b.csv has changed since the run read it: it had 1 bytes, now 2"}},
		"both":      {[]run.Input{was[0], was[1], in("/new/c.csv", "4")}, []string{"/old/c.csv has changed since the run read it: its 1 bytes are others"}},
		"exchanged": {[]run.Input{in("a.csv", "2"), in("b.csv", "1"), was[2]}, nil},
		"gone":      {was[1:], []string{"a.csv is missing"}},
		"new":       {append(slices.Clone(was), in("d.csv", "1")), []string{"d.csv was not there when the run read events"}},
	} {
		var got []string
		for _, f := range run.ChangedInputs(was, c.now) {
			got = append(got, f.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestCompareNamesWhatDiffers(t *testing.T) {
	a, b := commitConsistent(t), commitConsistent(t)
	if files, findings, err := run.Compare(t.Context(), a, b); err != nil || files == 0 || len(findings) > 0 {
		t.Fatalf("equal runs: %d files, %q (%v)", files, findings, err)
	}
	raw, err := os.ReadFile(filepath.Join(b, run.ResultName))
	if err != nil {
		t.Fatal(err)
	}
	write(t, b, run.ResultName, string(bytes.Replace(raw, []byte(`"risk_budget":null`), []byte(`"risk_budget":{"amount":1}`), 1)))
	write(t, b, run.DefinitionName, "name: x and more\n")
	want := []string{"definition.yaml differs, first in byte 7", "result.json differs, first in rules.risk_budget: null, now an object"}
	_, findings, err := run.Compare(t.Context(), a, b)
	if got := fmt.Sprint(findings); err != nil || got != fmt.Sprint(want) {
		t.Errorf("%s, want %s (%v)", got, want, err)
	}
}
