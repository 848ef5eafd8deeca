package main

import (
	"bytes"
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestInterruptedCommandsWriteAllOrNothing ends commands at ever later times. Whenever it is, either the command was done or
// nothing has changed, and no goroutine is left.
func TestInterruptedCommandsWriteAllOrNothing(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	shoppers := "5000"
	if testing.Short() {
		shoppers = "500"
	}
	t.Chdir(t.TempDir())
	must(t, "init", "x", "--quiet")
	must(t, "simulate", "x/experiment.yaml", "--out", "x", "--shoppers", shoppers, "--truth", "0", "--quiet")
	for _, args := range [][]string{
		{"analyze", "x/experiment.yaml", "--out", "out/run"},
		{"simulate", "x/experiment.yaml", "--out", "out/data", "--shoppers", shoppers, "--truth", "10000"},
		{"demo", "--out", "out/demo", "--shoppers", shoppers},
	} {
		t.Run(args[0], func(t *testing.T) {
			if testing.Short() && args[0] != "analyze" {
				t.Skip("one command is enough in a hurry")
			}
			before := tree(t)
			after := time.Millisecond
			for ; interrupted(t, after, args); after *= 2 {
				if now := tree(t); !slices.Equal(before, now) {
					t.Fatalf("interrupted after %v: files are %q, before they were %q", after, now, before)
				}
			}
			if now := tree(t); slices.Equal(before, now) {
				t.Errorf("done within %v and nothing was written", after)
			}
		})
	}
	goleak.VerifyNone(t, leaks)
}

// interrupted runs a command for that long and reports whether it was interrupted.
func interrupted(t *testing.T, after time.Duration, args []string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	var stdout, stderr bytes.Buffer
	switch code := run(ctx, args, strings.NewReader(""), &stdout, &stderr); {
	case code == exitInterrupted && stdout.Len() == 0 && strings.Contains(stderr.String(), "nothing was written"):
		return true
	case code != exitDone:
		t.Fatalf("%q after %v: exit code %d, stdout %q, stderr %q", args, after, code, &stdout, &stderr)
	}
	return false
}

func must(t *testing.T, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code != exitDone {
		t.Fatalf("%q: exit code %d, %s", args, code, &stderr)
	}
}

// tree names everything in the current folder.
func tree(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
