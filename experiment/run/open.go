package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"liftgate/experiment/result"
)

// Run is a run as it stands on disk.
type Run struct {
	Dir        string
	Manifest   Manifest
	Definition []byte
	Result     *result.Result
}

// Open reads the run in dir. It fails when dir holds no run, and when a file of the run is missing or differs from what the
// manifest says.
func Open(ctx context.Context, dir string) (*Run, error) {
	m, err := readManifest(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is not a run: it has no %s", dir, ManifestName)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	if err := verify(ctx, dir, m.Files); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	r := &Run{Dir: dir, Manifest: *m}
	if r.Definition, err = os.ReadFile(filepath.Join(dir, DefinitionName)); err != nil {
		return nil, err
	}
	if r.Result, err = readResult(filepath.Join(dir, ResultName)); err != nil {
		return nil, err
	}
	return r, nil
}

// verify compares the files of a run with their hashes.
func verify(ctx context.Context, dir string, files []File) error {
	listed := map[string]bool{}
	for _, want := range files {
		listed[want.Path] = true
		path := filepath.FromSlash(want.Path)
		if !filepath.IsLocal(path) {
			return fmt.Errorf("%s names %q, which lies outside the run", ManifestName, want.Path)
		}
		got, err := hashFile(ctx, filepath.Join(dir, path))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s is missing", want.Path)
		case err != nil:
			return err
		case got.Size != want.Size || got.SHA256 != want.SHA256:
			return fmt.Errorf("%s has changed since the run was written; analyse again", want.Path)
		}
	}
	for _, name := range []string{DefinitionName, ResultName} {
		if !listed[name] {
			return fmt.Errorf("%s does not list %s", ManifestName, name)
		}
	}
	return nil
}

func readResult(path string) (*result.Result, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var r result.Result
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if r.Schema != result.SchemaV1 {
		return nil, fmt.Errorf("%s: schema is %q; this version reads %q", path, r.Schema, result.SchemaV1)
	}
	return &r, nil
}
