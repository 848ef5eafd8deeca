package run_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/evidence"
	"liftgate/experiment/result"
	"liftgate/experiment/run"
	"liftgate/stats"
)

func TestDefaultDir(t *testing.T) {
	at := func(micros int64) *datasets.Instant { i := datasets.Instant(micros); return &i }
	const midnight = 1794441600_000_000 // 2026-11-12
	for _, c := range []struct {
		asOf *datasets.Instant
		want string
	}{
		{nil, "runs/x/data"},
		{at(midnight), "runs/x/2026-11-12"},
		{at(midnight + 8.5*3600*1e6), "runs/x/20261112T083000Z"},
		{at(midnight + 1), "runs/x/20261112T000000Z"},
	} {
		if got := filepath.ToSlash(run.DefaultDir("x", c.asOf)); got != c.want {
			t.Errorf("DefaultDir: %s, want %s", got, c.want)
		}
	}
}

func TestRunIsReadBackAsWritten(t *testing.T) {
	root := t.TempDir()
	input := write(t, root, "data/units.csv", "id,v\n")
	inputs, err := run.HashInputs(t.Context(), "units", root, []string{input})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "runs", "x", "data")
	commit(t, dir, false, run.Manifest{Engine: "test", Created: "2026-11-12T00:00:00Z", Inputs: inputs})
	r, err := run.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if r.Result.Experiment != "x" || string(r.Definition) != "name: x\n" {
		t.Errorf("read back %q and %q", r.Result.Experiment, r.Definition)
	}
	in := r.Manifest.Inputs[0]
	want := run.File{Path: "data/units.csv", Size: 5, SHA256: "97bc07f77ccbc699b96c7a760c23ac2dca9263badae02975226f55440272e16c"} // sha256sum
	if in.Table != "units" || in.File != want {
		t.Errorf("input is %+v, want %+v", in, want)
	}
	var names []string
	for _, f := range r.Manifest.Files {
		names = append(names, f.Path)
	}
	if !slices.IsSorted(names) || !slices.Contains(names, "definition.yaml") || !slices.Contains(names, "evidence/summary.arrow") {
		t.Errorf("the manifest lists %q", names)
	}
}

func TestEvidenceReturnsTheFingerprintOfItsFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	fingerprint := commit(t, dir, false, run.Manifest{})
	want, err := evidence.Fingerprint(filepath.Join(dir, run.EvidenceName))
	if err != nil || fingerprint != want {
		t.Errorf("fingerprint %s, of the files %s (%v)", fingerprint, want, err)
	}
}

func TestOpenRefusesWhatHasChanged(t *testing.T) {
	for name, change := range map[string]struct {
		do   func(t *testing.T, dir string)
		want string
	}{
		"edited": {
			func(t *testing.T, dir string) { write(t, dir, run.ResultName, "{}") },
			"result.json has changed since the run was written",
		},
		"removed": {
			func(t *testing.T, dir string) { remove(t, filepath.Join(dir, run.DefinitionName)) },
			"definition.yaml is missing",
		},
		"evidence cut short": {
			func(t *testing.T, dir string) { write(t, dir, "evidence/summary.arrow", "") },
			"evidence/summary.arrow has changed",
		},
		"no manifest": {
			func(t *testing.T, dir string) { remove(t, filepath.Join(dir, run.ManifestName)) },
			"is not a run: it has no manifest.json",
		},
		"manifest cut short": {
			func(t *testing.T, dir string) { write(t, dir, run.ManifestName, `{"schema":`) },
			"manifest.json: unexpected end",
		},
		"manifest of another version": {
			func(t *testing.T, dir string) { write(t, dir, run.ManifestName, `{"schema":"liftgate.manifest/v2"}`) },
			`this version reads "liftgate.manifest/v1"`,
		},
		"manifest lists nothing": {
			func(t *testing.T, dir string) { write(t, dir, run.ManifestName, `{"schema":"liftgate.manifest/v1"}`) },
			"does not list definition.yaml",
		},
		"manifest points outside": {
			func(t *testing.T, dir string) {
				write(t, dir, run.ManifestName, `{"schema":"liftgate.manifest/v1","files":[{"path":"../secret"}]}`)
			},
			"lies outside the run",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "x")
			commit(t, dir, false, run.Manifest{})
			change.do(t, dir)
			_, err := run.Open(t.Context(), dir)
			if err == nil || !strings.Contains(err.Error(), change.want) {
				t.Errorf("Open: %v, want %q", err, change.want)
			}
		})
	}
}

