package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	runs "liftgate/experiment/run"
)

// verified runs verify and returns what it says.
func verified(t *testing.T, args ...string) (code int, says string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append([]string{"verify", "run", "--quiet"}, args...), strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String() + stderr.String()
}

// TestVerifyOfEveryShape: from its evidence alone and from the data a run comes out the same, and one other byte in any file is found.
func TestVerifyOfEveryShape(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			if testing.Short() && s.name != "pairs" {
				t.Skip("one shape is enough in a hurry")
			}
			t.Chdir(t.TempDir())
			s.make(t)
			code, says := verified(t, "--reproduce")
			for _, want := range []string{"✓ run: ", "✓ evidence: the result and its page follow from it", "✓ data: ", "✓ reproduced: "} {
				if code != exitDone || !strings.Contains(says, want) {
					t.Errorf("exit code %d: %q is not in\n%s", code, want, says)
				}
			}
			if (s.list != "") != strings.Contains(says, "✓ design: 1 file") {
				t.Errorf("of the design's record it says: %s", says)
			}
			for _, name := range filesOf(t, "run") {
				seesByte(t, name)
			}
		})
	}
}

// seesByte changes a byte in the middle of a file of the run, looks whether that is found, and undoes it.
func seesByte(t *testing.T, name string) {
	t.Helper()
	before := content(t, filepath.Join("run", name))
	changed := bytes.Clone(before)
	changed[len(changed)/2] ^= 1
	save(t, filepath.Join("run", name), string(changed))
	_, findings, err := runs.Verify(t.Context(), "run")
	want := runs.Finding{Path: name, Problem: "has changed since the run was written; analyse again"}
	if err != nil || !slices.Contains(findings, want) {
		t.Errorf("%s: found %q (%v)", name, findings, err)
	}
	save(t, filepath.Join("run", name), string(before))
}

func content(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// filesOf are the files of a run that its manifest lists.
func filesOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	r, err := runs.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Manifest.Files {
		names = append(names, f.Path)
	}
	return names
}

// TestVerifyOfTheRecordOfADesign: it is an input like the data.
func TestVerifyOfTheRecordOfADesign(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses again")
	}
	t.Chdir(t.TempDir())
	shapeOf(t, "pairs").make(t)
	expect := func(code int, wants ...string) {
		t.Helper()
		got, says := verified(t)
		for _, want := range wants {
			if got != code || !strings.Contains(says, want) {
				t.Errorf("exit code %d, want %d and %q in\n%s", got, code, want, says)
			}
		}
	}
	const name = "shape.design.json"
	record := string(content(t, name))
	save(t, name, record+" ")
	expect(exitFailed, "✗ design: "+name+" has changed since the run read it", "✓ data: ", "? not reproduced: the data are not those", "✓ evidence: ")
	rename(t, "events.csv", "gone.csv")
	rename(t, "exposures.csv", "gone too.csv")
	expect(exitFailed, "✗ design: "+name+" has changed since the run read it", "? not reproduced: no file")
	drop(t, name)
	expect(exitDone, "? not reproduced: no file that it was made from is in")
	rename(t, "gone.csv", "events.csv")
	rename(t, "gone too.csv", "exposures.csv")
	expect(exitFailed, "✗ design: "+name+" is missing", "✓ data: ", "? not reproduced: the data are not those")

	save(t, name, record) // as an older version would have written it
	manifest := filepath.Join("run", runs.ManifestName)
	r, err := runs.Open(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	r.Manifest.Inputs = slices.DeleteFunc(r.Manifest.Inputs, func(in runs.Input) bool { return in.Table == runs.DesignInput })
	saveJSON(t, manifest, r.Manifest)
	expect(exitDone, "✓ data: 2 files", "✓ reproduced: ")
	if _, says := verified(t); strings.Contains(says, "design: ") {
		t.Error(says)
	}
}

// TestVerifyOfAnOlderRun: whether eligibility could be computed again is not known without the data.
func TestVerifyOfAnOlderRun(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses again")
	}
	t.Chdir(t.TempDir())
	shapeOf(t, "hashed").make(t)
	r, err := runs.Open(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	r.Manifest.Recipe.Unchecked = nil
	saveJSON(t, filepath.Join("run", runs.ManifestName), r.Manifest)
	code, says := verified(t)
	if code != exitDone || !strings.Contains(says, "? evidence: the result is not computed again from it alone: an older version") || !strings.Contains(says, "✓ reproduced: ") {
		t.Errorf("exit code %d, %s", code, says)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func drop(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

func saveJSON(t *testing.T, name string, x any) {
	t.Helper()
	raw, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	save(t, name, string(raw))
}
