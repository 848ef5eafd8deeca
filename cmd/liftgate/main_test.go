package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected texts of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"liftgate": main})
}

// TestScripts runs the transcripts of testdata/script. LIFTGATE_DATA names a folder of real data for those that need it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("DATA", os.Getenv("LIFTGATE_DATA"))
			env.Values["before"] = map[string]string{}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name == "data" {
				return os.Getenv("LIFTGATE_DATA") != "", nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"snapshot":  snapshot,
			"unchanged": unchanged,
			"shorten":   shorten,
			"replace":   replace,
			"await":     await,
		},
	})
}

// exits runs liftgate and expects an exit code: exits CODE ARGUMENT...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if neg || err != nil {
		ts.Fatalf("usage: exits CODE ARGUMENT...")
	}
	got, failure := 0, (*exec.ExitError)(nil)
	if err := ts.Exec("liftgate", args[1:]...); errors.As(err, &failure) {
		got = failure.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("liftgate %s exits with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// snapshot remembers every file of the script's folder.
func snapshot(ts *testscript.TestScript, _ bool, _ []string) {
	before := ts.Value("before").(map[string]string)
	clear(before)
	for name, content := range listing(ts) {
		before[name] = content
	}
}

// unchanged expects the files that snapshot saw, and no others.
func unchanged(ts *testscript.TestScript, _ bool, _ []string) {
	if diff := cmp.Diff(ts.Value("before").(map[string]string), listing(ts)); diff != "" {
		ts.Fatalf("files changed (-before +after):\n%s", diff)
	}
}

func listing(ts *testscript.TestScript) map[string]string {
	files := map[string]string{}
	root := ts.Getenv("WORK")
	ts.Check(filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == filepath.Join(root, ".tmp") {
			return err
		}
		content := []byte("folder")
		if e.Type().IsRegular() {
			content, err = os.ReadFile(path)
		}
		files[path] = string(content)
		return err
	}))
	return files
}

// shorten cuts bytes off the end of a file: shorten BYTES FILE.
func shorten(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	path := ts.MkAbs(args[1])
	info, err := os.Stat(path)
	ts.Check(err)
	ts.Check(os.Truncate(path, info.Size()-n))
}

// replace writes a file with one text replaced by another: replace FILE OLD NEW TO. In texts, \x and two hexadecimal digits are a byte.
func replace(ts *testscript.TestScript, _ bool, args []string) {
	content := ts.ReadFile(args[0])
	from, to := unescape(ts, args[1]), unescape(ts, args[2])
	if !strings.Contains(content, from) {
		ts.Fatalf("%s does not contain %q", args[0], from)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(strings.Replace(content, from, to, 1)), 0o666))
}

func unescape(ts *testscript.TestScript, s string) string {
	parts := strings.Split(s, `\x`)
	for i, p := range parts[1:] {
		b, err := strconv.ParseUint(p[:2], 16, 8)
		ts.Check(err)
		parts[i+1] = string([]byte{byte(b)}) + p[2:]
	}
	return strings.Join(parts, "")
}

// await waits until a file of that pattern exists: await PATTERN.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if found, err := filepath.Glob(ts.MkAbs(args[0])); err != nil || len(found) > 0 {
			ts.Check(err)
			return
		}
	}
	ts.Fatalf("%s did not appear within a minute", args[0])
}
