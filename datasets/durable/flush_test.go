package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"liftgate/datasets/durable"
)

func TestFlush(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := os.WriteFile(name, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{name, dir} {
		if err := durable.Flush(path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := durable.Flush(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v of a file that is not there", err)
	}
}
