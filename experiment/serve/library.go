package serve

import (
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"liftgate/datasets/exposurelog"
	"liftgate/experiment"
)

// flags is everything that is served at one moment; it never changes.
type flags struct {
	byName map[string]*flag
	sorted []*flag // by name
}

// library keeps the definitions of the files as they were last usable.
type library struct {
	files     []string
	folders   []string
	metrics   *metrics
	recorders *recorders
	current   atomic.Pointer[flags]

	mu      sync.Mutex // of what follows, and of recorders
	volumes map[string]*volume
}

// volume is a file.
type volume struct {
	file    string
	print   [sha256.Size]byte // of what it held when it was last looked at
	record  string            // of the design that it held, empty for none
	missing bool              // it was not there then
	newest  *flag             // nil when what it held cannot be used
	serving *flag             // nil when it never could
	problem error
}

func newLibrary(o *Options, m *metrics) (*library, error) {
	l := &library{
		metrics: m, volumes: map[string]*volume{},
		recorders: &recorders{
			dir: o.Exposures, sync: o.Sync, memory: exposurelog.NewMemory(o.Remember), limit: o.Remember, wait: o.Limits.Wait,
			metrics: m, open: map[string]*recorder{},
		},
	}
	l.current.Store(&flags{})
	m.registry.MustRegister(logCollector{l})
	for _, path := range o.Definitions {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			l.folders = append(l.folders, path)
		default:
			l.files = append(l.files, path)
		}
	}
	return l, nil
}

func (l *library) flags() *flags { return l.current.Load() }

// change is what a look at the files has found.
type change struct {
	read     []string // files that are new or have another content
	removed  []string // files that are gone
	problems []error  // why some of those that were read cannot be used
}

func (c *change) empty() bool { return len(c.read)+len(c.removed) == 0 }

// look reads what has changed and serves it. A file that cannot be used keeps the flag that it had. Without a change the error is one
// of finding the files, else one of closing the log of a flag that is gone.
func (l *library) look() (*change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	files, err := l.find()
	if err != nil {
		return nil, err
	}
	c := &change{}
	l.drop(files, c)
	for _, file := range files {
		v := l.volumes[file]
		if v == nil {
			v = &volume{file: file}
			l.volumes[file] = v
		}
		if l.reread(v) {
			c.read = append(c.read, file)
		}
	}
	if !c.empty() || l.unsettled() {
		err = l.publish()
	}
	for _, file := range c.read {
		if problem := l.volumes[file].problem; problem != nil {
			c.problems = append(c.problems, problem)
		}
	}
	return c, err
}

// unsettled reports whether something is left to do of the last change: a flag that could not be served, a log that could not be closed.
func (l *library) unsettled() bool {
	for _, v := range l.volumes {
		if v.newest != nil && v.newest != v.serving {
			return true
		}
	}
	for name, r := range l.recorders.open {
		if f := l.flags().byName[name]; f == nil || f.recorder != r {
			return true
		}
	}
	return false
}

// drop forgets files that are missing at two looks in a row: programs that write a file anew take it away for a moment, and a flag
// that is gone for a moment gives its units to the control.
func (l *library) drop(files []string, c *change) {
	for file, v := range l.volumes {
		switch {
		case slices.Contains(files, file):
			v.missing = false
		case v.missing:
			delete(l.volumes, file)
			c.removed = append(c.removed, file)
		default:
			v.missing = true
		}
	}
}

// reread prepares the definition of a file that has another content than before, and tells whether it has.
func (l *library) reread(v *volume) bool {
	source, err := readDefinition(v.file)
	if err != nil {
		known := v.problem != nil && v.problem.Error() == err.Error()
		v.print, v.newest, v.problem = [sha256.Size]byte{}, nil, err
		return !known
	}
	if v.print == fingerprint(source, v.record) {
		return false
	}
	v.newest, v.record = nil, ""
	d, err := experiment.Parse(v.file, source)
	if err == nil {
		v.record = recordOf(d)
		v.newest, err = newFlag(d)
	}
	v.problem = err
	v.print = fingerprint(source, v.record)
	return true
}

// recordOf is the file with the outcome of a definition's design, empty when it has none.
func recordOf(d *experiment.Definition) string {
	if d.Assignment == nil || d.Assignment.Design == nil {
		return ""
	}
	return d.RecordPath()
}

// fingerprint changes when a definition does, or the record of its design. Records may be large: their size and time must do.
func fingerprint(source []byte, record string) [sha256.Size]byte {
	h := sha256.New()
	h.Write(source)
	if info, err := os.Stat(record); err == nil && record != "" {
		fmt.Fprintf(h, "\x00%d %d", info.Size(), info.ModTime().UnixNano())
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// publish settles which flag each file serves and swaps the whole set.
func (l *library) publish() error {
	before := l.flags()
	next := &flags{byName: map[string]*flag{}}
	for _, v := range l.claimants() {
		l.settle(v, next)
	}
	for _, f := range next.byName {
		next.sorted = append(next.sorted, f)
	}
	slices.SortFunc(next.sorted, func(a, b *flag) int { return strings.Compare(a.name, b.name) })
	l.current.Store(next)
	err := l.retire(before, next)
	broken := 0
	for _, v := range l.volumes {
		if v.problem != nil {
			broken++
		}
	}
	l.metrics.loaded.Set(float64(len(next.sorted)))
	l.metrics.broken.Set(float64(broken))
	return err
}

// claimants orders the files by their right to a name: those that go on as they are, those that keep their old flag, and the rest.
func (l *library) claimants() []*volume {
	rank := func(v *volume) int {
		switch {
		case v.newest != nil && v.newest == v.serving:
			return 0
		case v.newest == nil:
			return 1
		}
		return 2
	}
	var all []*volume
	for _, v := range l.volumes {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b *volume) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		return strings.Compare(a.file, b.file)
	})
	return all
}

// settle serves the newest flag of a file, or else the one that it served before, as far as their names are free.
func (l *library) settle(v *volume, next *flags) {
	before := v.serving
	v.serving = nil
	if v.newest != nil {
		v.serving, v.problem = l.admit(v.newest, next)
	}
	if v.serving != nil {
		v.newest = v.serving
	} else if before != nil {
		v.serving, _ = l.admit(before, next) // when even that fails, the reason is v.problem
	}
}

// admit adds a flag to the set, with its log.
func (l *library) admit(f *flag, next *flags) (*flag, error) {
	if other := next.byName[f.name]; other != nil {
		return nil, fmt.Errorf("%s: the experiment is called %s, and so is that of %s: a flag has one definition", f.file, f.name, other.file)
	}
	r, err := l.recorders.of(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.file, err)
	}
	f = f.with(r, l.metrics)
	next.byName[f.name] = f
	return f, nil
}

// retire closes what belongs to flags that are no longer served.
func (l *library) retire(before, next *flags) error {
	for name, f := range before.byName {
		if now := next.byName[name]; now != nil {
			l.metrics.forgetVariants(f, now)
		} else if l.recorders.open[name] == nil { // else its log is still counted
			l.metrics.forget(name)
		}
	}
	return l.recorders.retire(next)
}
