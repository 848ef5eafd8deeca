package durable

import (
	"errors"
	"os"
	"runtime"
)

// Flush makes the content of a file, or the names in a folder, survive a loss of power. Windows flushes folders on its own.
func Flush(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	mode := os.O_RDWR
	if info.IsDir() {
		if runtime.GOOS == "windows" {
			return nil
		}
		mode = os.O_RDONLY
	}
	f, err := os.OpenFile(path, mode, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
