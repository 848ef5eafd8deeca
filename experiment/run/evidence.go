package run

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/evidence"
	"liftgate/experiment/result"
)

// OpenEvidence opens the run in dir for whoever computes a part of it, and reads the evidence that a part is made of, whatever
// its day, if it has one. It fails as [Open] does, but only what is read is verified: the definition, the result and that evidence, by the sums that lie
// beside it and that the manifest confirms. Of the result there are the fingerprint, the checks and the metrics. The rest would take most of
// the time.
func OpenEvidence(ctx context.Context, dir string, c datasets.Cut) (*Run, *datasets.Evidence, error) {
	m, err := openManifest(dir)
	if err != nil {
		return nil, nil, err
	}
	needed := []string{DefinitionName, ResultName, path.Join(EvidenceName, evidence.SumsName)}
	files := slices.DeleteFunc(slices.Clone(m.Files), func(f File) bool { return !slices.Contains(needed, f.Path) })
	findings, err := changedFiles(ctx, dir, files)
	if err == nil && len(findings) > 0 {
		err = errors.New(findings[0].String())
	}
	if err == nil && len(files) != len(needed) {
		err = fmt.Errorf("%s does not list %s", ManifestName, needed[2])
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", dir, err)
	}
	r := &Run{Dir: dir, Manifest: *m}
	if r.Definition, err = os.ReadFile(filepath.Join(dir, DefinitionName)); err != nil {
		return nil, nil, err
	}
	if r.Result, err = readFindings(filepath.Join(dir, ResultName)); err != nil {
		return nil, nil, err
	}
	ev, err := evidence.ReadCut(filepath.Join(dir, EvidenceName), c)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", dir, err)
	}
	return r, ev, nil
}

// readFindings reads the fields of a result on which parts depend, and stops when it has them.
func readFindings(name string) (*result.Result, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var r result.Result
	fields := map[string]any{"schema": &r.Schema, "data_fingerprint": &r.DataFingerprint, "checks": &r.Checks, "metrics": &r.Metrics}
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for d.More() && len(fields) > 0 {
		key, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var skipped json.RawMessage
		field, _ := key.(string)
		to, wanted := fields[field]
		if !wanted {
			to = &skipped
		}
		if err := d.Decode(to); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, field, err)
		}
		delete(fields, field)
	}
	if err := checkSchema(name, r.Schema); err != nil {
		return nil, err
	}
	return &r, nil
}
