package arrowfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/apache/arrow/go/v17/arrow"
)

// WriteOptions help to write a file well. They change no value in it.
type WriteOptions struct {
	// Unique are columns whose values hardly repeat, on which Parquet spends no dictionary.
	Unique []string
	// Coded are columns of texts that records give as a dictionary of texts. Every record must give the same dictionary.
	Coded []string
}

// File is a file on its way to its place. Exactly one of Commit and Discard has an effect, the first to succeed; so
// "defer f.Discard()" may stand on the line after Create.
type File struct {
	path    string
	file    *os.File
	sink    *sink
	encoder encoder
	done    bool
}

// encoder writes records in a format. Its close completes the content and leaves the file open.
type encoder interface {
	write(record arrow.Record) error
	close() error
}

// Create starts a file of the format that its name's extension tells, in which columns have the types of the schema. It is
// written beside its place under another name.
func Create(path string, schema *arrow.Schema, o WriteOptions) (*File, error) {
	if err := Known(path); err != nil {
		return nil, err
	}
	if err := unique(schema); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".partial-*")
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	f := &File{path: path, file: file, sink: &sink{file: file}}
	err = f.guarded(func() (err error) {
		f.encoder, err = newEncoder(formatOf(path), f.sink, schema, o)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, f.Discard())
	}
	return f, nil
}

func newEncoder(as format, to *sink, schema *arrow.Schema, o WriteOptions) (encoder, error) {
	switch as {
	case parquetFormat:
		return newParquetEncoder(to, schema, o)
	case csvFormat:
		return newCSVEncoder(to, schema)
	default:
		return newIPCEncoder(to, schema, as == ipcStreamFormat)
	}
}

// Write appends a record. The caller keeps it.
func (f *File) Write(record arrow.Record) error {
	if record.NumRows() == 0 { // arrow-go 17 panics at some slices without rows
		return nil
	}
	return f.guarded(func() error { return f.encoder.write(record) })
}

// guarded calls an encoder, some of which panic when they cannot write, for instance to a full disk. The error is that of the
// file.
func (f *File) guarded(do func() error) error {
	err := recovered(do)
	if err != nil && f.sink.failed != nil {
		err = f.sink.failed
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", f.path, err)
	}
	return nil
}

func recovered(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a column cannot be stored in this format: %v", p)
		}
	}()
	return do()
}

// Finish completes the content of the file and makes it survive a loss of power. Commit calls it, unless it was called before.
func (f *File) Finish() error {
	if f.encoder == nil {
		return nil
	}
	err := f.guarded(f.encoder.close)
	f.encoder = nil
	if err != nil {
		return err
	}
	return errors.Join(f.file.Chmod(0o644), f.file.Sync())
}

// Commit completes the file and gives it its name. What stands there is replaced only when replace is true; else the error wraps
// fs.ErrExist.
func (f *File) Commit(replace bool) error {
	if err := f.Finish(); err != nil {
		return err
	}
	if err := f.file.Close(); err != nil {
		return err
	}
	if _, err := os.Lstat(f.path); err == nil && !replace {
		return fmt.Errorf("%s: %w", f.path, fs.ErrExist)
	}
	if err := os.Rename(f.file.Name(), f.path); err != nil {
		return err
	}
	f.done = true
	return nil
}

// Discard removes every trace of a file that was not committed.
func (f *File) Discard() error {
	if f.done {
		return nil
	}
	f.done = true
	_ = f.file.Close() // it is thrown away, and may be closed
	return os.Remove(f.file.Name())
}

// sink hides Close from encoders that would close what they write to, and keeps the first error.
type sink struct {
	file   *os.File
	failed error
}

func (s *sink) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	if s.failed == nil {
		s.failed = err
	}
	return n, err
}

// Seek is for the Arrow file format, whose writer asks where it is.
func (s *sink) Seek(offset int64, whence int) (int64, error) { return s.file.Seek(offset, whence) }
