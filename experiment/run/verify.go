package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"liftgate/datasets/evidence"
)

// Finding is something that does not hold: a file, by its path with slashes, and what about it.
type Finding struct{ Path, Problem string }

func (f Finding) String() string { return f.Path + " " + f.Problem }

// Verify compares the run in dir with all that it says about itself: the files with the manifest, the evidence and the definition with
// the result, and the folder with what belongs there. It returns the run, with a nil Definition or Result where that is not what was
// written, and everything that does not hold. It fails when dir holds no run or cannot be read.
func Verify(ctx context.Context, dir string) (*Run, []Finding, error) {
	m, err := openManifest(dir)
	if err != nil {
		return nil, nil, err
	}
	findings, err := changedFiles(ctx, dir, m.Files)
	if err != nil {
		return nil, nil, err
	}
	r := &Run{Dir: dir, Manifest: *m}
	if !concerns(findings, DefinitionName) {
		if r.Definition, err = os.ReadFile(filepath.Join(dir, DefinitionName)); err != nil {
			return nil, nil, err
		}
	}
	if !concerns(findings, ResultName) {
		if r.Result, err = readResult(filepath.Join(dir, ResultName)); err != nil {
			findings = append(findings, Finding{ResultName, "cannot be read: " + err.Error()})
		}
	}
	findings = append(findings, r.contradictions()...)
	strays, err := strayFiles(dir, m.Files)
	return r, append(findings, strays...), err
}

func concerns(findings []Finding, path string) bool {
	for _, f := range findings {
		if f.Path == path {
			return true
		}
	}
	return false
}

// contradictions are what the files of a run say about each other and does not hold, whatever the manifest says.
func (r *Run) contradictions() []Finding {
	var findings []Finding
	add := func(path, problem string, args ...any) {
		findings = append(findings, Finding{path, fmt.Sprintf(problem, args...)})
	}
	sums, err := os.ReadFile(filepath.Join(r.Dir, EvidenceName, evidence.SumsName))
	if err == nil && string(sums) != r.evidenceSums() {
		add(path.Join(EvidenceName, evidence.SumsName), "does not say what %s says", ManifestName)
	}
	if r.Result == nil {
		return findings
	}
	switch fingerprint, err := evidence.Fingerprint(filepath.Join(r.Dir, EvidenceName)); {
	case err != nil:
		add(EvidenceName, "has no fingerprint: %v", err)
	case fingerprint != r.Result.DataFingerprint:
		add(EvidenceName, "is not the evidence that %s names: its fingerprint is %s", ResultName, fingerprint)
	}
	if sum := sha256.Sum256(r.Definition); r.Definition != nil && hex.EncodeToString(sum[:]) != r.Result.DefinitionSHA256 {
		add(DefinitionName, "is not the definition that %s names", ResultName)
		r.Definition = nil
	}
	if r.Result.Engine != r.Manifest.Engine {
		add(ResultName, "names another engine, %s, than %s, %s", r.Result.Engine, ManifestName, r.Manifest.Engine)
	}
	return findings
}

// evidenceSums is what the sums beside the evidence say when they agree with the manifest.
func (r *Run) evidenceSums() string {
	var b strings.Builder
	for _, f := range r.Manifest.Files {
		if dir, name := path.Split(f.Path); dir == EvidenceName+"/" && path.Ext(name) == ".arrow" {
			fmt.Fprintf(&b, "%s  %s\n", f.SHA256, name)
		}
	}
	return b.String()
}

// changedFiles compares the files of a run with their hashes.
func changedFiles(ctx context.Context, dir string, files []File) ([]Finding, error) {
	var findings []Finding
	listed := map[string]bool{}
	for _, want := range files {
		listed[want.Path] = true
		name := filepath.FromSlash(want.Path)
		if !filepath.IsLocal(name) {
			findings = append(findings, Finding{ManifestName, fmt.Sprintf("names %q, which lies outside the run", want.Path)})
			continue
		}
		got, err := hashFile(ctx, filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			findings = append(findings, Finding{want.Path, "is missing"})
		case err != nil:
			return nil, err
		case got.Size != want.Size || got.SHA256 != want.SHA256:
			findings = append(findings, Finding{want.Path, "has changed since the run was written; analyse again"})
		}
	}
	for _, name := range []string{DefinitionName, ResultName} {
		if !listed[name] {
			findings = append(findings, Finding{ManifestName, "does not list " + name})
		}
	}
	return findings, nil
}

// strayFiles finds what lies in a run and does not belong there.
func strayFiles(dir string, files []File) ([]Finding, error) {
	known := map[string]bool{".": true, ManifestName: true, AuditName: true}
	for _, f := range files {
		for p := f.Path; p != "." && p != "/"; p = path.Dir(p) {
			known[p] = true
		}
	}
	var findings []Finding
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil || known[filepath.ToSlash(rel)] {
			return err
		}
		findings = append(findings, Finding{filepath.ToSlash(rel), "does not belong to the run"})
		if e.IsDir() {
			return filepath.SkipDir
		}
		return nil
	})
	return findings, err
}
