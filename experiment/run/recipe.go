package run

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// seenFrom is the recipe with the folder relative to a run at dir: where both are moved together, or were written to a temporary
// place first, it still holds. On another volume the folder stays absolute.
func (r *Recipe) seenFrom(dir string) (*Recipe, error) {
	place, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(place)) // ".." means another folder behind a link
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(r.Folder)
	if err != nil {
		return nil, err
	}
	switch real, err := filepath.EvalSymlinks(folder); {
	case err == nil:
		folder = real
	case !errors.Is(err, fs.ErrNotExist): // a run that is made from evidence has no folder
		return nil, err
	}
	if rel, err := filepath.Rel(filepath.Join(parent, filepath.Base(place)), folder); err == nil {
		folder = rel
	}
	seen := *r
	seen.Folder = filepath.ToSlash(folder)
	return &seen, nil
}

// Folder is where the definition lay, seen from here, if the run was not moved without it. It is empty when the manifest does not say.
func (r *Run) Folder() (string, error) {
	if r.Manifest.Recipe == nil {
		return "", nil
	}
	folder := filepath.FromSlash(r.Manifest.Recipe.Folder)
	if filepath.IsAbs(folder) {
		return folder, nil
	}
	dir, err := filepath.EvalSymlinks(r.Dir)
	return filepath.Join(dir, folder), err
}
