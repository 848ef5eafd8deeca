package report

import "strings"

// painter adds ANSI styles when true. Whether a terminal wants them is for the caller to know.
type painter bool

// style is the parameter of an ANSI escape sequence; empty is none.
type style string

const (
	plainStyle style = ""
	bold       style = "1"
	dim        style = "2"
)

// toneStyles are the colours of the terminal: only good is green.
var toneStyles = map[tone]style{good: "32", bad: "31", open: "33", neutral: ""}

func toneStyle(t tone) style { return toneStyles[t] }

// banner is a tone in bold.
func banner(t tone) style {
	if s := toneStyles[t]; s != "" {
		return bold + ";" + s
	}
	return bold
}

func (p painter) as(s style, text string) string {
	if !p || s == "" || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// lines paints each line on its own, so that a table can put other cells between them.
func (p painter) lines(s style, lines []string) string {
	painted := make([]string, len(lines))
	for i, l := range lines {
		painted[i] = p.as(s, l)
	}
	return strings.Join(painted, "\n")
}
