//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package exposurelog

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the lock of an open file; the system gives it back when the file is closed or the process ends, however it ends.
func lock(f *os.File) (free bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
