package exposurelog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/flock"
)

const (
	extension = ".arrow"
	partial   = ".partial" // of a file that has not got its first record yet
	lockName  = ".lock"
	stamp     = "20060102T150405Z"
)

// ErrLocked means that another process, or another Log of this one, has the folder open.
var ErrLocked = errors.New("another process logs to this folder")

// fileName is "<time of the latest record when the file was started>-<number>.arrow".
func fileName(at datasets.Instant, number int) string {
	return fmt.Sprintf("%s-%06d%s", at.Time().Format(stamp), number, extension)
}

// named is a file of a log.
type named struct {
	path   string
	day    int // of the latest record when the file was started
	number int // 1, 2, ... in the order in which the files were started
}

func parseName(path string) (n named, ok bool) {
	base, ok := strings.CutSuffix(filepath.Base(path), extension)
	at, number, cut := strings.Cut(base, "-")
	started, errTime := time.Parse(stamp, at)
	n = named{path: path, day: dayOf(datasets.InstantOf(started))}
	var errNumber error
	n.number, errNumber = strconv.Atoi(number)
	return n, ok && cut && errTime == nil && errNumber == nil && n.number > 0
}

// enter makes the folder and locks it.
func enter(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	free, err := flock.Take(f)
	if err == nil && !free {
		err = fmt.Errorf("%s: %w", dir, ErrLocked)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// list gives the files of the log in the order of their numbers, and removes what a crash left of one that was being started.
func list(dir string) ([]named, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []named
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if whole, ok := strings.CutSuffix(path, partial); ok {
			if _, ours := parseName(whole); ours {
				err = errors.Join(err, os.Remove(path))
			}
		} else if n, ok := parseName(path); ok && !e.IsDir() {
			files = append(files, n)
		}
	}
	sortByNumber(files)
	return files, err
}
