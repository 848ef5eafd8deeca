package exposurelog

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func failing(broken string, err error) func(string) error {
	return func(op string) error {
		if op == broken {
			return err
		}
		return nil
	}
}

func TestFullDisk(t *testing.T) {
	for _, broken := range []string{"write", "sync"} {
		t.Run(broken, func(t *testing.T) {
			d := &disk{}
			o := testOptions(t.TempDir())
			o.Buffer = 2000
			l := mustOpen(t, o, d)
			added := 0
			for ; added < 10; added++ {
				mustAdd(t, l, added)
			}
			must(t, l.Flush(t.Context()))
			d.set(func() { d.fail = failing(broken, syscall.ENOSPC) })

			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			var err error
			for ; err == nil; added++ {
				_, err = l.Add(ctx, unit(added))
			}
			added--
			if !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Add: %v", err)
			}
			if err := l.Flush(ctx); !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Flush: %v", err)
			}
			s := l.Stats()
			if !errors.Is(s.Err, syscall.ENOSPC) || s.Failures == 0 || s.Pending != s.Added-10 || s.Added != int64(added) {
				t.Errorf("%+v", s)
			}
			d.set(func() { d.fail = nil })
			mustAdd(t, l, added) // which waits until there is room
			must(t, l.Close())
			if s := l.Stats(); s.Synced != s.Added || s.Err != nil || s.Pending != 0 {
				t.Errorf("%+v", s)
			}
			expectUnits(t, o, added+1)
		})
	}
}

// Each operation fails now and then, and every record is there once.
func TestDiskThatFailsAtTimes(t *testing.T) {
	d := &disk{}
	o := testOptions(t.TempDir())
	o.FileSize = 8 << 10
	l := mustOpen(t, o, d)
	random := rand.New(rand.NewPCG(3, 4))
	d.set(func() {
		d.fail = func(string) error {
			if random.IntN(10) == 0 {
				return syscall.EIO
			}
			return nil
		}
	})
	n := 300
	if testing.Short() {
		n = 60
	}
	for i := range n {
		mustAdd(t, l, i)
		if i%10 == 0 {
			must(t, l.Flush(t.Context()))
		}
	}
	must(t, l.Flush(t.Context()))
	d.set(func() { d.fail = nil })
	must(t, l.Close())
	if s := l.Stats(); s.Failures == 0 {
		t.Errorf("%+v", s)
	}
	expectUnits(t, o, n)
}

func TestCloseGivesUp(t *testing.T) {
	d := &disk{}
	o := testOptions(t.TempDir())
	l := mustOpen(t, o, d)
	mustAdd(t, l, 0)
	must(t, l.Flush(t.Context()))
	d.set(func() { d.fail = failing("write", syscall.EIO) })
	mustAdd(t, l, 1)
	mustAdd(t, l, 2)
	err := l.Close()
	if !errors.Is(err, syscall.EIO) || !strings.Contains(err.Error(), "2 exposures are lost") {
		t.Errorf("Close: %v", err)
	}
	if err := l.Flush(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("Flush: %v", err)
	}
	if s := l.Stats(); s.Lost != 2 || s.Pending != 0 || s.Synced != 1 {
		t.Errorf("%+v", s)
	}
	expectUnits(t, o, 1)
}

func TestAddWaitsForASlowDisk(t *testing.T) {
	d := &disk{stall: make(chan struct{})}
	o := testOptions(t.TempDir())
	o.Buffer = 1000
	l := mustOpen(t, o, d)
	const workers, each = 4, 200
	mustAdd(t, l, 5000)
	var all sync.WaitGroup
	var returned atomic.Int64
	for w := range workers {
		all.Go(func() {
			for i := range each {
				mustAdd(t, l, w*each+i)
				returned.Add(1)
			}
		})
	}
	for l.Stats().Waiting < workers {
		time.Sleep(time.Millisecond)
	}
	before := returned.Load() + 1
	if s := l.Stats(); s.Added != before || s.Synced != 0 || before*20 > 2*int64(o.Buffer) {
		t.Errorf("%d returned, %+v", before, s)
	}
	if added, err := l.Add(t.Context(), unit(5000)); added || err != nil { // what is known needs no room
		t.Errorf("%v, %v", added, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if added, err := l.Add(ctx, unit(9999)); added || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", added, err)
	}
	d.set(func() { close(d.stall); d.stall = nil })
	all.Wait()
	mustAdd(t, l, 9999) // what was not logged is not known either
	must(t, l.Close())
	if n := len(unitsIn(t, o.Dir, o.Columns)); n != workers*each+2 {
		t.Errorf("%d units", n)
	}
}

func TestCloseWakesWhoWaits(t *testing.T) {
	d := &disk{stall: make(chan struct{})}
	o := testOptions(t.TempDir())
	o.Buffer = 1
	l := mustOpen(t, o, d)
	mustAdd(t, l, 0)
	var waiting sync.WaitGroup
	for i := range 3 {
		waiting.Go(func() {
			if added, err := l.Add(t.Context(), unit(i+1)); !added && !errors.Is(err, ErrClosed) {
				t.Errorf("%v, %v", added, err)
			}
		})
	}
	for l.Stats().Waiting < 2 {
		time.Sleep(time.Millisecond)
	}
	closed := make(chan error)
	go func() { closed <- l.Close() }()
	waiting.Wait()
	d.set(func() { close(d.stall); d.stall = nil })
	must(t, <-closed)
	if n := len(unitsIn(t, o.Dir, o.Columns)); int64(n) != l.Stats().Added {
		t.Errorf("%d units, %+v", n, l.Stats())
	}
}

// Whatever sectors a power cut leaves of what was not synced, what was durable is there, and the rest is none or whole messages.
func TestPowerCut(t *testing.T) {
	d := &disk{images: map[string]*image{}}
	o := testOptions(t.TempDir())
	o.FileSize = 6 << 10
	random := rand.New(rand.NewPCG(5, 6))
	l := mustOpen(t, o, d)
	cuts, images, n := 0, 3, 60
	if testing.Short() {
		images, n = 1, 15
	}
	d.set(func() {
		d.fail = func(string) error { // called before each operation, by the goroutine that writes
			for range images {
				expectAfterPowerCut(t, d, o, random, int(l.Stats().Synced))
				cuts++
			}
			return nil
		}
	})
	for i := range n {
		mustAdd(t, l, i)
		if i%3 == 2 {
			must(t, l.Flush(t.Context()))
		}
	}
	must(t, l.Close())
	if cuts < n {
		t.Errorf("%d cuts", cuts)
	}
	expectUnits(t, o, n)
}

func expectAfterPowerCut(t *testing.T, d *disk, o Options, random *rand.Rand, durable int) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	must(t, err)
	d.set(func() {
		for path, image := range d.images {
			must(t, os.WriteFile(filepath.Join(dir, filepath.Base(path)), image.powerCut(random), 0o600))
		}
	})
	o.Dir = dir
	n := len(unitsIn(t, dir, o.Columns)) // before it is mended
	if n < durable {
		t.Errorf("%d units, and %d were durable", n, durable)
	}
	l := mustOpen(t, o, &disk{})
	must(t, l.Close())
	expectUnits(t, o, n)
}
