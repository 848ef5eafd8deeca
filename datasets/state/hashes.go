package state

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// hashes are those of the files of data, each taken once.
type hashes struct {
	hash  func(ctx context.Context, path string) (size int64, sha256 string, err error)
	mu    sync.Mutex
	known map[string]*hashed // by path
}

// hashed is a file and its hash, once somebody needs it.
type hashed struct {
	mu     sync.Mutex
	size   int64
	sha256 string // empty until it is taken
}

func (h *hashes) of(path string) *hashed {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.known[path]
	if x == nil {
		x = &hashed{}
		h.known[path] = x
	}
	return x
}

func (h *hashes) take(ctx context.Context, path string) (size int64, sha256 string, err error) {
	x := h.of(path)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sha256 == "" {
		if x.size, x.sha256, err = h.hash(ctx, path); err != nil {
			x.sha256 = ""
			return 0, "", err
		}
	}
	return x.size, x.sha256, nil
}

// Hash gives the size and the SHA-256 of a file of a table whose files are relative to dir. It is taken once, and not at all of a file that
// is kept and has not changed.
func (f *Folder) Hash(ctx context.Context, table, dir, path string) (size int64, sha256 string, err error) {
	now, err := look(path)
	if err != nil {
		return 0, "", err
	}
	return f.hash(ctx, f.kept(table).file(nameOf(dir, path)), path, now)
}

// hash is as Hash, given what is kept of the file, nil for nothing, and how it looks.
func (f *Folder) hash(ctx context.Context, kept *fileIndex, path string, now seen) (size int64, sha256 string, err error) {
	if kept != nil && kept.Settled && now == (seen{kept.Size, kept.Modified}) {
		return kept.Size, kept.SHA256, nil
	}
	return f.hashes.take(ctx, path)
}

// seen is what tells a file that has changed from one that has not.
type seen struct{ size, modified int64 }

func look(path string) (seen, error) {
	info, err := os.Stat(path)
	if err != nil {
		return seen{}, err
	}
	return seen{info.Size(), info.ModTime().UnixNano()}, nil
}

// same reports whether a file is as it was when it was last seen.
func same(path string, was seen) error {
	now, err := look(path)
	if err == nil && now != was {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it was changed while it was analysed")}
	}
	return err
}
