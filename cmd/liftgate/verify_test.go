package main

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestInterruptedVerifyLeavesNothing ends verify at ever later times: the run, its data and the temporary folder stay as they were.
func TestInterruptedVerifyLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates data and analyses them many times")
	}
	leaks := goleak.IgnoreCurrent()
	t.Chdir(t.TempDir())
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	must(t, "demo", "--out", "demo", "--shoppers", "5000", "--quiet")
	before := tree(t)
	for after := time.Millisecond; ; after *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		var stdout, stderr bytes.Buffer
		code := run(ctx, []string{"verify", "demo/run"}, strings.NewReader(""), &stdout, &stderr)
		cancel()
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Fatalf("after %v %v is left behind (%v)", after, left, err)
		}
		if now := tree(t); !slices.Equal(before, now) {
			t.Fatalf("after %v: files are %q, before they were %q", after, now, before)
		}
		if code == exitDone {
			break
		}
		if code != exitInterrupted || strings.Contains(stdout.String(), "reproduced") {
			t.Fatalf("after %v: exit code %d, stdout %q, stderr %q", after, code, &stdout, &stderr)
		}
	}
	goleak.VerifyNone(t, leaks)
}
