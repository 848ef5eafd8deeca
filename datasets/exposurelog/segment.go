package exposurelog

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"liftgate/datasets"
	"liftgate/datasets/durable"
)

// file is what is needed of an open file; tests put one that fails in its place.
type file interface {
	io.WriterAt
	io.Closer
	Sync() error
	Truncate(size int64) error
}

func openFile(path string) (file, error) { return os.OpenFile(path, os.O_RDWR, 0) }

// segments writes messages to one file after another.
type segments struct {
	dir    string
	head   []byte // of every file
	limit  int64
	open   func(path string) (file, error)
	number int // of the last file
	active *segment
}

// segment is the file that is being written.
type segment struct {
	file file
	day  int
	end  int64 // of the last message
}

// append writes a message durably. After an error it is to be called again with the same message, until there is none.
func (s *segments) append(message []byte, latest datasets.Instant) error {
	if a := s.active; a != nil && (a.end >= s.limit || dayOf(latest) > a.day) {
		if err := a.write(endOfStream, a.end); err != nil {
			return err
		}
		s.active = nil
		if err := a.file.Close(); err != nil {
			return err
		}
	}
	if s.active == nil {
		if err := s.start(latest); err != nil {
			return err
		}
	}
	return s.active.commit(message)
}

// start makes the next file. It gets its name when it is whole, so that nobody ever reads half a schema.
func (s *segments) start(latest datasets.Instant) (err error) {
	path := filepath.Join(s.dir, fileName(latest, s.number+1))
	if err := writeWhole(path+partial, s.head); err != nil {
		return err
	}
	if err := os.Rename(path+partial, path); err != nil {
		return err
	}
	if err := durable.Flush(s.dir); err != nil {
		return err
	}
	f, err := s.open(path)
	if err != nil {
		return err
	}
	s.number++
	s.active = &segment{f, dayOf(latest), int64(len(s.head))}
	return nil
}

func (s *segments) close() error {
	if s.active == nil {
		return nil
	}
	return s.active.file.Close()
}

func writeWhole(path string, content []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// commit appends a message, so that whoever reads the file sees all of it or nothing: the file grows by its length at once, as zeros, which
// end a stream; then follows all but the message's first eight bytes, and when that is durable, these eight, which make it part of the
// stream. A reader that took the file's size before finds its end there, and one that took it later finds room for the whole message.
//
// A crash or an error between the steps leaves the stream as it was. Any step may be done again.
func (s *segment) commit(message []byte) error {
	end := s.end + int64(len(message))
	if err := s.file.Truncate(end); err != nil {
		return err
	}
	if err := s.write(message[prefixSize:], s.end+prefixSize); err != nil {
		return err
	}
	if err := s.write(message[:prefixSize], s.end); err != nil {
		return err
	}
	s.end = end
	return nil
}

// write is over when the bytes are durable.
func (s *segment) write(b []byte, at int64) error {
	if _, err := s.file.WriteAt(b, at); err != nil {
		return err
	}
	return s.file.Sync()
}
