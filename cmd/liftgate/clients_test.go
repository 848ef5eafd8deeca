package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestClients lets the OpenFeature clients from npm ask the program. LIFTGATE_CLIENTS names a folder whose node_modules holds what
// experiment/serve/testdata/clients/package-lock.json lists (npm ci).
func TestClients(t *testing.T) {
	installed := os.Getenv("LIFTGATE_CLIENTS")
	switch {
	case testing.Short():
		t.Skip("starts servers and Node.js")
	case installed == "" && os.Getenv("CI") != "":
		t.Fatal("LIFTGATE_CLIENTS is not set: .ci/run installs the clients and says where")
	case installed == "":
		t.Skip("the OpenFeature clients are not installed: set LIFTGATE_CLIENTS")
	}
	program := filepath.Join(t.TempDir(), "liftgate")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	node := exec.CommandContext(t.Context(), "node", "--test", "--test-reporter=spec")
	node.Dir = clientsFolder(t, installed)
	node.Env = append(os.Environ(), "LIFTGATE="+program, "LIFTGATE_PAGE="+filepath.Join(checkout(t), "experiment", "assignment", "PORTING.md"))
	out, err := node.CombinedOutput()
	if err != nil {
		t.Fatalf("node --test: %v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// clientsFolder puts the checkout's tests beside the clients that were installed elsewhere.
func clientsFolder(t *testing.T, installed string) string {
	t.Helper()
	folder := t.TempDir()
	files, err := filepath.Glob(filepath.Join(checkout(t), "experiment", "serve", "testdata", "clients", "*.*js*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no tests of clients: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(file)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	modules, err := filepath.Abs(filepath.Join(installed, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return folder
}

func checkout(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}
