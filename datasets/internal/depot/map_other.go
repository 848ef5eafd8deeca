//go:build !linux

package depot

import "os"

// canMap is false where slices cannot lie in a file: they are memory then, and only rows go through files.
const canMap = false

// TempFile makes a file that has no name, where the system allows that.
func TempFile(dir string) (*os.File, error) { return namedTempFile(dir) }

func mapNext(*os.File, int64, int) ([]byte, error) { return nil, os.ErrInvalid }

func unmap([]byte) error { return nil }

func unload([]byte) {}
