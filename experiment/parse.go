package experiment

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits on what is read at all: no person writes more, and YAML could be made to take all time and memory.
const (
	largestFile    = 256 << 10 // bytes
	longestFile    = 10_000    // lines
	deepestNesting = 200
	mostProblems   = 200 // that are told
)

// Parse reads a definition. Its error is Problems: everything that is wrong, in the order of the file. The file's name is only
// used in messages.
func Parse(file string, source []byte) (*Definition, error) {
	r := newReader(file, source)
	d := &Definition{File: file, Source: source}
	if r.readable(source) {
		if root := r.document(); root != nil {
			d.places = placesOf(root)
			r.useCatalogue(root)
			if r.read(definitionForm, root); root.value != nil {
				b := builder{reader: r, d: d}
				b.definition(root)
			}
		}
	}
	if len(r.problems) > 0 {
		return nil, r.told()
	}
	return d, nil
}

// lineBreaks makes every line end alike; the YAML parser miscounts lines that end in \r\n.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func newReader(file string, source []byte) *reader {
	return &reader{file: file, source: lineBreaks.Replace(strings.TrimPrefix(string(source), "\ufeff"))}
}

// readable reports whether the source is text of a sensible size.
func (r *reader) readable(source []byte) bool {
	if len(source) > largestFile {
		r.report(place{}, fmt.Sprintf("the file has %d bytes, a definition at most %d", len(source), largestFile), "")
		return false
	}
	if n := strings.Count(r.source, "\n"); n > longestFile {
		r.report(place{}, fmt.Sprintf("the file has %d lines, a definition at most %d", n, longestFile), "")
		return false
	}
	at := place{line: 1, column: 1}
	for rest := r.source; rest != ""; {
		c, size := utf8.DecodeRuneInString(rest)
		if c == utf8.RuneError && size == 1 {
			r.report(at, "this is not UTF-8 text", "save the file as UTF-8")
			return false
		}
		if at.column++; c == '\n' {
			at = place{line: at.line + 1, column: 1}
		}
		rest = rest[size:]
	}
	return !r.tooDeep()
}

var manyDashes = regexp.MustCompile(fmt.Sprintf(`(?m)^[ \t]*([-?:][ \t]+){%d}`, deepestNesting))

// tooDeep looks for nesting that no definition needs. It counts brackets wherever they stand.
func (r *reader) tooDeep() bool {
	depth, deepest := 0, 0
	for _, c := range r.source {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		}
		deepest = max(deepest, depth)
	}
	if deepest > deepestNesting || manyDashes.MatchString(r.source) {
		r.report(place{}, "its groups and lists are nested too deeply for a definition", "")
		return true
	}
	return false
}
