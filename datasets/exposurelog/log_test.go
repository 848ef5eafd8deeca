package exposurelog_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"liftgate/datasets"
	"liftgate/datasets/exposurelog"
	"liftgate/datasets/expr"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	goleak.VerifyTestMain(m)
}

const midnight = datasets.Instant(1_790_553_600_000_000) // 2026-09-28

func at(d time.Duration) datasets.Instant { return midnight.Add(datasets.Span(d.Microseconds())) }

var shoppers = exposurelog.Columns{
	Unit: "shopper_id", Variant: "variant", Time: "ts", Attributes: []exposurelog.Attribute{{Name: "country"}, {Name: "device", Type: expr.Text}},
}

// options are of a log that is fast to test; it may say more.
func options(dir string) exposurelog.Options {
	return exposurelog.Options{Dir: dir, Columns: shoppers, Sync: time.Millisecond}
}

func open(t testing.TB, o exposurelog.Options) *exposurelog.Log {
	t.Helper()
	l, err := exposurelog.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func closeLog(t testing.TB, l *exposurelog.Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func flush(t testing.TB, l *exposurelog.Log) {
	t.Helper()
	if err := l.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// shopper is an exposure without attributes.
func shopper(unit, variant string, when datasets.Instant) *exposurelog.Exposure {
	return &exposurelog.Exposure{Unit: unit, Variant: variant, At: when, Attributes: texts("", "")}
}

// texts are attributes; an empty one is null.
func texts(all ...string) (values []expr.Value) {
	for _, text := range all {
		if text == "" {
			values = append(values, expr.Value{})
		} else {
			values = append(values, expr.TextValue(text))
		}
	}
	return values
}

func add(t testing.TB, l *exposurelog.Log, e *exposurelog.Exposure, want bool) {
	t.Helper()
	added, err := l.Add(t.Context(), e)
	if err != nil || added != want {
		t.Errorf("Add(%+v) = %v, %v; want %v", *e, added, err, want)
	}
}

// row is a record as it is in a file, with "null" for a null.
type row struct {
	Unit, Variant, At, Further string
}

func (r row) of(e *exposurelog.Exposure) row {
	var further []string
	for _, a := range e.Attributes {
		if a.Null() {
			further = append(further, "null")
		} else {
			further = append(further, a.Plain())
		}
	}
	if e.Cluster != "" {
		further = append([]string{e.Cluster}, further...)
	}
	return row{e.Unit, e.Variant, e.At.String(), strings.Join(further, " ")}
}

// files lists the files of a log as a definition would name them.
func files(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.arrow"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// rows reads all files of a folder.
func rows(t testing.TB, dir string) (all []row) {
	t.Helper()
	for _, name := range files(t, dir) {
		all = append(all, rowsOf(t, name)...)
	}
	return all
}

func rowsOf(t testing.TB, name string) (all []row) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := ipc.NewReader(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer r.Release()
	for {
		batch, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, rowsIn(batch)...)
	}
}

func rowsIn(batch arrow.Record) (all []row) {
	for i := range int(batch.NumRows()) {
		var further []string
		for _, c := range batch.Columns()[3:] {
			if c.IsNull(i) {
				further = append(further, "null")
			} else {
				further = append(further, strings.Clone(c.(*array.String).Value(i)))
			}
		}
		when := datasets.Instant(batch.Column(2).(*array.Timestamp).Value(i))
		all = append(all, row{
			strings.Clone(batch.Column(0).(*array.String).Value(i)), strings.Clone(batch.Column(1).(*array.String).Value(i)),
			when.String(), strings.Join(further, " "),
		})
	}
	return all
}

func TestRecordsAreKeptAsGiven(t *testing.T) {
	o := options(t.TempDir())
	o.Columns.Cluster = "merchant_id"
	l := open(t, o)
	given := []*exposurelog.Exposure{
		{Unit: "s1", Variant: "control", Cluster: "m1", At: at(time.Hour), Attributes: texts("US", "mobile")},
		{Unit: "s1", Variant: "control", Cluster: "m2", At: at(time.Hour), Attributes: texts("", "日本")},
		{Unit: "s2", Variant: "amazon_pay", Cluster: "m1", At: at(time.Microsecond), Attributes: texts("DE", "")},
	}
	var want []row
	for _, e := range given {
		add(t, l, e, true)
		want = append(want, row{}.of(e))
	}
	flush(t, l)
	if diff := cmp.Diff(want, rows(t, o.Dir)); diff != "" {
		t.Errorf("while the log is open (-want +got):\n%s", diff)
	}
	closeLog(t, l)
	if diff := cmp.Diff(want, rows(t, o.Dir)); diff != "" {
		t.Errorf("after it is closed (-want +got):\n%s", diff)
	}
	if names := files(t, o.Dir); len(names) != 1 || filepath.Base(names[0]) != "20260928T010000Z-000001.arrow" {
		t.Errorf("files %q", names)
	}
}

func TestOnceADay(t *testing.T) {
	o := options(t.TempDir())
	steps := []struct {
		name          string
		unit, variant string
		at            time.Duration
		want          bool
	}{
		{"first", "a", "control", 0, true},
		{"again", "a", "control", time.Hour, false},
		{"another variant of the day is a crossover", "a", "treatment", time.Hour, true},
		{"texts are not run together", "ac", "ontrol", time.Hour, true},
		{"last moment", "a", "control", 24*time.Hour - time.Microsecond, false},
		{"next day", "a", "control", 24 * time.Hour, true},
		{"the clock goes back over midnight", "a", "control", 24*time.Hour - 1, false},
		{"and is new to yesterday", "b", "control", 24*time.Hour - 1, true},
		{"and again", "b", "control", 24*time.Hour - 1, false},
		{"but not to today", "b", "control", 25 * time.Hour, true},
		{"the clock is wrong by a month", "b", "control", 31 * 24 * time.Hour, true},
		{"and put right", "b", "control", 25 * time.Hour, false},
	}
	for _, reopened := range []bool{false, true} {
		o.Dir = t.TempDir()
		l := open(t, o)
		for _, s := range steps {
			if reopened {
				closeLog(t, l)
				l = open(t, o)
			}
			if added, err := l.Add(t.Context(), shopper(s.unit, s.variant, at(s.at))); added != s.want || err != nil {
				t.Errorf("reopened %v, %s: %v, %v", reopened, s.name, added, err)
			}
		}
		closeLog(t, l)
		if n := len(rows(t, o.Dir)); n != 7 {
			t.Errorf("reopened %v: %d rows", reopened, n)
		}
	}
}

func TestBeyondWhatIsRemembered(t *testing.T) {
	o := options(t.TempDir())
	o.Remember = 3
	l := open(t, o)
	for _, unit := range []string{"a", "b", "c", "d"} {
		add(t, l, shopper(unit, "control", at(0)), true)
	}
	add(t, l, shopper("a", "control", at(1)), false) // known
	add(t, l, shopper("d", "control", at(1)), true)  // rather twice than not at all
	if s := l.Stats(); s.Added != 5 || s.Unchecked != 2 || s.Repeated != 1 || s.Known != 3 {
		t.Errorf("%+v", s)
	}
	add(t, l, shopper("d", "control", at(25*time.Hour)), true) // yesterday makes room
	add(t, l, shopper("d", "control", at(25*time.Hour)), false)
	if s := l.Stats(); s.Unchecked != 2 || s.Known != 1 {
		t.Errorf("%+v", s)
	}
	closeLog(t, l)
}

// Logs that share a memory have its room together; what one gives back is the other's.
func TestSharedMemory(t *testing.T) {
	memory := exposurelog.NewMemory(3)
	a, b := options(t.TempDir()), options(t.TempDir())
	a.Memory, b.Memory = memory, memory
	first, second := open(t, a), open(t, b)
	for _, unit := range []string{"a", "b"} {
		add(t, first, shopper(unit, "control", at(0)), true)
		add(t, second, shopper(unit, "control", at(0)), true)
	}
	if x, y := first.Stats(), second.Stats(); x.Known != 2 || x.Unchecked != 0 || y.Known != 1 || y.Unchecked != 1 {
		t.Errorf("%+v, %+v", x, y)
	}
	closeLog(t, first)
	add(t, second, shopper("b", "control", at(0)), true)
	add(t, second, shopper("b", "control", at(0)), false)
	add(t, second, shopper("c", "control", at(0)), true)
	add(t, second, shopper("a", "control", at(25*time.Hour)), true) // yesterday makes room
	add(t, second, shopper("a", "control", at(25*time.Hour)), false)
	if s := second.Stats(); s.Known != 1 || s.Unchecked != 1 {
		t.Errorf("%+v", s)
	}
	closeLog(t, second)
	first = open(t, a) // reading what its files hold takes room too
	if s := first.Stats(); s.Known != 2 {
		t.Errorf("%+v", s)
	}
	closeLog(t, first)
}

func TestFilesFollowEachOther(t *testing.T) {
	o := options(t.TempDir())
	o.FileSize = 4 << 10
	l := open(t, o)
	var want []row
	for i := range 60 {
		e := shopper(fmt.Sprintf("unit-%04d", i), "control", at(time.Duration(i)*time.Hour))
		add(t, l, e, true)
		want = append(want, row{}.of(e))
		flush(t, l)
	}
	closeLog(t, l)
	if diff := cmp.Diff(want, rows(t, o.Dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	days := map[string]int{}
	for _, name := range files(t, o.Dir) {
		for _, r := range rowsOf(t, name) {
			if day := r.At[:10]; strings.ReplaceAll(day, "-", "") != filepath.Base(name)[:8] {
				t.Errorf("%s holds a record of %s", name, day)
			}
		}
		days[filepath.Base(name)[:8]]++
		if info, err := os.Stat(name); err != nil || info.Size() > o.FileSize+2<<10 {
			t.Errorf("%s: %d bytes, %v", name, info.Size(), err)
		}
	}
	if len(days) != 3 || days["20260928"] < 2 {
		t.Errorf("files a day: %v", days)
	}
}

func TestRotationUnderLoad(t *testing.T) {
	o := options(t.TempDir())
	o.FileSize, o.Buffer = 16<<10, 8<<10
	l := open(t, o)
	const workers, each = 8, 400
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := range each {
				e := shopper(fmt.Sprintf("%d-%d", w, i), "control", at(time.Duration(i)*time.Minute))
				add(t, l, e, true)
				add(t, l, e, false)
			}
		})
	}
	sealed := map[string]string{} // files that are followed by another one never change
	for range 10 {
		names := files(t, o.Dir)
		slices.SortFunc(names, func(a, b string) int { return strings.Compare(a[len(a)-12:], b[len(b)-12:]) }) // by number
		for _, name := range names[:max(0, len(names)-1)] {
			content, err := os.ReadFile(name)
			if before, known := sealed[name]; err != nil || known && before != string(content) {
				t.Errorf("%s has changed: %v", name, err)
			}
			sealed[name] = string(content)
		}
		rows(t, o.Dir)
		flush(t, l)
	}
	all.Wait()
	closeLog(t, l)
	seen := map[string]int{}
	for _, r := range rows(t, o.Dir) {
		seen[r.Unit]++
	}
	if len(seen) != workers*each {
		t.Errorf("%d units, want %d", len(seen), workers*each)
	}
	for unit, n := range seen {
		if n != 1 {
			t.Errorf("unit %s is logged %d times", unit, n)
		}
	}
	if n := len(files(t, o.Dir)); n < 5 {
		t.Errorf("%d files", n)
	}
}

func TestOtherColumnsAfterRestart(t *testing.T) {
	o := options(t.TempDir())
	l := open(t, o)
	add(t, l, shopper("a", "control", at(0)), true)
	closeLog(t, l)
	o.Columns.Attributes = []exposurelog.Attribute{{Name: "country"}}
	l = open(t, o)
	add(t, l, &exposurelog.Exposure{Unit: "a", Variant: "control", At: at(1), Attributes: texts("US")}, true)
	closeLog(t, l)
	names := files(t, o.Dir)
	if len(names) != 2 || rowsOf(t, names[0])[0].Further != "null null" || rowsOf(t, names[1])[0].Further != "US" {
		t.Errorf("files %q", names)
	}
}

func TestClose(t *testing.T) {
	o := options(t.TempDir())
	o.Sync = time.Hour
	l := open(t, o)
	add(t, l, shopper("a", "control", at(0)), true)
	closeLog(t, l)
	if _, err := l.Add(context.Background(), shopper("b", "control", at(0))); !errors.Is(err, exposurelog.ErrClosed) {
		t.Errorf("Add: %v", err)
	}
	if err := l.Close(); !errors.Is(err, exposurelog.ErrClosed) {
		t.Errorf("Close: %v", err)
	}
	if err := l.Flush(context.Background()); err != nil {
		t.Errorf("Flush, when all is durable: %v", err)
	}
	if n := len(rows(t, o.Dir)); n != 1 {
		t.Errorf("%d rows", n)
	}
	closeLog(t, open(t, o)) // the lock is free again
	if n := len(files(t, o.Dir)); n != 1 {
		t.Errorf("%d files after a log without records", n)
	}
}
