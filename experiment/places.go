package experiment

import (
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// place is a position in the definition's file: line and character, from 1.
type place struct{ line, column int }

// places finds the node of a path such as "metrics[3].value.where".
type places map[string]*node

func placesOf(root *node) places {
	ps := places{}
	var visit func(n *node)
	visit = func(n *node) {
		if n == nil {
			return
		}
		ps[n.path] = n
		for _, f := range n.fields {
			visit(f.value)
		}
		for _, item := range n.items {
			visit(item)
		}
	}
	visit(root)
	return ps
}

// find gives the node of the path, or of the closest parent that the file has; exact says which. What the catalogue fills in
// for a metric is found at the metric's use.
func (ps places) find(path string) (n *node, exact bool) {
	for p, exact := path, true; ; exact = false {
		if n := ps[p]; n != nil {
			if use := n.child("use"); use != nil && !exact {
				return use, false
			}
			return n, exact
		}
		if p == "" {
			return nil, false
		}
		p = p[:max(strings.LastIndexAny(p, ".["), 0)]
	}
}

// ProblemAt makes a problem at a path of the definition, offset bytes into its scalar (for a mistake inside a condition).
// A path that the file does not have, such as one filled in from the catalogue, stands for its closest parent that it has.
func (d *Definition) ProblemAt(path string, offset int, message string) Problem {
	r := newReader(d.File, d.Source)
	n, exact := d.places.find(path)
	switch {
	case n == nil:
		r.report(place{}, message, "")
	case exact:
		r.report(r.inside(n, offset), message, "")
	default:
		r.report(n.at, message, "")
	}
	return r.problems[0]
}

// inside is the place of a byte of a scalar's text. It walks the text and the source side by side, because quotes, escapes
// and line breaks make them differ.
func (r *reader) inside(n *node, offset int) place {
	if n.kind != scalarKind || n.lent {
		return n.at
	}
	w := walker{at: n.at, rest: r.from(n.at), style: n.style}
	w.open()
	for text := n.text[:min(max(offset, 0), len(n.text))]; text != ""; {
		c, size := utf8.DecodeRuneInString(text)
		w.next(c)
		text = text[size:]
	}
	if w.rest == "" {
		return n.at
	}
	return w.at
}

// walker steps through the source of a scalar.
type walker struct {
	at     place
	rest   string
	style  token.Type
	indent int // of a literal block: what is more belongs to the text
}

// open skips what stands before the text: a quote, or the header line of a block.
func (w *walker) open() {
	switch w.style {
	case token.SingleQuoteType, token.DoubleQuoteType:
		w.skip(1)
	case token.LiteralType, token.FoldedType:
		for w.rest != "" && w.rest[0] != '\n' {
			w.skip(1)
		}
		w.indent = blockIndent(w.rest)
		w.breakLine()
	}
}

// blockIndent is the indentation of the first line that is not blank.
func blockIndent(source string) int {
	for line := range strings.Lines(source) {
		if text := strings.TrimLeft(line, " "); strings.TrimSpace(text) != "" {
			return len(line) - len(text)
		}
	}
	return 0
}

// next steps over the source of one character of the text.
func (w *walker) next(c rune) {
	if w.style == token.DoubleQuoteType && strings.HasPrefix(w.rest, "\\\n") { // a line break that the text does not have
		w.skip(1)
		w.breakLine()
	}
	switch {
	case w.rest == "":
	case w.style == token.DoubleQuoteType && w.rest[0] == '\\':
		w.skip(escapeLength(w.rest))
	case w.style == token.SingleQuoteType && strings.HasPrefix(w.rest, "''"):
		w.skip(2)
	case w.breaks(c):
		w.breakLine()
	default:
		w.skip(1)
	}
}

// breaks reports whether a character of the text stands for the end of a line.
func (w *walker) breaks(c rune) bool {
	if w.style == token.LiteralType {
		return c == '\n'
	}
	return (c == ' ' || c == '\n') && strings.HasPrefix(strings.TrimLeft(w.rest, " \t"), "\n")
}

// breakLine goes on to the next line of the text. All styles but literal blocks fold indentation and blank lines.
func (w *walker) breakLine() {
	if w.style == token.LiteralType {
		w.skip(1)
		for i := 0; i < w.indent && strings.HasPrefix(w.rest, " "); i++ {
			w.skip(1)
		}
		return
	}
	for w.rest != "" && strings.ContainsRune(" \t\n", rune(w.rest[0])) {
		w.skip(1)
	}
}

func (w *walker) skip(characters int) {
	for ; characters > 0 && w.rest != ""; characters-- {
		c, size := utf8.DecodeRuneInString(w.rest)
		w.rest = w.rest[size:]
		w.at.column++
		if c == '\n' {
			w.at = place{line: w.at.line + 1, column: 1}
		}
	}
}

func escapeLength(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case 'x':
		return 4
	case 'u':
		return 6
	case 'U':
		return 10
	default:
		return 2
	}
}
