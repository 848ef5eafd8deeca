package assignment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var codeBlock = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// blocks are the page's pieces of code in one language, in their order.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	page, err := os.ReadFile("PORTING.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, m := range codeBlock.FindAllStringSubmatch(string(page), -1) {
		if m[1] == language {
			found = append(found, m[2])
		}
	}
	return found
}

// TestPageAnswersVectors runs what PORTING.md tells its readers to copy.
func TestPageAnswersVectors(t *testing.T) {
	for _, c := range []struct {
		name, language string
		block, of      int
		harness        string
		program        []string
	}{
		{"Python", "python", 0, 1, "main.py", []string{"python3"}},
		{"Node.js", "js", 0, 3, "main.mjs", []string{"node"}},
		{"browser", "js", 1, 3, "browser.mjs", []string{"node"}},
		{"Go", "go", 0, 1, "main.go", []string{"go", "run"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := blocks(t, c.language)
			if len(found) != c.of {
				t.Fatalf("PORTING.md has %d blocks of %s, want %d", len(found), c.language, c.of)
			}
			runPage(t, c.program, pageProgram(t, found[c.block], c.harness))
		})
	}
}

// pageProgram writes a block and what feeds it with the vectors into a folder, and gives the files to run.
func pageProgram(t *testing.T, block, harness string) []string {
	t.Helper()
	rest, err := os.ReadFile(filepath.Join("testdata", "porting", harness))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if !strings.HasSuffix(harness, ".go") {
		return []string{file(harness, block+"\n"+string(rest))}
	}
	if testing.Short() {
		t.Skip("compiles a program")
	}
	if formatted, err := format.Source([]byte(block)); err != nil || string(formatted) != block {
		t.Errorf("the block is not formatted: %v", err)
	}
	return []string{file(harness, string(rest)), file("page.go", strings.Replace(block, "package variant", "package main", 1))}
}

func runPage(t *testing.T, program, files []string) {
	t.Helper()
	if _, err := exec.LookPath(program[0]); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skipf("%s is not installed: this part of PORTING.md is not checked", program[0])
	}
	vectors, err := filepath.Abs("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	args := append(append(program[1:], files...), vectors)
	cmd := exec.CommandContext(t.Context(), program[0], args...)
	cmd.Dir = filepath.Dir(files[0])
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	compareAnswers(t, out)
}

// compareAnswers compares one line a case, [variant, reason, point], with the vectors.
func compareAnswers(t *testing.T, out []byte) {
	t.Helper()
	var got, want [][3]string
	for line := range bytes.Lines(out) {
		var answer [3]string
		if err := json.Unmarshal(line, &answer); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got = append(got, answer)
	}
	for _, c := range readVectors(t).Cases {
		want = append(want, [3]string{c.Variant, string(c.Reason), c.Point})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTrinoWasAskedThis holds the page to the SQL that gave the right answers in a real Trino, which is too large for a test.
func TestTrinoWasAskedThis(t *testing.T) {
	var verified struct {
		SQL     string `json:"sql_sha256"`
		Vectors string `json:"vectors_sha256"`
		Trino   string
		Cases   int
	}
	record, err := os.ReadFile("testdata/trino.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(record, &verified); err != nil {
		t.Fatal(err)
	}
	vectors, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	hash := func(text []byte) string {
		sum := sha256.Sum256(text)
		return hex.EncodeToString(sum[:])
	}
	sql := blocks(t, "sql")
	if len(sql) != 1 || hash([]byte(sql[0])) != verified.SQL || hash(vectors) != verified.Vectors {
		t.Error("the SQL of PORTING.md or the vectors changed since Trino was asked: run testdata/trino.py again, as its first lines say")
	}
	if verified.Trino == "" || verified.Cases != len(readVectors(t).Cases) {
		t.Errorf("Trino %q was asked about %d cases only", verified.Trino, verified.Cases)
	}
}
