package flock_test

import (
	"os"
	"path/filepath"
	"testing"

	"liftgate/datasets/flock"
)

func TestOneHolderAtATime(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	first, second := open(), open()
	take := func(f *os.File, want bool) {
		t.Helper()
		if free, err := flock.Take(f); err != nil || free != want {
			t.Fatalf("free: %v, want %v (%v)", free, want, err)
		}
	}
	take(first, true)
	take(second, false)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	take(second, true)
}
