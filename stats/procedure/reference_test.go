package procedure

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vectorCase is one case of a vector file: numbers made by another tool, with where they come from.
type vectorCase struct {
	ID       string
	Method   string
	Input    json.RawMessage
	Expected map[string]any
	Tol      tolerance
	TolAbs   tolerance `json:"tol_abs"`
	Source   string
	Note     string
	// Published marks figures as printed, whose tol is that of their last digit, so absolute.
	Published *bool
}

// reference answers the cases of one method: values by the fields of the expected object.
type reference func(t *testing.T, c vectorCase) map[string]any

// references are the answers by method, from the files of the families.
func references() map[string]reference {
	all := map[string]reference{}
	for _, family := range []map[string]reference{
		distributionReferences, proportionReferences, meanReferences, rankReferences, clusterReferences, sequentialReferences,
		multiplicityReferences, survivalReferences, causalReferences, planningReferences,
	} {
		maps.Copy(all, family)
	}
	return all
}

// TestReference runs every case of testdata and of the files named in LIFTGATE_VECTORS (a list separated by ":"). A method that nobody
// answers, or a field that an answer lacks, is a failure. Data files are looked for in the folders of LIFTGATE_DATA; a case
// without its file is skipped only when that is unset.
func TestReference(t *testing.T) {
	known := references()
	for _, file := range vectorFiles(t) {
		for _, c := range readVectors(t, file) {
			t.Run(c.ID, func(t *testing.T) {
				answer, ok := known[c.Method]
				if !ok {
					t.Fatalf("unknown procedure: %s", c.Method)
				}
				c.check(t, answer(t, c))
			})
		}
	}
}

// vectorFiles are those of testdata and of LIFTGATE_VECTORS.
func vectorFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors in testdata: %v", err)
	}
	return append(files, filepath.SplitList(os.Getenv("LIFTGATE_VECTORS"))...)
}

// logOfOne is what the arithmetic behind the vectors leaves of log 1. It has 60 digits, and adds up Fisher's test to 40: two of its cases
// with p = 1 expect 4e-40 and -2e-41 where the answer is 0 (R's and SciPy's fisher tests give p = 1).
func logOfOne(method string) float64 {
	if method == "fisher exact" {
		return 1e-35
	}
	return 1e-57
}

func (c vectorCase) check(t *testing.T, got map[string]any) {
	tolAbs := c.TolAbs
	if c.Published != nil {
		tolAbs = c.Tol
	}
	for field, want := range c.Expected {
		value, ok := got[field]
		if !ok {
			t.Errorf("%s: nothing computes it", field)
			continue
		}
		floor := tolAbs.of(field)
		if strings.HasPrefix(field, "log_") {
			floor = max(floor, logOfOne(c.Method))
		}
		if problem := differs(value, want, c.Tol.of(field), floor); problem != "" {
			t.Errorf("%s: %s\nsource: %s\nnote: %s", field, problem, c.Source, c.Note)
		}
	}
}

// input is the case's input with the arrays that its file and recipe stand for.
func (c vectorCase) input(t *testing.T) map[string]any {
	t.Helper()
	var in map[string]any
	if err := json.Unmarshal(c.Input, &in); err != nil {
		t.Fatal(err)
	}
	if other, ok := in["ref"].(string); ok {
		return groupOf(t, other)
	}
	file, ok := in["file"].(string)
	if !ok {
		return in
	}
	delete(in, "file")
	path, err := dataFile(file)
	if errors.Is(err, errNoData) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(in, cook(t, path, in))
	delete(in, "recipe")
	return in
}

var errNoData = errors.New("LIFTGATE_DATA names no folder to read data files from")

// dataFile finds a data file in the folders of LIFTGATE_DATA.
func dataFile(name string) (string, error) {
	folders := os.Getenv("LIFTGATE_DATA")
	if folders == "" {
		return "", errNoData
	}
	var err error
	for _, folder := range filepath.SplitList(folders) {
		path := filepath.Join(folder, name)
		if _, err = os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", err
}
