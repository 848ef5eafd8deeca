package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"liftgate/datasets/evidence"
	runs "liftgate/experiment/run"
)

// TestVerifySeesEveryNumber: one other number in any table of the evidence, with all hashes made to agree, is not what the data give.
func TestVerifySeesEveryNumber(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses again for every table")
	}
	seen := map[string]bool{}
	for _, name := range []string{"quantiles", "pairs"} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			shapeOf(t, name).make(t)
			for _, name := range filesOf(t, "run") {
				if filepath.Ext(name) != ".arrow" || seen[name] {
					continue
				}
				seen[name] = true
				t.Run(filepath.Base(name), func(t *testing.T) {
					t.Chdir(forged(t, name))
					code, says := verified(t)
					if code != exitFailed || strings.Contains(says, "✗ run: ") || !strings.Contains(says, "✗ reproduced: "+name+" differs") {
						t.Errorf("exit code %d, %s", code, says)
					}
				})
			}
		})
	}
}

// forged is a copy of the current folder in whose run one number is another, and every hash is as if it had been so from the start.
func forged(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	changeNumber(t, filepath.Join(dir, "run", name))
	sums := ""
	for _, name := range filesOf(t, "run") {
		if filepath.Ext(name) == ".arrow" {
			sums += fmt.Sprintf("%x  %s\n", sha256.Sum256(content(t, filepath.Join(dir, "run", name))), filepath.Base(name))
		}
	}
	save(t, filepath.Join(dir, "run", runs.EvidenceName, evidence.SumsName), sums)
	result := filepath.Join(dir, "run", runs.ResultName)
	r, err := runs.Open(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	fingerprint := fmt.Sprintf("%x", sha256.Sum256([]byte(sums)))
	save(t, result, strings.Replace(string(content(t, result)), r.Result.DataFingerprint, fingerprint, 1))
	page := filepath.Join(dir, "run", runs.ReportName)
	save(t, page, strings.ReplaceAll(string(content(t, page)), r.Result.DataFingerprint, fingerprint))
	manifest := r.Manifest
	for i, f := range manifest.Files {
		now := content(t, filepath.Join(dir, "run", f.Path))
		manifest.Files[i].Size, manifest.Files[i].SHA256 = int64(len(now)), fmt.Sprintf("%x", sha256.Sum256(now))
	}
	saveJSON(t, filepath.Join(dir, "run", runs.ManifestName), manifest)
	return dir
}

// changeNumber changes the last number of an Arrow file, or the last text where it has none, and writes it again.
func changeNumber(t *testing.T, name string) {
	t.Helper()
	r, err := ipc.NewFileReader(bytes.NewReader(content(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w, err := ipc.NewFileWriter(out, ipc.WithSchema(r.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	changed := false
	for i := range r.NumRecords() {
		record, err := r.Record(i)
		if err != nil {
			t.Fatal(err)
		}
		for c := int(record.NumCols()) - 1; c >= 0 && !changed; c-- {
			changed = changeLast(record.Column(c).Data())
		}
		if err := w.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || !changed {
		t.Fatalf("%s: nothing to change (%v)", name, err)
	}
}

// changeLast changes the last value of a column, or of its lists.
func changeLast(column arrow.ArrayData) bool {
	if children := column.Children(); len(children) > 0 {
		return changeLast(children[0])
	}
	buffers := column.Buffers()
	last := buffers[len(buffers)-1]
	size := 1 // of texts
	if fixed, ok := column.DataType().(arrow.FixedWidthDataType); ok {
		size = fixed.Bytes()
	}
	if column.Len() == 0 || last == nil || size == 0 || len(buffers) > 2 && last.Len() == 0 {
		return false
	}
	at := (column.Len() - 1) * size
	if len(buffers) > 2 {
		at = 0
	}
	last.Bytes()[at] ^= 1
	return true
}
