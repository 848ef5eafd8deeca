package exposurelog

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// A reader takes the size of a file once, and reads the file later: whenever that was, the size is the end of a message.
func TestSizesThatReadersSee(t *testing.T) {
	o := testOptions(t.TempDir())
	d := &disk{}
	l := mustOpen(t, o, d)
	mustAdd(t, l, 0)
	must(t, l.Flush(t.Context()))
	files, err := filepath.Glob(filepath.Join(o.Dir, "*"+extension))
	must(t, err)
	f, err := os.Open(files[0])
	must(t, err)
	defer f.Close()

	var mu sync.Mutex
	sizes := map[int64]bool{}
	look := func() {
		mu.Lock()
		defer mu.Unlock()
		if info, err := f.Stat(); err == nil {
			sizes[info.Size()] = true
		}
	}
	d.set(func() { d.fail = func(string) error { look(); return nil } }) // before each step of a write
	stop := make(chan struct{})
	var looking sync.WaitGroup
	looking.Go(func() { // and within one
		for {
			select {
			case <-stop:
				return
			default:
				look()
			}
		}
	})
	for i := range 30 {
		mustAdd(t, l, i+1)
		must(t, l.Flush(t.Context()))
	}
	must(t, l.Close())
	close(stop)
	looking.Wait()

	info, err := f.Stat()
	must(t, err)
	m := &messages{src: f, size: info.Size()}
	ends := map[int64]bool{}
	for err == nil {
		_, err = m.Message()
		ends[m.end] = true
	}
	m.Release()
	if !errors.Is(err, io.EOF) || m.end != m.size || len(sizes) < 30 {
		t.Errorf("%v, end %d of %d, %d sizes", err, m.end, m.size, len(sizes))
	}
	for size := range sizes {
		if !ends[size] {
			t.Errorf("a size of %d bytes is no end of a message", size)
		}
	}
}
