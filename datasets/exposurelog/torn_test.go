package exposurelog_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
)

// logOf makes a file with n record batches and gives its content and the ends of its messages.
func logOf(t *testing.T, n int) (name string, content []byte, ends []int64, want []row) {
	t.Helper()
	o := options(t.TempDir())
	l := open(t, o)
	for i := range n {
		e := shopper(fmt.Sprintf("unit-%d", i), "control", at(0))
		add(t, l, e, true)
		flush(t, l)
		want = append(want, row{}.of(e))
		info, err := os.Stat(files(t, o.Dir)[0])
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, info.Size())
	}
	closeLog(t, l)
	name = files(t, o.Dir)[0]
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return name, content, ends, want
}

// damaged is a folder with one file.
func damaged(t *testing.T, name string, content []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTornTails(t *testing.T) {
	name, content, ends, want := logOf(t, 3)
	step := int64(1)
	if testing.Short() {
		step = 41
	}
	for cut := ends[1]; cut <= int64(len(content)); cut += step {
		dir := damaged(t, name, content[:cut])
		whole, end := 2, ends[1]
		if cut >= ends[2] {
			whole, end = 3, ends[2]
		}
		gone := cut - end
		l := open(t, options(dir))
		if got := l.Stats().Cut; got != gone {
			t.Errorf("cut at byte %d: %d bytes removed, want %d", cut, got, gone)
		}
		if diff := cmp.Diff(want[:whole], rows(t, dir)); diff != "" {
			t.Errorf("cut at byte %d (-want +got):\n%s", cut, diff)
		}
		if cut%16 == 0 {
			add(t, l, shopper("unit-1", "control", at(1)), false)
			add(t, l, shopper("unit-2", "control", at(0)), whole == 2)
			add(t, l, shopper("unit-3", "control", at(0)), true)
		}
		closeLog(t, l)
		if n := len(files(t, dir)); n != 1 {
			t.Errorf("cut at byte %d: %d files", cut, n)
		}
		if cut%16 == 0 {
			if n := len(rows(t, dir)); n != 4 {
				t.Errorf("cut at byte %d: %d rows after another two", cut, n)
			}
		}
	}
}

// What a crash left behind the end of stream is in nobody's way.
func TestUnfinishedWrite(t *testing.T) {
	name, content, ends, want := logOf(t, 2)
	unfinished := bytes.Clone(content)
	clear(unfinished[ends[0] : ends[0]+8]) // of the second message, which are written last
	dir := damaged(t, name, unfinished)
	if diff := cmp.Diff(want[:1], rows(t, dir)); diff != "" {
		t.Errorf("before it is mended (-want +got):\n%s", diff)
	}
	q := query(dir)
	if n := observe(t, q).Units[0]; n != 1 {
		t.Errorf("%d units", n)
	}
	if err := os.WriteFile(filepath.Join(dir, "20260928T000000Z-000002.arrow.partial"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	l := open(t, options(dir))
	if s := l.Stats(); s.Cut != ends[1]-ends[0] || s.Known != 1 {
		t.Errorf("%+v", s)
	}
	add(t, l, shopper("unit-1", "control", at(0)), true)
	closeLog(t, l)
	if diff := cmp.Diff(want, rows(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if all, _ := filepath.Glob(filepath.Join(dir, "*")); len(all) != 2 { // with the lock
		t.Errorf("files %q", all)
	}
}

func TestAnalysisOfATornFile(t *testing.T) {
	name, content, _, _ := logOf(t, 2)
	dir := damaged(t, name, content[:len(content)-3])
	_, err := columnar.New(columnar.Options{}).Observe(t.Context(), query(dir))
	var data *datasets.DataError
	if !errors.As(err, &data) || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("error %v", err)
	}
}

// A length is the last thing that is written of a message. What is wrong before it is no torn tail, and cutting it would lose whole messages.
func TestDamageIsNotCutAway(t *testing.T) {
	name, content, ends, _ := logOf(t, 3)
	for _, c := range []struct {
		at   int64
		with []byte
		want string
	}{
		{ends[0] + 8, bytes.Repeat([]byte{0xEE}, 64), "damaged"},
		{ends[0], []byte{1, 2, 3, 4}, "no message starts at byte"},
	} {
		spoilt := bytes.Clone(content)
		copy(spoilt[c.at:], c.with)
		dir := damaged(t, name, spoilt)
		expectRefusal(t, options(dir), c.want)
		after, err := os.ReadFile(files(t, dir)[0])
		if err != nil || !bytes.Equal(after, spoilt) {
			t.Errorf("%s: the file was changed: %v", c.want, err)
		}
	}
}

// Whatever a damaged file makes of Open, it ends, and in no more memory than the file has.
func TestAnyDamage(t *testing.T) {
	name, content, _, _ := logOf(t, 2)
	dir := damaged(t, name, nil)
	step := 5
	if testing.Short() {
		step = 23
	}
	for i := 0; i < len(content); i += step {
		spoilt := bytes.Clone(content)
		spoilt[i] ^= []byte{0xFF, 0x80, 0x01, 0x40}[i%4]
		if err := os.WriteFile(files(t, dir)[0], spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := tryOpen(dir); err == nil {
			closeLog(t, l)
		}
	}
}
