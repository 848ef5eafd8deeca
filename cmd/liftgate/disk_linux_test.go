package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisksStayEmpty writes to ever larger disks. Until one is large enough, every command ends with 1, says that there is no
// space, and leaves nothing.
func TestFullDisksStayEmpty(t *testing.T) {
	shoppers, growth := "3000", 2
	if testing.Short() {
		shoppers, growth = "500", 4
	}
	t.Chdir(t.TempDir())
	must(t, "init", "x", "--quiet")
	must(t, "simulate", "x/experiment.yaml", "--out", "x", "--shoppers", shoppers, "--truth", "0", "--quiet")
	for _, args := range [][]string{
		{"analyze", "x/experiment.yaml", "--out"},
		{"simulate", "x/experiment.yaml", "--shoppers", shoppers, "--truth", "0", "--out"},
		{"demo", "--shoppers", shoppers, "--out"},
	} {
		t.Run(args[0], func(t *testing.T) {
			if testing.Short() && args[0] != "analyze" {
				t.Skip("one command is enough in a hurry")
			}
			size := 4 << 10
			for ; full(t, size, args); size *= growth {
				if size > 64<<20 {
					t.Fatal("there is never enough space")
				}
			}
			if size == 4<<10 {
				t.Fatal("the smallest disk was large enough: the test shows nothing")
			}
		})
	}
}

// full runs a command that writes to a new disk of that size and reports whether the disk was too small.
func full(t *testing.T, size int, args []string) bool {
	t.Helper()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("making a small disk needs root: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	}()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), append(args, filepath.Join(disk, "a", "b")), strings.NewReader(""), &stdout, &stderr)
	if code == exitDone {
		return false
	}
	left, err := os.ReadDir(disk)
	if err != nil {
		t.Fatal(err)
	}
	if code != exitFailed || !strings.Contains(stderr.String(), "no space left on device") || stdout.Len() > 0 || len(left) > 0 {
		t.Errorf("disk of %d bytes: exit code %d, left %v, stdout %q, stderr %q", size, code, left, &stdout, &stderr)
	}
	return true
}
