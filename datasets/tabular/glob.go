package tabular

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"liftgate/datasets"
)

// Files lists the files of a table, joined with its Dir: patterns in the order of the definition, the matches of each sorted bytewise, each
// file once. It fails with *datasets.NoFilesError.
func Files(t *datasets.Table) ([]string, error) {
	var files []string
	seen := map[string]bool{}
	for i, pattern := range t.Files {
		matches, reason := match(t.Dir, pattern)
		if reason != "" {
			return nil, &datasets.NoFilesError{Table: t.Name, Pattern: pattern, Index: i, Reason: reason}
		}
		for _, m := range matches {
			if !seen[identity(m)] {
				seen[identity(m)] = true
				files = append(files, m)
			}
		}
	}
	if len(files) == 0 {
		return nil, &datasets.NoFilesError{Table: t.Name, Reason: "the table lists no files"}
	}
	return files, nil
}

// identity is the same for two spellings of one file's path.
func identity(name string) string {
	if abs, err := filepath.Abs(name); err == nil {
		name = abs
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	return name
}

// match gives the files of one pattern, or the reason why there are none.
func match(dir, pattern string) (files []string, reason string) {
	if strings.Contains(pattern, "://") {
		return nil, "object-store URLs are not supported yet"
	}
	whole := filepath.ToSlash(pattern)
	if !path.IsAbs(whole) {
		if info, err := os.Stat(filepath.Join(dir, pattern)); err == nil && !info.IsDir() {
			return []string{filepath.Join(dir, pattern)}, ""
		}
	} else {
		dir = ""
	}
	if !strings.ContainsAny(whole, `*?[\`) {
		return matchOne(filepath.Join(dir, pattern))
	}
	if _, err := path.Match(strings.ReplaceAll(whole, "**", "*"), ""); err != nil {
		return nil, "the pattern is malformed"
	}
	w := walker{seen: map[string]bool{}}
	w.walk(rootOf(dir, whole), strings.Split(strings.TrimPrefix(path.Clean(whole), "/"), "/"))
	slices.Sort(w.files)
	if len(w.files) == 0 {
		reason = "nothing matches"
		if w.err != nil {
			reason = w.err.Error()
		}
	}
	return w.files, reason
}

func matchOne(name string) ([]string, string) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "there is no such file"
	case err != nil:
		return nil, err.Error()
	case info.IsDir():
		return nil, "it is a folder: write " + path.Join(filepath.ToSlash(name), "*.parquet") + " for the files in it"
	}
	return []string{name}, ""
}

func rootOf(dir, pattern string) string {
	if path.IsAbs(pattern) {
		return "/"
	}
	return dir
}

// walker collects the files below a folder whose path matches a pattern, segment by segment.
type walker struct {
	files []string
	seen  map[string]bool
	err   error
}

func (w *walker) walk(dir string, segments []string) {
	head, rest := segments[0], segments[1:]
	if !strings.ContainsAny(head, `*?[\`) {
		w.step(filepath.Join(dir, head), rest)
		return
	}
	if head == "**" && len(rest) > 0 {
		w.walk(dir, rest)
	}
	entries, err := os.ReadDir(listed(dir))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && w.err == nil {
			w.err = err
		}
		return
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if head == "**" {
			if e.IsDir() {
				w.walk(name, segments)
			} else if len(rest) == 0 {
				w.add(name)
			}
		} else if ok, _ := path.Match(head, e.Name()); ok {
			w.step(name, rest)
		}
	}
}

// step goes on below a name that matched a segment.
func (w *walker) step(name string, rest []string) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
	case len(rest) == 0 && !info.IsDir():
		w.add(name)
	case len(rest) > 0 && info.IsDir():
		w.walk(name, rest)
	}
}

func (w *walker) add(name string) {
	if !w.seen[name] {
		w.seen[name] = true
		w.files = append(w.files, name)
	}
}

func listed(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}
