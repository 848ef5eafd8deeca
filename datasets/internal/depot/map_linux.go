package depot

import (
	"errors"
	"os"
	"syscall"
)

// canMap tells whether slices may lie in a file.
const canMap = true

// tmpFile is O_TMPFILE without O_DIRECTORY; the package has no name for it.
const tmpFile = 0o20000000

// TempFile makes a file that has no name, so that nothing is left behind even by a process that is killed.
func TempFile(dir string) (*os.File, error) {
	f, err := os.OpenFile(dir, os.O_RDWR|syscall.O_DIRECTORY|tmpFile, 0o600)
	if err == nil || errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return f, err
	}
	return namedTempFile(dir) // on a file system that knows no other
}

// mapNext maps more of a file, from its end on. Its blocks are taken first, because a full disk would only show as a signal later.
func mapNext(f *os.File, from int64, size int) ([]byte, error) {
	for {
		err := syscall.Fallocate(int(f.Fd()), 0, from, int64(size))
		if err == nil {
			break
		}
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if !errors.Is(err, syscall.EOPNOTSUPP) {
			return nil, err
		}
		if err := writeZeros(f, from, size); err != nil {
			return nil, err
		}
		break
	}
	return syscall.Mmap(int(f.Fd()), from, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
}

// writeZeros writes zeros where blocks cannot be taken otherwise.
func writeZeros(f *os.File, from int64, size int) error {
	zeros := make([]byte, min(size, 1<<20))
	for size > 0 {
		n, err := f.WriteAt(zeros[:min(size, len(zeros))], from)
		if err != nil {
			return err
		}
		from, size = from+int64(n), size-n
	}
	return nil
}

func unmap(b []byte) error { return syscall.Munmap(b) }

// unload is a wish: what is shared with a file stays in the file.
func unload(b []byte) { _ = syscall.Madvise(b, syscall.MADV_DONTNEED) }
