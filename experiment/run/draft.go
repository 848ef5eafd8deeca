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

	"golang.org/x/sync/errgroup"

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

// flushing is how many files are flushed at a time: a disk takes several about as fast as one.
const flushing = 8

// seal flushes and hashes every file of the draft.
func (d *Draft) seal(ctx context.Context) ([]File, error) {
	root, paths := d.folder.Path(), []string{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(flushing)
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			group.Go(func() error { return durable.Flush(path) })
		} else if err == nil {
			paths = append(paths, path)
		}
		return err
	})
	files := make([]File, len(paths))
	for i, path := range paths {
		group.Go(func() (err error) {
			files[i], err = sealFile(ctx, root, path)
			return err
		})
	}
	err = errors.Join(err, group.Wait())
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files, err
}

// sealFile flushes and hashes a file.
func sealFile(ctx context.Context, root, path string) (File, error) {
	if err := durable.Flush(path); err != nil {
		return File{}, err
	}
	f, err := hashFile(ctx, path)
	if err != nil {
		return File{}, err
	}
	rel, err := filepath.Rel(root, path)
	f.Path = filepath.ToSlash(rel)
	return f, err
}

// Discard removes every trace of a run that was not committed.
func (d *Draft) Discard() error { return d.folder.Discard() }
