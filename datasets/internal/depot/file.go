package depot

import (
	"errors"
	"fmt"
	"os"
)

// namedTempFile makes a temporary file and takes its name away, where the system allows that of an open file.
func namedTempFile(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, ".liftgate-*.tmp")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}

// InFolder says of an error that it is about such a file.
func InFolder(dir string, err error) error { return fmt.Errorf("temporary file in %s: %w", dir, err) }
