package policy

import (
	"path"
	"strconv"
	"strings"
	"testing"
)

const module = "liftgate/"

// Modules from elsewhere, by what they are for.
const (
	arrow      = "github.com/apache/arrow/go/v17"
	cel        = "cel.dev/cel-go"
	compress   = "github.com/klauspost/compress"
	cli        = "github.com/urfave/cli/v2"
	lz4        = "github.com/pierrec/lz4/v4"
	gonum      = "gonum.org/v1/gonum"
	prometheus = "github.com/prometheus/client_golang"
	progress   = "github.com/schollz/progressbar/v3"
	rapid      = "pgregory.net/rapid"
	cmp        = "github.com/google/go-cmp"
	xsync      = "golang.org/x/sync"
	xnet       = "golang.org/x/net"
	tables     = "github.com/jedib0t/go-pretty/v6"
	terminal   = "golang.org/x/term"
	xxh3       = "github.com/zeebo/xxh3"
	yaml       = "github.com/goccy/go-yaml"
)

// layer is what the production code of a package may import, beside the standard library.
type layer struct {
	imports []string // the project's packages; a trailing slash allows everything below
	modules []string
	why     string
}

var layers = map[string]layer{
	"stats": {
		nil,
		[]string{gonum},
		"inference is pure functions of sufficient statistics, so that it can be tested and reused without data, clock or files",
	},
	"datasets/expr": {
		nil, nil,
		"conditions must mean the same in every source, so their tree depends on none",
	},
	"datasets/bucket": {
		nil, nil,
		"assignment points are plain data that any source can recompute",
	},
	"datasets": {
		[]string{"stats/", "datasets/expr", "datasets/bucket"},
		nil,
		"the seam between analysis and data must know neither; Arrow stays out so that nothing but a source pays for it",
	},
	"datasets/evidence": {
		[]string{"datasets", "datasets/untrusted", "stats/"},
		[]string{arrow},
		"evidence files hold what a source gave back and nothing of how",
	},
	"datasets/columnar": {
		[]string{"datasets", "datasets/expr", "datasets/state", "datasets/bucket", "datasets/fold", "datasets/tabular", "datasets/internal/"},
		[]string{xxh3, xsync},
		"a source sees queries, never experiments; what files look like is tabular's business",
	},
	"datasets/fold": {
		[]string{"datasets", "datasets/internal/", "stats/"},
		nil,
		"what is computed of units' values must not depend on the files, tables and hashes that they came from",
	},
	"datasets/tabular": {
		[]string{"datasets", "datasets/expr", "datasets/untrusted", "datasets/internal/"},
		[]string{arrow, compress, lz4},
		"columns are read alike whatever is computed from them, and decoders can be tested and made faster by themselves",
	},
	"datasets/state": {
		[]string{"datasets/durable", "datasets/flock"},
		[]string{xxh3},
		"what was read is kept as bytes, true or not at all; what they mean is the source's business",
	},
	"datasets/durable": {
		nil, nil,
		"the ways of systems to flush files and folders belong to one place",
	},
	"datasets/flock": {
		nil, nil,
		"a lock knows nothing of what it guards",
	},
	"datasets/internal/depot": {
		nil, nil,
		"where slices lie is one idea, whatever they hold",
	},
	"datasets/internal/parallel": {
		nil, nil,
		"sharing out work is one idea, whatever is computed",
	},
	"datasets/internal/reuse": {
		nil, nil,
		"sharing memory is one idea, whatever lies in it",
	},
	"datasets/sourcetest": {
		[]string{"datasets", "datasets/expr", "datasets/bucket", "stats/"},
		[]string{arrow, rapid, cmp},
		"the conformance suite must hold for sources that do not exist yet",
	},
	"datasets/pagetest": {
		nil,
		[]string{arrow, lz4},
		"files of odd shapes are written by code that shares nothing with what reads them",
	},
	"datasets/arrowfile": {
		[]string{"datasets", "datasets/expr", "datasets/untrusted"},
		[]string{arrow},
		"whoever passes rows from file to file needs all of their columns as they are, and nothing of what they mean",
	},
	"datasets/untrusted": {
		nil,
		[]string{arrow},
		"what a file states about itself is checked before anything else of the project sees it",
	},
	"datasets/exposurelog": {
		[]string{"datasets", "datasets/durable", "datasets/expr", "datasets/flock", "datasets/untrusted"},
		[]string{arrow, xxh3},
		"the log must keep what it is given through crashes; what an exposure means is for those who write and read it",
	},
	"experiment": {
		[]string{"datasets", "datasets/expr", "datasets/bucket"},
		[]string{yaml, cel},
		"the definition is plain data; only here are YAML and CEL known, so either can be replaced",
	},
	"experiment/assignment": {
		[]string{"experiment", "stats", "datasets", "datasets/bucket", "datasets/expr"},
		[]string{arrow},
		"who gets what depends on the definition and a unit's attributes only",
	},
	"experiment/assignment/design": {
		[]string{"experiment", "experiment/assignment", "experiment/result", "datasets", "datasets/bucket", "datasets/expr", "stats/"},
		[]string{gonum},
		"a design is a pure function of a list and a seed, so that anyone can draw it again",
	},
	"experiment/assignment/bulk": {
		[]string{"experiment", "experiment/assignment", "experiment/assignment/design", "datasets", "datasets/arrowfile", "datasets/bucket", "datasets/expr", "datasets/untrusted", "stats/"},
		[]string{arrow, xsync},
		"files are read and written here so that who gets what needs neither",
	},
	"experiment/serve": {
		[]string{"experiment", "experiment/assignment", "datasets", "datasets/bucket", "datasets/exposurelog", "datasets/expr"},
		[]string{prometheus, xnet, xsync},
		"a service answers and logs; to analyse is another process' business",
	},
	"experiment/simulate": {
		[]string{"experiment", "experiment/assignment", "experiment/assignment/design", "datasets", "datasets/expr", "datasets/bucket", "stats/"},
		[]string{arrow, gonum, xsync},
		"a simulation that used the analysis could not test it",
	},
	"experiment/planning": {
		[]string{"experiment", "experiment/result", "experiment/wrap", "datasets", "stats/"},
		nil,
		"planning reads what an analysis found before the exposure; to ask and to infer is the analysis' business",
	},
	"experiment/result": {
		nil, nil,
		"the result is a contract with outsiders; it must not drift with the code that fills it",
	},
	"experiment/analysis": {
		[]string{
			"experiment", "experiment/assignment", "experiment/result",
			"datasets", "datasets/expr", "datasets/bucket", "stats/",
		},
		nil,
		"analysis asks a source and runs the statistics; the data's format and the decision are others' business",
	},
	"experiment/calibration": {
		[]string{"experiment", "experiment/analysis", "experiment/result", "experiment/wrap", "datasets", "stats/"},
		[]string{gonum, tables, xsync},
		"a calibration asks the analysis itself what it would say; a method of its own would calibrate nothing",
	},
	"experiment/decision": {
		[]string{"experiment/result"},
		nil,
		"a decision is a pure function of the result, so that an auditor can repeat it from result.json",
	},
	"experiment/report": {
		[]string{"experiment/result", "experiment/wrap"},
		[]string{arrow, tables},
		"a report shows what is in the result; whatever it computed itself could contradict it",
	},
	"experiment/wrap": {
		[]string{"experiment/result"},
		[]string{tables},
		"breaking lines needs the text and nothing of what it says",
	},
	"experiment/run": {
		[]string{
			"experiment", "experiment/result", "experiment/analysis", "experiment/decision", "experiment/report",
			"datasets", "datasets/durable", "datasets/evidence",
		},
		[]string{xsync},
		"a run folder is written and read in one place, whole or not at all",
	},
	"cmd/liftgate": {
		[]string{"stats/", "datasets/", "experiment/"},
		[]string{cli, tables, progress, terminal, xsync},
		"the command line knows everything and nothing knows it",
	},
	"cmd/policy": {nil, nil, "the rules are tests only"},
}

