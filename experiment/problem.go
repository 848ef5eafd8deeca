package experiment

import (
	"fmt"
	"strings"
)

// Problem is something wrong in a definition, at a place in its file.
type Problem struct {
	File         string
	Line, Column int    // from 1; 0 when the place is the whole file
	Excerpt      string // the line of the file
	Message      string
	Suggestion   string // what to write instead, or empty
}

// String prints the problem with an excerpt and a caret below its place.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line == 0 {
		fmt.Fprintf(&b, "%s: %s", p.File, p.Message)
	} else {
		fmt.Fprintf(&b, "%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	}
	if p.Excerpt != "" {
		fmt.Fprintf(&b, "\n  %s\n  %s^", p.Excerpt, strings.Repeat(" ", max(p.Column-1, 0)))
	}
	if p.Suggestion != "" {
		fmt.Fprintf(&b, "\n  %s", p.Suggestion)
	}
	return b.String()
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
