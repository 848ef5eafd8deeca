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
	m, err := openManifest(dir)
	if err != nil {
		return nil, err
	}
	findings, err := changedFiles(ctx, dir, m.Files)
	if err == nil && len(findings) > 0 {
		err = errors.New(findings[0].String())
	}
	if err != nil {
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

// openManifest reads the manifest of the run that dir should hold.
func openManifest(dir string) (*Manifest, error) {
	m, err := readManifest(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is not a run: it has no %s", dir, ManifestName)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return m, nil
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
	if err := checkSchema(path, r.Schema); err != nil {
		return nil, err
	}
	return &r, nil
}

func checkSchema(path, schema string) error {
	if schema != result.SchemaV1 {
		return fmt.Errorf("%s: schema is %q; this version reads %q", path, schema, result.SchemaV1)
	}
	return nil
}
