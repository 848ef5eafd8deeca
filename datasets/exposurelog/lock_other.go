//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package exposurelog

import (
	"errors"
	"os"
)

func lock(*os.File) (free bool, err error) {
	return false, errors.New("exposures cannot be logged on this operating system: it has no flock")
}
