package staging_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"liftgate/experiment/run/staging"
)

func TestCommitPutsTheWholeFolderInPlace(t *testing.T) {
	root := t.TempDir()
	final := filepath.Join(root, "a", "b")
	f := create(t, final, false)
	if _, err := os.Stat(final); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("before Commit: %v", err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	want(t, filepath.Join(root, "a"), "b", "b/file")
}

func TestDiscardLeavesNothing(t *testing.T) {
	root := t.TempDir()
	f := create(t, filepath.Join(root, "a", "b", "c"), false)
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	want(t, root)
}

func TestDiscardKeepsWhatOthersPutIntoTheParents(t *testing.T) {
	root := t.TempDir()
	f := create(t, filepath.Join(root, "a", "b"), false)
	other := filepath.Join(root, "a", "other")
	if err := os.WriteFile(other, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	want(t, root, "a", "a/other")
}

func TestCommitReplacesOnlyWhenTold(t *testing.T) {
	root := t.TempDir()
	final := filepath.Join(root, "a")
	if err := os.MkdirAll(filepath.Join(final, "old"), 0o777); err != nil {
		t.Fatal(err)
	}
	f := create(t, final, false)
	if err := f.Commit(); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("Commit over a folder: %v", err)
	}
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	want(t, root, "a", "a/old")
	if err := create(t, final, true).Commit(); err != nil {
		t.Fatal(err)
	}
	want(t, root, "a", "a/file")
}

func TestCreateFailsWithoutATrace(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := staging.Create(filepath.Join(root, "file", "a", "b"), false); err == nil {
		t.Fatal("Create below a file succeeded")
	}
	want(t, root, "file")
}

// create starts a folder and writes one file into it.
func create(t *testing.T, final string, replace bool) *staging.Folder {
	t.Helper()
	f, err := staging.Create(final, replace)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.Path(), "file"), []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	return f
}

// want compares everything below root.
func want(t *testing.T, root string, paths ...string) {
	t.Helper()
	var got []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if rel, _ := filepath.Rel(root, path); rel != "." {
			got = append(got, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(paths) {
		t.Fatalf("below %s: %q, want %q", root, got, paths)
	}
	for i := range got {
		if got[i] != paths[i] {
			t.Fatalf("below %s: %q, want %q", root, got, paths)
		}
	}
}

func TestAdditionMovesEverythingOrNothing(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "b"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	add := func(names ...string) error {
		a, err := staging.Into(root)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Discard()
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(a.Path(), name), []byte("new"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		return a.Commit()
	}
	if err := add("a", "b", "c"); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("an addition of a name that is taken: %v", err)
	}
	want(t, root, "b")
	if err := add("a", "c"); err != nil {
		t.Fatal(err)
	}
	want(t, root, "a", "b", "c")
}
