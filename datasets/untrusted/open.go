package untrusted

import (
	"errors"
	"io/fs"
	"os"
)

// Open opens a file and tells its size in bytes. What is no regular file, such as a folder or a pipe, has none to hold lengths against and
// is refused; a pipe is not waited for.
func Open(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errors.New("not a regular file")}
	}
	if err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	if info, err = f.Stat(); err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}
