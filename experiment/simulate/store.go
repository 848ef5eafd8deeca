package simulate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"liftgate/datasets"
	"liftgate/experiment"
)

// store holds the files of a run until they are complete.
type store struct {
	dir    string
	tables []*table
	chunks int

	mu    sync.Mutex
	files map[string]*output // by path below dir

	written []chan struct{} // closed when a chunk is written: appends to a shared file wait for the chunk before
}

func newStore(d *experiment.Definition, o Options) (*store, error) {
	if err := checkSize(o); err != nil {
		return nil, err
	}
	all, err := tablesOf(d)
	if err != nil {
		return nil, err
	}
	tables, err := distinct(all)
	if err != nil {
		return nil, err
	}
	s := &store{dir: o.Dir, tables: tables, chunks: chunksOf(o.Shoppers), files: map[string]*output{}}
	for _, t := range tables {
		s.chunks = max(s.chunks, len(t.files)) // every pattern must match a file
	}
	for range s.chunks {
		s.written = append(s.written, make(chan struct{}))
	}
	return s, s.vacant()
}

// vacant fails when readers of the definition would mix what is there with the new files.
func (s *store) vacant() error {
	for _, t := range s.tables {
		for _, pattern := range t.files {
			found, err := filepath.Glob(filepath.Join(s.dir, withoutDeep(pattern)))
			if err != nil {
				return fmt.Errorf("data.%s.files: %q: %w", t.name, pattern, err)
			}
			if len(found) > 0 {
				return fmt.Errorf("%s already has data for this definition: choose a folder without them", found[0])
			}
		}
	}
	return nil
}

// write adds chunk i to every table. Each table's chunks go round its patterns.
func (s *store) write(ctx context.Context, i int, c *crowd) error {
	for _, t := range s.tables {
		pattern := t.files[i%len(t.files)]
		if !isPattern(pattern) && i > 0 {
			if err := await(ctx, s.written[i-1]); err != nil {
				return err
			}
		}
		out, err := s.open(t, pattern, i/len(t.files))
		if err != nil {
			return err
		}
		if err := out.write(ctx, t, c, t.rows(c)); err != nil {
			return err
		}
		if isPattern(pattern) {
			if err := out.close(); err != nil {
				return err
			}
		}
	}
	close(s.written[i])
	return nil
}

func await(ctx context.Context, done chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rows are the rows of a crowd that the table holds.
func (t *table) rows(c *crowd) []row {
	switch {
	case !t.events:
		return c.exposures
	case t.before == nil:
		return c.events
	}
	return upTo(c.events, *t.before)
}

func upTo(rows []row, before datasets.Instant) []row {
	kept := make([]row, 0, len(rows))
	for i := range rows {
		if rows[i].at < before {
			kept = append(kept, rows[i])
		}
	}
	return kept
}

func (s *store) open(t *table, pattern string, part int) (*output, error) {
	path, err := instance(pattern, part)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if out, ok := s.files[path]; ok {
		return out, nil
	}
	out, err := create(filepath.Join(s.dir, path), t)
	if err == nil {
		s.files[path] = out
	}
	return out, err
}

// commit closes what is open, gives all files their names and lists them.
func (s *store) commit() ([]string, error) {
	names := s.names()
	for _, name := range names {
		if err := s.files[name].close(); err != nil {
			return nil, errors.Join(err, s.discard())
		}
	}
	for _, name := range names {
		path := s.files[name].path
		if err := os.Rename(path+partial, path); err != nil {
			return nil, errors.Join(err, s.discard())
		}
	}
	return names, nil
}

// discard removes what is not complete.
func (s *store) discard() error {
	var problems []error
	for _, name := range s.names() {
		out := s.files[name]
		if out.file != nil {
			_ = out.file.Close() // it is thrown away
		}
		if err := os.Remove(out.path + partial); err != nil && !os.IsNotExist(err) {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (s *store) names() []string {
	names := make([]string, 0, len(s.files))
	for name := range s.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
