package wrap

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"liftgate/experiment/result"
)

// Width is the columns that a report takes when so many are asked for: 0 means 100, and fewer than 40 are 40.
func Width(asked int) int {
	if asked == 0 {
		return 100
	}
	return max(asked, 40)
}

// Text breaks text into lines of at most width columns, between words where it can; no text is one empty line.
func Text(s string, width int) []string {
	return Items(strings.Fields(result.Printable(s)), width, " ")
}

// Paragraph is text on lines of at most width columns, each with its end: the first begins with the mark, the others with as many spaces. It
// is empty for no text.
func Paragraph(mark, s string, width int) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	size := text.StringWidthWithoutEscSequences(mark)
	indent := strings.Repeat(" ", size)
	return mark + strings.Join(Text(s, width-size), "\n"+indent) + "\n"
}

// Items puts items on lines of at most width columns with a separator between them; an item that is too long is split.
func Items(items []string, width int, separator string) []string {
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
