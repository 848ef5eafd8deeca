package state

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"liftgate/datasets/flock"
)

// Options are what a folder is opened with.
type Options struct {
	Definition []byte // that is analysed; an increment needs the same
	Engine     string // the program and its version; an increment needs the same
	Increment  bool   // go on from what the folder keeps; otherwise that is replaced
	// Hash gives the size and the SHA-256, in lower-case hex, of a file.
	Hash func(ctx context.Context, path string) (size int64, sha256 string, err error)
}

// Folder is a state in use. What it keeps changes with Commit only. Its methods may be called concurrently, but for Seal, Commit and Close.
type Folder struct {
	dir     string
	options Options
	lock    *os.File
	started int64  // when, by the clock of the file system, in ns
	old     *index // that is kept; nil without one
	hashes  hashes
	blocks  blocks
	mu      sync.Mutex
	tables  []*Table

	committed bool
}

const (
	lockName    = "lock"
	partialName = indexName + ".partial"
)

// Open takes the folder for one analysis; the caller defers Close. With Increment it fails unless the folder keeps a state of the same
// definition and program; otherwise it makes the folder, and refuses one that holds anything else.
func Open(dir string, o Options) (*Folder, error) {
	if err := suitable(dir, o.Increment); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return nil, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	f := &Folder{dir: dir, options: o, hashes: hashes{hash: o.Hash, known: map[string]*hashed{}}}
	f.blocks.dir = dir
	for _, step := range []func() error{f.take, f.read, f.tidy} {
		if err := step(); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f, nil
}

// suitable refuses a folder that is no state, before anything is written there.
func suitable(dir string, increment bool) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is not a state: it is a file; choose a folder", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	state := false
	for _, e := range entries {
		switch name := e.Name(); {
		case name == indexName:
			state = true
		case name == lockName, name == partialName, rowsNumber(name) > 0:
		default:
			return fmt.Errorf("%s is not a state: it holds %s; choose another folder", dir, name)
		}
	}
	if increment && !state {
		return fmt.Errorf("%s holds no state to go on from; run once without --increment, which makes one", dir)
	}
	return nil
}

// take locks the folder.
func (f *Folder) take() (err error) {
	if f.lock, err = os.OpenFile(filepath.Join(f.dir, lockName), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	free, err := flock.Take(f.lock)
	if err == nil && !(free && f.holds()) {
		err = errors.New("another analysis uses it")
	}
	if err == nil {
		f.started, err = stamp(f.lock)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", f.dir, errors.Join(err, f.lock.Close()))
		f.lock = nil
		return err
	}
	return os.Chmod(f.dir, 0o700)
}

// holds reports whether the lock is that of the folder still: whoever held it before may have removed the file.
func (f *Folder) holds() bool {
	own, err := f.lock.Stat()
	there, errThere := os.Lstat(filepath.Join(f.dir, lockName))
	return err == nil && errThere == nil && os.SameFile(own, there)
}

// stamp writes to a file and tells the time that the file system gave to that.
func stamp(f *os.File) (int64, error) {
	if _, err := f.WriteAt([]byte("held while an analysis uses the folder\n"), 0); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.ModTime().UnixNano(), nil
}

// read reads the index that is there and holds it to the options.
func (f *Folder) read() error {
	name := filepath.Join(f.dir, indexName)
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	x, err := decodeIndex(raw)
	if !f.options.Increment {
		f.old = x // nil when it cannot be read: it is to be replaced anyway
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w; run once without --increment, which replaces the state", name, err)
	}
	switch {
	case x.Definition != hashOf(f.options.Definition):
		return fmt.Errorf("%s is of another definition, or of this one before it was changed; run once without --increment, which replaces the state", f.dir)
	case x.Engine != f.options.Engine:
		return fmt.Errorf("%s was made by %s, and this is %s; run once without --increment, which replaces the state", f.dir, x.Engine, f.options.Engine)
	}
	f.old = x
	return f.checkRows()
}

// checkRows makes sure that the files of rows are there.
func (f *Folder) checkRows() error {
	for _, r := range f.old.Rows {
		info, err := os.Stat(filepath.Join(f.dir, r.Name))
		if err == nil && info.Size() != r.Bytes {
			err = fmt.Errorf("it has %d bytes of %d", info.Size(), r.Bytes)
		}
		if err != nil {
			return fmt.Errorf("%s is damaged: %s: %w; run once without --increment, which replaces the state", f.dir, r.Name, err)
		}
	}
	return nil
}

// tidy removes what analyses that did not end have left, and finds a number for new rows. Where the index that is there cannot be read, and so
// is to be replaced, what it lists is not known and all is left.
func (f *Folder) tidy() error {
	listed := map[string]bool{}
	if f.old != nil {
		for _, r := range f.old.Rows {
			listed[r.Name] = true
		}
	}
	_, err := os.Lstat(filepath.Join(f.dir, indexName))
	unknown := f.old == nil && err == nil
	return f.remove(func(name string) bool {
		n := rowsNumber(name)
		f.blocks.number = max(f.blocks.number, n)
		return !unknown && (name == partialName || n > 0 && !listed[name])
	})
}

// remove removes files of the folder by name.
func (f *Folder) remove(which func(name string) bool) error {
	entries, err := os.ReadDir(f.dir)
	for _, e := range entries {
		if which(e.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(f.dir, e.Name())))
		}
	}
	return err
}

// Close ends the use of the folder. What was not committed is removed, and so is the folder when nothing is kept in it.
func (f *Folder) Close() error {
	err := f.blocks.close()
	if f.lock == nil {
		return err
	}
	if !f.committed {
		err = errors.Join(err, f.remove(func(name string) bool { return name == partialName || name == f.blocks.made }))
		if _, missing := os.Lstat(filepath.Join(f.dir, indexName)); errors.Is(missing, fs.ErrNotExist) {
			err = errors.Join(err, os.Remove(f.lock.Name()))
			_ = os.Remove(f.dir) // unless something else is there
		}
	}
	err = errors.Join(err, f.lock.Close())
	f.lock = nil
	return err
}
