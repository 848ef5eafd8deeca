//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package flock

import (
	"errors"
	"os"
)

// Take takes the lock of an open file. Here it always fails.
func Take(*os.File) (free bool, err error) {
	return false, errors.New("this operating system has no flock, which keeps two processes from writing to one folder")
}
