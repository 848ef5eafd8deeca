package assignment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// maxRecord is a list of more than a million merchants.
const maxRecord = 256 << 20

// ReadRecord reads a record from a file and checks that it says something about every merchant, once.
func ReadRecord(path string) (*Record, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: the design was not drawn yet (liftgate assign), or its record lies elsewhere (assignment.design.record)", err)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := []byte{}
	info, err := f.Stat()
	if err == nil && info.Size() <= maxRecord {
		text, err = io.ReadAll(io.LimitReader(f, maxRecord+1))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if info.Size() > maxRecord || len(text) > maxRecord {
		return nil, fmt.Errorf("%s: larger than %d MiB, so it is no record of a design", path, maxRecord>>20)
	}
	r, err := parseRecord(text)
	if err != nil {
		return nil, fmt.Errorf("%s: no usable record of a design: %w", path, err)
	}
	return r, nil
}

func parseRecord(text []byte) (*Record, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, located(text, err)
	}
	if head.Schema != recordSchema {
		return nil, fmt.Errorf("schema is %q, not %q", head.Schema, recordSchema)
	}
	if err := once(json.NewDecoder(bytes.NewReader(text))); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	r := &Record{}
	if err := decoder.Decode(r); err != nil {
		return nil, located(text, err)
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r, r.checkDigest()
}

func (r *Record) checkDigest() error {
	digest, err := r.digest()
	if err == nil && digest != r.Digest {
		err = errors.New("digest: the record was changed after it was drawn")
	}
	return err
}

// digest does not depend on how the file is laid out, because it is taken of the text that would be written.
func (r *Record) digest() (string, error) {
	bare := *r
	bare.Digest = ""
	text, err := bare.text()
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// once refuses keys that an object has twice, of which JSON would take the last. The text is valid JSON.
func once(decoder *json.Decoder) error {
	token, err := decoder.Token()
	if err != nil {
		return err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	seen := map[string]bool{}
	for decoder.More() {
		if delim == '{' {
			key, err := decoder.Token()
			if err != nil {
				return err
			}
			name := strings.ToLower(key.(string))
			if seen[name] {
				return fmt.Errorf("an object has the key %q twice", name)
			}
			seen[name] = true
		}
		if err := once(decoder); err != nil {
			return err
		}
	}
	_, err = decoder.Token()
	return err
}

// located adds the line to an error of JSON.
func located(text []byte, err error) error {
	offset := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	if offset < 0 || offset > int64(len(text)) {
		return err
	}
	return fmt.Errorf("line %d: %w", 1+bytes.Count(text[:offset], []byte("\n")), err)
}

// Write writes the record, a merchant a line, whole or not at all. A file that holds another record is not replaced: merchants may have
// been given their variants by it.
func (r *Record) Write(path string) error {
	if err := r.check(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var text []byte
	digest, err := r.digest()
	if err == nil {
		r.Digest = digest
		text, err = r.text()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	switch same, err := holds(path, text); {
	case errors.Is(err, fs.ErrNotExist):
		return writeWhole(path, text)
	case err != nil:
		return err
	case !same:
		return fmt.Errorf("%s holds another assignment, by which merchants may have got their variants already: move it away to draw anew", path)
	}
	return nil
}

func holds(path string, text []byte) (bool, error) {
	info, err := os.Stat(path)
	if err != nil || info.Size() != int64(len(text)) {
		return false, err
	}
	there, err := os.ReadFile(path)
	return bytes.Equal(there, text), err
}

func writeWhole(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// text is the record with a merchant a line, so that it can be read and compared.
func (r *Record) text() ([]byte, error) {
	head := *r
	head.Merchants = []Listed{}
	text, err := json.MarshalIndent(&head, "", "  ")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(text, []byte("[]\n}")))
	for i := range r.Merchants {
		line, err := json.Marshal(&r.Merchants[i])
		if err != nil {
			return nil, err
		}
		separator := ",\n    "
		if i == 0 {
			separator = "[\n    "
		}
		b.WriteString(separator)
		b.Write(line)
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}
