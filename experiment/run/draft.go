package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/durable"
	"liftgate/datasets/evidence"
	"liftgate/experiment/run/staging"
)

// Draft is a run that is being written.
type Draft struct {
	dir     string
	replace bool
	folder  *staging.Folder
}

// Create starts a run that is to stand at dir. A run that stands there is replaced only when replace is true; see [Vacant].
// The caller defers Discard.
func Create(dir string, replace bool) (*Draft, error) {
	if err := Vacant(dir, replace); err != nil {
		return nil, err
	}
	folder, err := staging.Create(dir, replace)
	if err != nil {
		return nil, err
	}
	return &Draft{dir: dir, replace: replace, folder: folder}, nil
}

// Write adds a file at the top of the run.
func (d *Draft) Write(name string, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(filepath.Join(d.folder.Path(), name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := write(f); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// Evidence adds the evidence and returns its fingerprint.
func (d *Draft) Evidence(ev *datasets.Evidence) (fingerprint string, err error) {
	dir := filepath.Join(d.folder.Path(), EvidenceName)
	if err := os.Mkdir(dir, 0o777); err != nil {
		return "", err
	}
	if _, err := evidence.Write(dir, ev); err != nil {
		return "", fmt.Errorf("writing evidence: %w", err)
	}
	return evidence.Fingerprint(dir)
}

// Commit hashes what was written into the manifest, flushes everything to the disk and puts the run into its place, unless
// ctx has ended. The manifest's schema and files are filled in.
func (d *Draft) Commit(ctx context.Context, m Manifest) error {
	files, err := d.seal(ctx)
	if err != nil {
		return err
	}
	m.Schema, m.Files = ManifestV1, files
	if m.Inputs == nil {
		m.Inputs = []Input{}
	}
	if m.Recipe != nil {
		if m.Recipe, err = m.Recipe.seenFrom(d.dir); err != nil {
			return err
		}
	}
	if err := d.Write(ManifestName, m.write); err != nil {
		return err
	}
	for _, path := range []string{filepath.Join(d.folder.Path(), ManifestName), d.folder.Path()} {
		if err := durable.Flush(path); err != nil {
			return err
		}
	}
	// What stands at dir may have changed since Create.
	if err := errors.Join(ctx.Err(), Vacant(d.dir, d.replace)); err != nil {
		return err
	}
	return d.folder.Commit()
}

// seal flushes and hashes every file of the draft.
func (d *Draft) seal(ctx context.Context) ([]File, error) {
	files := []File{}
	root := d.folder.Path()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := durable.Flush(path); err != nil || e.IsDir() {
			return err
		}
		f, err := hashFile(ctx, path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		f.Path = filepath.ToSlash(rel)
		files = append(files, f)
		return err
	})
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files, err
}

// Discard removes every trace of a run that was not committed.
func (d *Draft) Discard() error { return d.folder.Discard() }
