package experiment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is something wrong in a definition, at a place in its file.
type Problem struct {
	File         string
	Line, Column int    // from 1, in characters; 0 when the place is the whole file
	Excerpt      string // the line of the file
	Message      string
	Suggestion   string // what to write instead, or empty
}

// excerptWidth is how many characters of a long line an excerpt shows.
const excerptWidth = 110

// String prints the problem with an excerpt and a caret below its place.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line == 0 {
		fmt.Fprintf(&b, "%s: %s", p.File, p.Message)
	} else {
		fmt.Fprintf(&b, "%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	}
	if strings.TrimSpace(p.Excerpt) != "" {
		line, caret := p.excerpt()
		fmt.Fprintf(&b, "\n  %s\n  %s^", line, strings.Repeat(" ", caret))
	}
	if p.Suggestion != "" {
		fmt.Fprintf(&b, "\n  %s", p.Suggestion)
	}
	return b.String()
}

// excerpt is the line without its indentation, cut to the surroundings of the place when long, and how far in the place is.
func (p Problem) excerpt() (line string, caret int) {
	surroundings, skipped := p.surroundings()
	text := []rune(strings.ReplaceAll(surroundings, "\t", " "))
	caret = min(max(p.Column-1-skipped, 0), len(text))
	indent := len(text) - len([]rune(strings.TrimLeft(string(text), " ")))
	cut := min(indent, caret)
	text, caret = text[cut:], caret-cut
	if len(text) <= excerptWidth {
		return string(text), caret
	}
	var before, after string
	if start := caret - excerptWidth/2; start > 0 {
		before, text, caret = "…", text[start:], caret-start+1
	}
	if len(text) > excerptWidth {
		text, after = text[:excerptWidth], "…"
	}
	return before + string(text) + after, caret
}

// surroundings is enough of the line for any excerpt, and how many characters stand before it.
func (p Problem) surroundings() (part string, skipped int) {
	const enough = 4 * excerptWidth // characters, on each side
	start, end, column := 0, len(p.Excerpt), 0
	for offset := range p.Excerpt {
		if column++; column == p.Column-enough {
			start, skipped = offset, column-1
		}
		if column == p.Column+enough {
			end = offset
			break
		}
	}
	return p.Excerpt[start:end], skipped
}

// Problems is everything wrong in a definition, in the order of the file. It is the error of Parse.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Sorted puts the problems into the order of the file, each once.
func (ps Problems) Sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	seen := map[Problem]bool{}
	return slices.DeleteFunc(ps, func(p Problem) bool {
		again := seen[p]
		seen[p] = true
		return again
	})
}
