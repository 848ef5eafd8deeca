package report

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"liftgate/experiment/result"
)

// wrap breaks text into lines of at most width columns, between words where it can. Widths are those on a terminal.
func wrap(s string, width int) []string {
	return wrapItems(strings.Fields(result.Printable(s)), width, " ")
}

// wrapItems puts items on lines of at most width columns with a separator between them; an item that is too long is split.
func wrapItems(items []string, width int, separator string) []string {
	lines, used := []string{""}, 0
	for _, item := range items {
		for _, piece := range split(result.Printable(item), width) {
			size := text.StringWidthWithoutEscSequences(piece)
			last := len(lines) - 1
			switch {
			case lines[last] == "":
				lines[last], used = piece, size
			case used+len(separator)+size <= width:
				lines[last] += separator + piece
				used += len(separator) + size
			default:
				lines, used = append(lines, piece), size
			}
		}
	}
	return lines
}

// split cuts a word into pieces of at most width columns, after a joint of the word where there is one.
func split(word string, width int) []string {
	var pieces []string
	start, used := 0, 0
	for i, r := range word {
		size := text.RuneWidth(r)
		for used+size > width && i > start {
			cut := i
			if joint := strings.LastIndexAny(word[start:i], "_-/."); joint >= 0 {
				cut = start + joint + 1
			}
			pieces = append(pieces, word[start:cut])
			start, used = cut, text.StringWidthWithoutEscSequences(word[cut:i])
		}
		used += size
	}
	return append(pieces, word[start:])
}
