package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// V1 names the format of the folder.
const V1 = "liftgate.state/v1"

// envelope is the content of state.json. The hash is of the bytes of the body, so that a number that has changed is noticed.
type envelope struct {
	Schema string          `json:"schema"`
	SHA256 string          `json:"sha256"`
	Body   json.RawMessage `json:"state"`
}

// index says what is kept.
type index struct {
	Engine     string        `json:"engine"`
	Definition string        `json:"definition_sha256"`
	Rows       []rowsFile    `json:"rows"`
	Tables     []*tableIndex `json:"tables"`
}

// rowsFile is a file of blocks.
type rowsFile struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

type tableIndex struct {
	Name        string       `json:"name"`
	Fingerprint string       `json:"fingerprint"` // of what the source keeps of a row
	Files       []*fileIndex `json:"files"`
}

type fileIndex struct {
	Path     string `json:"path"` // with slashes, relative to the table's folder
	Size     int64  `json:"size"`
	Modified int64  `json:"modified_ns"` // since 1970
	// Settled tells that the file was modified well before it was read, so that any later change shows in Modified.
	Settled bool        `json:"settled"`
	SHA256  string      `json:"sha256"`
	Latest  *Latest     `json:"latest,omitempty"` // nil: nobody has asked
	Parts   []partIndex `json:"parts"`
}

// Latest is the latest time in a file.
type Latest struct {
	At  int64 `json:"at"` // microseconds since 1970
	Any bool  `json:"any"`
}

// partIndex is what is kept of a part of a file.
type partIndex struct {
	Number int     `json:"part"`
	Rows   int     `json:"rows"` // number of the file of rows
	Blocks []Block `json:"blocks"`
}

// Block is where a block of bytes lies in a file of rows.
type Block struct {
	At    int64  `json:"at"`
	Bytes int64  `json:"bytes"`
	XXH3  string `json:"xxh3"`
}

// decodeIndex reads the content of state.json. What it returns is consistent in itself.
func decodeIndex(raw []byte) (*index, error) {
	var e envelope
	if err := strict(raw, &e); err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	if e.Schema != V1 {
		return nil, fmt.Errorf("its schema is %q; this version reads %q", e.Schema, V1)
	}
	if hashOf(e.Body) != e.SHA256 {
		return nil, errors.New("it is damaged: its content does not have the hash that it states")
	}
	var x index
	if err := strict(e.Body, &x); err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	if err := x.check(); err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	return &x, nil
}

func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("something follows its end")
	}
	return nil
}

func (x *index) encode() ([]byte, error) {
	body, err := json.Marshal(x)
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope{Schema: V1, SHA256: hashOf(body), Body: body})
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// check finds what contradicts itself.
func (x *index) check() error {
	for _, r := range x.Rows {
		if rowsNumber(r.Name) == 0 || r.Bytes < 0 {
			return fmt.Errorf("%q of %d bytes is no file of rows", r.Name, r.Bytes)
		}
	}
	tables := map[string]bool{}
	for _, t := range x.Tables {
		if t == nil || tables[t.Name] {
			return errors.New("a table is listed twice")
		}
		tables[t.Name] = true
		if err := t.check(x.Rows); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return nil
}

func (t *tableIndex) check(rows []rowsFile) error {
	paths := map[string]bool{}
	for _, f := range t.Files {
		if f == nil || paths[f.Path] {
			return errors.New("a file is listed twice")
		}
		paths[f.Path] = true
		last := -1
		for _, p := range f.Parts {
			if p.Number <= last || p.Rows < 0 || p.Rows >= len(rows) && len(p.Blocks) > 0 {
				return fmt.Errorf("%s: part %d in file of rows %d", f.Path, p.Number, p.Rows)
			}
			last = p.Number
			for _, b := range p.Blocks {
				if have := rows[p.Rows].Bytes; b.At < 0 || b.Bytes < 0 || b.Bytes > have || b.At > have-b.Bytes {
					return fmt.Errorf("%s: %d bytes from %d in a file of rows of %d", f.Path, b.Bytes, b.At, have)
				}
			}
		}
	}
	return nil
}

// table gives what is kept of a table; nil for nothing.
func (x *index) table(name string) *tableIndex {
	if x == nil {
		return nil
	}
	for _, t := range x.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// file gives what is kept of a file; nil for nothing.
func (t *tableIndex) file(path string) *fileIndex {
	if t == nil {
		return nil
	}
	for _, f := range t.Files {
		if f.Path == path {
			return f
		}
	}
	return nil
}

const (
	indexName  = "state.json"
	rowsPrefix = "rows-"
	rowsSuffix = ".bin"
)

func rowsName(number int) string { return fmt.Sprintf("%s%d%s", rowsPrefix, number, rowsSuffix) }

// rowsNumber is the number in the name of a file of rows, from 1 on; 0 when it is another name.
func rowsNumber(name string) int {
	digits, ok := strings.CutPrefix(name, rowsPrefix)
	digits, is := strings.CutSuffix(digits, rowsSuffix)
	n := 0
	if _, err := fmt.Sscan(digits, &n); err != nil || !ok || !is || n < 0 || rowsName(n) != name {
		return 0
	}
	return n
}
