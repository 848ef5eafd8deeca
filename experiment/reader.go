package experiment

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// reader reads one definition and collects everything that is wrong with it.
type reader struct {
	file     string
	source   string
	starts   []int // offsets of the lines of source
	problems Problems
	untold   int // problems beyond the most that are told
}

// report adds a problem at a place, or at the end of its line where the place lies beyond.
func (r *reader) report(at place, message, suggestion string) {
	if r.full() {
		r.untold++
		return
	}
	line := r.line(at.line)
	if at.line > 0 {
		at.column = min(max(at.column, 1), utf8.RuneCountInString(line)+1)
	}
	r.problems = append(r.problems, Problem{
		File: r.file, Line: at.line, Column: at.column, Excerpt: line, Message: shortened(message), Suggestion: shortened(suggestion),
	})
}

// full reports whether so much is wrong that the rest is only counted.
func (r *reader) full() bool { return len(r.problems) >= mostProblems }

// told is what is wrong, in the order of the file.
func (r *reader) told() Problems {
	told := r.problems.Sorted()
	if r.untold > 0 {
		told = append(told, Problem{File: r.file, Message: fmt.Sprintf("and %d more: correct these first", r.untold)})
	}
	return told
}

// shortened cuts a message that repeats a very long text of the file.
func shortened(message string) string {
	const longest = 2000
	if len(message) <= longest {
		return message
	}
	return strings.ToValidUTF8(message[:longest], "") + "…"
}

// fail adds a problem at a node.
func (r *reader) fail(n *node, format string, args ...any) {
	r.report(n.at, fmt.Sprintf(format, args...), "")
}

// suggest adds a problem at a node, and what to do about it.
func (r *reader) suggest(n *node, suggestion, format string, args ...any) {
	r.report(n.at, fmt.Sprintf(format, args...), suggestion)
}

// line is a line of the source, empty for line 0.
func (r *reader) line(number int) string {
	if number < 1 {
		return ""
	}
	line, _, _ := strings.Cut(r.from(place{line: number, column: 1}), "\n")
	return line
}

// from is the source from a place on.
func (r *reader) from(at place) string {
	if r.starts == nil {
		r.starts = lineStarts(r.source)
	}
	if at.line < 1 || at.line > len(r.starts) {
		return ""
	}
	rest := r.source[r.starts[at.line-1]:]
	for column := 1; column < at.column && rest != ""; column++ {
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	return rest
}

func lineStarts(source string) []int {
	starts := []int{0}
	for i := range len(source) {
		if source[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// read gives the node the meaning that the shape finds in it.
func (r *reader) read(s shape, n *node) {
	switch n.kind {
	case tagKind:
		r.foreign(s, n, "YAML tags are not part of this format")
	case aliasKind:
		r.foreign(s, n, "YAML anchors and aliases are not part of this format: write the value out")
	default:
		n.value = s.read(r, n)
	}
}

func (r *reader) foreign(s shape, n *node, message string) {
	if _, ok := s.(conditionShape); ok && n.kind == tagKind {
		r.suggest(n, r.quoteHint(n.label(), n.at), "YAML takes the ! of this condition for a tag")
		return
	}
	if n.kind == tagKind {
		message = fmt.Sprintf("%s: %s", message, n.text)
	}
	r.fail(n, "%s", message)
}

// get is the meaning of a key: not ok when the key is absent or wrong.
func get[T any](n *node, key string) (T, bool) {
	c := n.child(key)
	if c == nil {
		var zero T
		return zero, false
	}
	v, ok := c.value.(T)
	return v, ok
}

// or is the meaning of a key, or the default.
func or[T any](n *node, key string, otherwise T) T {
	if v, ok := get[T](n, key); ok {
		return v
	}
	return otherwise
}

// texts is the meaning of a key that holds a list of texts.
func texts(n *node, key string) []string {
	var out []string
	for _, v := range or[[]any](n, key, nil) {
		out = append(out, v.(string))
	}
	return out
}
