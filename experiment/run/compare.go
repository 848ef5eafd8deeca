package run

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Compare reads the files of two runs, as the manifest of each lists them, byte for byte, and returns what differs; a problem says what
// was in the first run and what is in the second. It returns the number of files of the first run, too.
func Compare(ctx context.Context, was, now string) (files int, findings []Finding, err error) {
	a, err := openManifest(was)
	if err != nil {
		return 0, nil, err
	}
	b, err := openManifest(now)
	if err != nil {
		return 0, nil, err
	}
	made := map[string]bool{}
	for _, f := range b.Files {
		made[f.Path] = true
	}
	for _, f := range a.Files {
		problem := "is not made this time"
		if made[f.Path] {
			problem, err = difference(ctx, filepath.Join(was, filepath.FromSlash(f.Path)), filepath.Join(now, filepath.FromSlash(f.Path)))
		}
		if err != nil {
			return 0, nil, err
		}
		if problem != "" {
			findings = append(findings, Finding{f.Path, problem})
		}
		delete(made, f.Path)
	}
	for _, f := range b.Files {
		if made[f.Path] {
			findings = append(findings, Finding{f.Path, "is made this time, and was not"})
		}
	}
	return len(a.Files), findings, nil
}

// difference says what is different in two files; empty: nothing.
func difference(ctx context.Context, was, now string) (string, error) {
	at, err := firstByte(ctx, was, now)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is missing", nil
	case err != nil || at < 0:
		return "", err
	}
	if filepath.Ext(was) == ".json" {
		a, err := os.ReadFile(was)
		if err != nil {
			return "", err
		}
		b, err := os.ReadFile(now)
		if err != nil {
			return "", err
		}
		if field := firstField(a, b); field != "" {
			return "differs, first in " + field, nil
		}
	}
	return fmt.Sprintf("differs, first in byte %d", at), nil
}

// firstByte finds the first byte, counted from 0, in which two files differ; -1: none.
func firstByte(ctx context.Context, was, now string) (at int64, err error) {
	a, err := os.Open(was)
	if err != nil {
		return 0, err
	}
	defer a.Close()
	b, err := os.Open(now)
	if err != nil {
		return 0, err
	}
	defer b.Close()
	const block = 1 << 16
	ra, rb := bufio.NewReaderSize(&cancelReader{ctx, a}, block), bufio.NewReaderSize(b, block)
	for {
		x, errA := ra.Peek(block)
		y, errB := rb.Peek(block)
		if err := errors.Join(notEOF(errA), notEOF(errB)); err != nil {
			return 0, err
		}
		if !bytes.Equal(x, y) {
			return at + int64(commonPrefix(x, y)), nil
		}
		if len(x) < block {
			return -1, nil
		}
		at += block
		if _, err := ra.Discard(block); err != nil {
			return 0, err
		}
		if _, err := rb.Discard(block); err != nil {
			return 0, err
		}
	}
}

func notEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
