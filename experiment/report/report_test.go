package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/experiment/result"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// cases are the results in testdata, by name.
func cases(t *testing.T) map[string]*result.Result {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata: %v, %d files", err, len(files))
	}
	out := map[string]*result.Result{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		var r result.Result
		if err := decoder.Decode(&r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = &r
	}
	return out
}

// write renders r and fails the test on an error.
func write(t *testing.T, r *result.Result, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, o); err != nil {
		t.Fatalf("%s: %v", o.Format, err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	extensions := map[Format]string{Table: "txt", Markdown: "md", HTML: "html", JSON: "out.json", CSV: "csv"}
	for name, r := range cases(t) {
		for format, extension := range extensions {
			t.Run(name+"/"+string(format), func(t *testing.T) {
				golden(t, filepath.Join("testdata", "golden", name+"."+extension), write(t, r, options(format)))
			})
		}
	}
}

// options are those that the golden files are written with.
func options(f Format) Options {
	return Options{
		Format:         f,
		DefinitionYAML: []byte("liftgate: 1\nname: amazon-pay-express # <b>quoted</b> & kept as it is\n"),
		Inputs: []Input{
			{"exposures", "exposures/2026-10.parquet", 4_812_004, strings.Repeat("ab", 32)},
			{"events", "events/2026-10.parquet", 91_230_118, strings.Repeat("cd", 32)},
		},
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; look at it and run with -update when it is right:\n%s", file, diff)
	}
}
