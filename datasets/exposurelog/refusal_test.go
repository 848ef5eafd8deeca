package exposurelog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/exposurelog"
	"liftgate/datasets/expr"
)

func tryOpen(dir string) (*exposurelog.Log, error) { return exposurelog.Open(options(dir)) }

func expectRefusal(t *testing.T, o exposurelog.Options, want string) {
	t.Helper()
	l, err := exposurelog.Open(o)
	if err == nil {
		closeLog(t, l)
	}
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Open: %v, want %q", err, want)
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	for want, change := range map[string]func(*exposurelog.Options){
		"no folder is given":        func(o *exposurelog.Options) { o.Dir = "" },
		"the unit has no column":    func(o *exposurelog.Options) { o.Columns.Unit = "" },
		"the variant has no column": func(o *exposurelog.Options) { o.Columns.Variant = "" },
		"the time has no column":    func(o *exposurelog.Options) { o.Columns.Time = "" },
		`"country" has a type`: func(o *exposurelog.Options) {
			o.Columns.Attributes = []exposurelog.Attribute{{Name: "country", Type: 9}}
		},
		"an attribute has no name":         func(o *exposurelog.Options) { o.Columns.Attributes = []exposurelog.Attribute{{}} },
		`two columns are called "variant"`: func(o *exposurelog.Options) { o.Columns.Cluster = "variant" },
		`two columns are called "country"`: func(o *exposurelog.Options) {
			o.Columns.Attributes = []exposurelog.Attribute{{Name: "country"}, {Name: "country"}}
		},
		`two columns are called "shopper_id"`: func(o *exposurelog.Options) { o.Columns.Attributes = []exposurelog.Attribute{{Name: "shopper_id"}} },
		"sync -1s":                            func(o *exposurelog.Options) { o.Sync = -time.Second },
		"buffer 2147483648":                   func(o *exposurelog.Options) { o.Buffer = 2 << 30 },
		"file size -1":                        func(o *exposurelog.Options) { o.FileSize = -1 },
		"remember -1":                         func(o *exposurelog.Options) { o.Remember = -1 },
	} {
		o := options(t.TempDir())
		change(&o)
		expectRefusal(t, o, want)
	}
}

func TestExposuresThatCannotBe(t *testing.T) {
	o := options(t.TempDir())
	l := open(t, o)
	for want, change := range map[string]func(*exposurelog.Exposure){
		"without a unit":                                func(e *exposurelog.Exposure) { e.Unit = "" },
		"without a variant":                             func(e *exposurelog.Exposure) { e.Variant = "" },
		"with a cluster":                                func(e *exposurelog.Exposure) { e.Cluster = "m" },
		"with 1 attributes, want 2":                     func(e *exposurelog.Exposure) { e.Attributes = e.Attributes[:1] },
		"at 0 microseconds":                             func(e *exposurelog.Exposure) { e.At = 0 },
		"outside of the years":                          func(e *exposurelog.Exposure) { e.At = datasets.Instant(1 << 60) },
		"of 70007 bytes, above 65536":                   func(e *exposurelog.Exposure) { e.Attributes = texts("", strings.Repeat("x", 69999)) },
		"unit, variant or cluster is not UTF-8":         func(e *exposurelog.Exposure) { e.Unit = "\xff" },
		`"country" is not UTF-8`:                        func(e *exposurelog.Exposure) { e.Attributes = texts("\xff", "") },
		`"device" is a number in a column of type text`: func(e *exposurelog.Exposure) { e.Attributes[1] = expr.IntValue(7) },
	} {
		e := shopper("a", "control", at(0))
		change(e)
		var unfit *exposurelog.UnfitError
		if added, err := l.Add(t.Context(), e); added || !errors.As(err, &unfit) || !strings.Contains(err.Error(), want) {
			t.Errorf("Add: %v, %v, want %q", added, err, want)
		}
	}
	closeLog(t, l)
	if n := len(files(t, o.Dir)); n != 0 {
		t.Errorf("%d files", n)
	}
}

func TestOneLogAFolder(t *testing.T) {
	dir := t.TempDir()
	l := open(t, options(dir))
	if _, err := tryOpen(dir); !errors.Is(err, exposurelog.ErrLocked) || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v", err)
	}
	closeLog(t, l)
	closeLog(t, open(t, options(dir)))
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	closeLog(t, open(t, options(filepath.Join(dir, "not", "yet", "there"))))
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	expectRefusal(t, options(filepath.Join(dir, "file")), "not a directory")
	expectRefusal(t, options(filepath.Join(dir, "file", "below")), "not a directory")
	if err := os.Mkdir(filepath.Join(dir, "read-only"), 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 { // whom no permission stops
		expectRefusal(t, options(filepath.Join(dir, "read-only")), "permission denied")
	}
}

// Files that others put into the folder are left alone.
func TestFilesOfOthers(t *testing.T) {
	o := options(t.TempDir())
	for _, name := range []string{"notes.txt", "old.arrow", "20260928T000000Z-1.parquet", "20260928T000000Z-x.arrow", "x.partial"} {
		if err := os.WriteFile(filepath.Join(o.Dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, o)
	add(t, l, shopper("a", "control", at(0)), true)
	closeLog(t, l)
	all, err := os.ReadDir(o.Dir)
	if err != nil || len(all) != 7 { // with the log's file and its lock
		t.Errorf("%v, %v", all, err)
	}
}