// order ranks the four layers: code, tests included, only looks down.
var order = map[string]int{"stats": 0, "datasets": 1, "experiment": 2, "cmd": 3}

func TestImportsPointOneWay(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, imported := range imports(f) {
			own, isOwn := strings.CutPrefix(imported, module)
			if isOwn && order[top(own)] > order[top(f.Dir())] {
				t.Errorf("%s imports %s: dependencies point one way, stats <- datasets <- experiment <- cmd, "+
					"so that each layer can be understood, tested and replaced without those above it", f.Path, own)
			}
		}
	}
}

func TestImportsOfEachPackage(t *testing.T) {
	for dir, files := range packages(t) {
		allowed, known := layers[layerOf(dir)]
		if !known {
			t.Errorf("%s is in no layer: add it to the table in this file with what it may import and why, "+
				"and to the tables of DESIGN.md and README.md", dir)
			continue
		}
		for _, f := range files {
			for _, imported := range imports(f) {
				if !allowed.permits(dir, imported) {
					t.Errorf("%s imports %s, which its layer %s may not: %s", f.Path, imported, layerOf(dir), allowed.why)
				}
			}
		}
	}
}

// layerOf finds the entry that speaks for a folder: its own, or that of the closest folder above it.
func layerOf(dir string) string {
	for d := dir; d != "."; d = path.Dir(d) {
		if _, ok := layers[d]; ok {
			return d
		}
	}
	return dir
}

func (l layer) permits(dir, imported string) bool {
	own, isOwn := strings.CutPrefix(imported, module)
	if !isOwn {
		return isStandard(imported) || anyPrefix(l.modules, imported)
	}
	return strings.HasPrefix(own+"/", layerOf(dir)+"/") || anyPrefix(l.imports, own)
}

func anyPrefix(allowed []string, imported string) bool {
	for _, a := range allowed {
		below, isTree := strings.CutSuffix(a, "/")
		switch {
		case imported == a || imported == below:
			return true
		case isTree && strings.HasPrefix(imported, a):
			return true
		case isModule(a) && strings.HasPrefix(imported, a+"/"):
			return true
		}
	}
	return false
}

func imports(f *goFile) []string {
	var list []string
	for _, spec := range f.Tree.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			list = append(list, name)
		}
	}
	return list
}

// isStandard goes by the rule of the go command: the first element of a module's path has a dot.
func isStandard(imported string) bool {
	return !isModule(imported) && !strings.HasPrefix(imported, module)
}

func isModule(imported string) bool { return strings.Contains(top(imported), ".") }

func top(name string) string {
	first, _, _ := strings.Cut(name, "/")
	return first
}