func TestOnlyARunIsReplacedAndOnlyByForce(t *testing.T) {
	root := t.TempDir()
	write(t, root, "folder/notes", "mine")
	file := write(t, root, "file", "mine")
	empty := filepath.Join(root, "empty")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	standing, audited := filepath.Join(root, "run"), filepath.Join(root, "audited")
	commit(t, standing, false, run.Manifest{})
	commit(t, audited, false, run.Manifest{})
	write(t, audited, run.AuditName, "{}\n")
	before := listing(t, root)
	for _, c := range []struct {
		dir     string
		replace bool
		want    string
	}{
		{filepath.Join(root, "folder"), true, "is not a run"},
		{file, true, "is not a run"},
		{empty, true, "is not a run"},
		{standing, false, "holds a run already"},
		{audited, true, "never replaced"},
		{audited, false, "never replaced"},
	} {
		if _, err := run.Create(c.dir, c.replace); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Create(%s, %v): %v, want %q", c.dir, c.replace, err, c.want)
		}
	}
	if after := listing(t, root); !slices.Equal(before, after) {
		t.Errorf("files changed from %q to %q", before, after)
	}
	commit(t, standing, true, run.Manifest{Engine: "second"})
	if r, err := run.Open(t.Context(), standing); err != nil || r.Manifest.Engine != "second" {
		t.Errorf("replaced run: %v", err)
	}
}

func TestFailuresLeaveNothing(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		work func(d *run.Draft) error
		want error
	}{
		"disk full": {
			func(d *run.Draft) error {
				return d.Write(run.ResultName, func(w io.Writer) error {
					_, err := io.Copy(w, &fullDisk{left: 1 << 16})
					return err
				})
			},
			syscall.ENOSPC,
		},
		"interrupted":   {func(d *run.Draft) error { return d.Commit(cancelled, run.Manifest{}) }, context.Canceled},
		"name is taken": {func(d *run.Draft) error { return errors.Join(fill(d), fill(d)) }, fs.ErrExist},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			d, err := run.Create(filepath.Join(root, "runs", "x", "data"), false)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.work(d); !errors.Is(err, c.want) {
				t.Errorf("error is %v, want %v", err, c.want)
			}
			if err := d.Discard(); err != nil {
				t.Fatal(err)
			}
			if left := listing(t, root); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

func TestTheRunThatStoodThereSurvivesAFailure(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	commit(t, dir, false, run.Manifest{Engine: "first"})
	before := listing(t, filepath.Dir(dir))
	d, err := run.Create(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, run.AuditName, "{}\n") // a decision is recorded meanwhile
	if err := d.Commit(t.Context(), run.Manifest{Engine: "second"}); err == nil {
		t.Error("a run with an audit trail was replaced")
	}
	if err := d.Discard(); err != nil {
		t.Fatal(err)
	}
	remove(t, filepath.Join(dir, run.AuditName))
	if after := listing(t, filepath.Dir(dir)); !slices.Equal(before, after) {
		t.Errorf("files changed from %q to %q", before, after)
	}
}

// fullDisk gives so many bytes and then the error of a disk without space.
type fullDisk struct{ left int }

func (f *fullDisk) Read(p []byte) (int, error) {
	if f.left == 0 {
		return 0, syscall.ENOSPC
	}
	n := min(f.left, len(p))
	f.left -= n
	return n, nil
}

func fill(d *run.Draft) error {
	return d.Write(run.DefinitionName, func(w io.Writer) error {
		_, err := io.WriteString(w, "name: x\n")
		return err
	})
}

// commit writes a small run and returns the fingerprint of its evidence.
func commit(t *testing.T, dir string, replace bool, m run.Manifest) string {
	t.Helper()
	d, err := run.Create(dir, replace)
	if err != nil {
		t.Fatal(err)
	}
	fingerprint, err := d.Evidence(&datasets.Evidence{
		Variants: []string{"a", "b"},
		Exposure: datasets.Exposure{Units: []int64{1, 1}, Crossover: []int64{0, 0}},
		Blocks:   []datasets.BlockEvidence{{Metric: "m", Incomplete: []int64{0, 0}, Null: []int64{0, 0}, Total: make([]stats.Moments, 2)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(result.Result{Schema: result.SchemaV1, Experiment: "x"})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(run.ResultName, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(raw))
		return err
	})
	if err := errors.Join(err, fill(d), d.Commit(t.Context(), m), d.Discard()); err != nil {
		t.Fatal(err)
	}
	return fingerprint
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(content), 0o666)); err != nil {
		t.Fatal(err)
	}
	return path
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// listing names everything below root.
func listing(t *testing.T, root string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if path != root {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
