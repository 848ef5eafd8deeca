package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ManifestV1 names the format of manifest.json.
const ManifestV1 = "liftgate.manifest/v1"

// The files of a run.
const (
	ManifestName   = "manifest.json"
	DefinitionName = "definition.yaml"
	ResultName     = "result.json"
	ReportName     = "report.html"
	EvidenceName   = "evidence"
	AuditName      = "audit.jsonl"
)

// Manifest says what a run was made from and what it holds.
type Manifest struct {
	Schema  string  `json:"schema"`
	Engine  string  `json:"engine"`
	Created string  `json:"created,omitempty"` // RFC 3339, UTC
	Files   []File  `json:"files"`             // of the run, bytewise by path, without the manifest itself
	Inputs  []Input `json:"inputs"`            // the data that were read, in the order of reading, then the design's record, if there is one
	Recipe  *Recipe `json:"recipe,omitempty"`  // nil: made by a version that did not record it
}

// Recipe is what an analysis was told beside its definition, so that it can be repeated.
type Recipe struct {
	Folder   string  `json:"folder"`   // of the definition, with slashes, relative to the run; for a Draft as seen from here
	AsOf     *string `json:"as_of"`    // that was asked for, RFC 3339; null: what the data are complete through
	Evidence string  `json:"evidence"` // full or totals
	// Unchecked says why the definition's condition for taking part could not be computed again from the data; empty when it could. Nil: there
	// is none, or a version that did not record it made the run.
	Unchecked *string `json:"unchecked,omitempty"`
}

// File is a file and its content. The path has slashes and is relative to the run.
type File struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Input is a file of data. Its path is relative to the folder of the definition, unless it is an absolute path elsewhere.
type Input struct {
	Table string `json:"table"`
	File
}

// DesignInput is the Table of the Input that is a design's record.
const DesignInput = "assignment.design"

// HashInputs reads the files of a table of a definition in dir and returns their sizes and hashes. It stops when ctx ends.
func HashInputs(ctx context.Context, table, dir string, paths []string) ([]Input, error) {
	return ListInputs(table, dir, paths, func(path string) (int64, string, error) { return HashFile(ctx, path) })
}

// ListInputs is as HashInputs, where sizes and hashes come from elsewhere.
func ListInputs(table, dir string, paths []string, hash func(path string) (size int64, sha256 string, err error)) ([]Input, error) {
	inputs := make([]Input, len(paths))
	for i, p := range paths {
		size, sum, err := hash(p)
		if err != nil {
			return nil, err
		}
		inputs[i] = Input{Table: table, File: File{Path: filepath.ToSlash(below(dir, p)), Size: size, SHA256: sum}}
	}
	return inputs, nil
}

// below is the path relative to dir, unless it is an absolute path elsewhere.
func below(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && (filepath.IsLocal(rel) || !filepath.IsAbs(path)) {
		return rel
	}
	return path
}

// HashFile returns the size of a file and its SHA-256, in lower-case hex. It stops when ctx ends.
func HashFile(ctx context.Context, path string) (size int64, sum string, err error) {
	f, err := hashFile(ctx, path)
	return f.Size, f.SHA256, err
}

// hashFile returns size and hash of a file, with an empty path.
func hashFile(ctx context.Context, path string) (File, error) {
	in, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer in.Close()
	h := sha256.New()
	n, err := io.CopyBuffer(h, &cancelReader{ctx, in}, make([]byte, 1<<17))
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return File{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

// cancelReader reads until its context ends.
type cancelReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

func (m Manifest) write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

// readManifest reads the manifest of the run in dir.
func readManifest(dir string) (*Manifest, error) {
	raw, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestName, err)
	}
	if m.Schema != ManifestV1 {
		return nil, fmt.Errorf("%s: schema is %q; this version reads %q", ManifestName, m.Schema, ManifestV1)
	}
	return &m, nil
}
