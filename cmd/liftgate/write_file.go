package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all, replacing one that is there. What is no regular file, such as a pipe or
// /dev/null, is written to as it is.
func writeFile(path string, write func(io.Writer) error) error {
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fill(path, os.O_WRONLY, content.Bytes())
	}
	partial := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".partial")
	if err := createFile(partial, content.Bytes()); err != nil {
		return err
	}
	if err := os.Rename(partial, path); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	return nil
}

// createFile makes a file that must not exist yet. When it cannot be filled it is removed.
func createFile(path string, content []byte) error {
	err := fill(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, content)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return errors.Join(err, remove(path))
	}
	return err
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func fill(path string, mode int, content []byte) error {
	f, err := os.OpenFile(path, mode, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}
