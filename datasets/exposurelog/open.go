package exposurelog

import (
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
)

// start finds the place where the log goes on.
func (l *Log) start(opener func(string) (file, error)) error {
	schema := l.options.Columns.schema()
	encoder, err := newEncoder(schema)
	if err != nil {
		return err
	}
	l.pending = newBatch(schema, l.options.Columns.Cluster != "")
	l.writer = &writer{
		spare:    newBatch(schema, l.options.Columns.Cluster != ""),
		encoder:  encoder,
		segments: segments{dir: filepath.Clean(l.options.Dir), head: encoder.head, limit: l.options.FileSize, open: opener},
	}
	files, err := list(l.options.Dir)
	if err != nil || len(files) == 0 {
		return err
	}
	last, err := l.recall(files)
	if err != nil {
		return err
	}
	return l.resume(files[len(files)-1], last)
}

// recall remembers what the files of the last two days hold, and gives the contents of the last file.
func (l *Log) recall(files []named) (last contents, err error) {
	days := []int{files[len(files)-1].day}
	first := len(files) - 1
	for ; first > 0; first-- {
		day := files[first-1].day
		if !slices.Contains(days, day) {
			days = append(days, day)
		}
		if len(days) > len(l.daily.days) {
			break
		}
	}
	for _, f := range files[first:] {
		last, err = read(f.path, l.writer.encoder.head, func(r arrow.Record) { l.daily.replay(r, l.options.Columns.Cluster != "") })
		if err != nil {
			return last, err
		}
	}
	return last, nil
}

// resume mends the last file and goes on with it, where its columns are those of today and it is not sealed.
func (l *Log) resume(f named, c contents) (err error) {
	s := &l.writer.segments
	s.number = f.number
	if !c.ours {
		return nil
	}
	if l.stats.Cut, err = c.mend(f.path); err != nil || c.sealed {
		return err
	}
	opened, err := s.open(f.path)
	if err == nil {
		s.active = &segment{opened, f.day, c.end}
	}
	return err
}
