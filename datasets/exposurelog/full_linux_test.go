package exposurelog

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A file system that is really full, which takes the right to mount one.
func TestFullFileSystem(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128k"); err != nil {
		t.Skipf("no file system can be mounted: %v", err)
	}
	defer func() { must(t, syscall.Unmount(dir, 0)) }()
	ballast := filepath.Join(dir, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, 60<<10), 0o600))
	o := testOptions(filepath.Join(dir, "log"))
	o.FileSize = 16 << 10
	l := mustOpen(t, o, &disk{})
	n := 0
	for ; l.Stats().Err == nil; n++ {
		mustAdd(t, l, n)
		time.Sleep(10 * time.Microsecond)
	}
	for range 500 {
		mustAdd(t, l, n)
		n++
	}
	if s := l.Stats(); !errors.Is(s.Err, syscall.ENOSPC) || s.Pending < 500 {
		t.Errorf("%+v", s)
	}
	must(t, os.Remove(ballast))
	must(t, l.Flush(t.Context()))
	must(t, l.Close())
	expectUnits(t, o, n)
}
