package staging

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"liftgate/datasets/durable"
)

// Addition is a number of files and folders on their way into a folder that exists already. As with [Folder], exactly one of
// Commit and Discard has an effect.
type Addition struct {
	final string
	temp  string
	done  bool
}

// Into starts an addition to the folder dir.
func Into(dir string) (*Addition, error) {
	temp, err := os.MkdirTemp(dir, ".partial-*")
	if err != nil {
		return nil, err
	}
	return &Addition{final: dir, temp: temp}, nil
}

// Path is where the files are written until Commit.
func (a *Addition) Path() string { return a.temp }

// Commit moves everything at the top of Path into the folder. It replaces nothing: when a name is taken, nothing is moved and
// the error wraps fs.ErrExist.
func (a *Addition) Commit() error {
	entries, err := os.ReadDir(a.temp)
	if err != nil {
		return err
	}
	var moved []string
	for _, e := range entries {
		if err := a.move(e.Name()); err != nil {
			return errors.Join(err, a.takeBack(moved))
		}
		moved = append(moved, e.Name())
	}
	a.done = true
	return errors.Join(os.Remove(a.temp), durable.Flush(a.final))
}

func (a *Addition) move(name string) error {
	to := filepath.Join(a.final, name)
	switch _, err := os.Lstat(to); {
	case err == nil:
		return fmt.Errorf("%s: %w", to, fs.ErrExist)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return os.Rename(filepath.Join(a.temp, name), to)
}

func (a *Addition) takeBack(names []string) error {
	var failures []error
	for _, name := range names {
		failures = append(failures, os.Rename(filepath.Join(a.final, name), filepath.Join(a.temp, name)))
	}
	return errors.Join(failures...)
}

// Discard removes every trace of an addition that was not committed.
func (a *Addition) Discard() error {
	if a.done {
		return nil
	}
	a.done = true
	return os.RemoveAll(a.temp)
}
