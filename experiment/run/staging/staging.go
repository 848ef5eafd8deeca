// Package staging writes a folder whole or not at all.
//
// Files are written to a temporary folder beside the final place, on the same file system, and appear there by one rename.
// Whatever goes wrong before that rename, an error, a full disk or an interrupt, [Folder.Discard] removes every trace, parents
// that were made for the folder included.
package staging

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"liftgate/datasets/durable"
)

// Folder is a folder on its way to its place. Exactly one of Commit and Discard has an effect, the first to succeed; so
// "defer f.Discard()" may stand on the line after Create.
type Folder struct {
	final   string
	replace bool
	temp    string   // holds the new folder, and the replaced one until it is deleted
	made    []string // parents of final that did not exist, outermost first
	done    bool
}

// Create starts a folder that is to stand at dir, and makes missing parents. What stands at dir then is replaced only when
// replace is true.
func Create(dir string, replace bool) (*Folder, error) {
	final, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	f := &Folder{final: final, replace: replace}
	if err := f.prepare(); err != nil {
		return nil, errors.Join(err, f.Discard())
	}
	return f, nil
}

func (f *Folder) prepare() error {
	parent := filepath.Dir(f.final)
	if err := f.makeParents(parent); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(parent, "."+filepath.Base(f.final)+".partial-*")
	if err != nil {
		return err
	}
	f.temp = temp
	return os.Mkdir(f.Path(), 0o777)
}

// makeParents is os.MkdirAll that remembers what it made.
func (f *Folder) makeParents(dir string) error {
	_, err := os.Stat(dir)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := f.makeParents(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	f.made = append(f.made, dir)
	return nil
}

// Path is where the folder's files are written until Commit.
func (f *Folder) Path() string { return filepath.Join(f.temp, "new") }

// Commit puts the folder into its place. When that is taken by something that may not be replaced, the error wraps
// fs.ErrExist.
func (f *Folder) Commit() error {
	old := filepath.Join(f.temp, "old")
	_, err := os.Lstat(f.final)
	switch {
	case err == nil && !f.replace:
		return fmt.Errorf("%s: %w", f.final, fs.ErrExist)
	case err == nil:
		if err := os.Rename(f.final, old); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.Rename(f.Path(), f.final); err != nil {
		return errors.Join(err, restore(old, f.final))
	}
	f.done = true
	if err := os.RemoveAll(f.temp); err != nil {
		return err
	}
	return durable.Flush(filepath.Dir(f.final))
}

// restore puts back what was moved aside, if anything was.
func restore(old, final string) error {
	if err := os.Rename(old, final); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Discard removes every trace of a folder that was not committed.
func (f *Folder) Discard() error {
	if f.done {
		return nil
	}
	f.done = true
	if f.temp != "" {
		if err := os.RemoveAll(f.temp); err != nil {
			return err
		}
	}
	f.removeParents()
	return nil
}

// removeParents removes the parents that Create made, innermost first, up to one that somebody else has put something into.
func (f *Folder) removeParents() {
	for _, dir := range slices.Backward(f.made) {
		if os.Remove(dir) != nil {
			return
		}
	}
}
