//go:build !linux

package columnar

import "os"

// canMap is false where slices cannot lie in a file: they are memory then, and only rows go through files.
const canMap = false

func tempFile(dir string) (*os.File, error) { return namedTempFile(dir) }

func mapNext(*os.File, int64, int) ([]byte, error) { return nil, os.ErrInvalid }

func unmap([]byte) error { return nil }

func unload([]byte) {}
