package analysis_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain collects the garbage of so many small shops seldom, which saves a sixth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
