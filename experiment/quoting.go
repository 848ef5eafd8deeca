package experiment

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// unquoted is a condition that stands in YAML without quotes.
type unquoted struct {
	key, text string
	at        place
	offset    int // of text in the source
}

// conditionKey finds the keys whose values are CEL, on one line.
var conditionKey = regexp.MustCompile(`\b(where|unless|eligible|column):[ \t]+`)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// longestCondition is how far the end of an unquoted condition is looked for, in bytes.
const longestCondition = 2000

// unquotedConditions lists the conditions on a line of the source that quotes could make a difference to, the last first.
func (r *reader) unquotedConditions(number int) []unquoted {
	if number < 1 {
		return nil
	}
	rest := r.from(place{line: number, column: 1})
	line, _, _ := strings.Cut(rest, "\n")
	offset := len(r.source) - len(rest)
	var out []unquoted
	at, seen := place{line: number, column: 1}, 0
	for _, m := range conditionKey.FindAllStringSubmatchIndex(line, -1) {
		at.column += utf8.RuneCountInString(line[seen:m[1]])
		seen = m[1]
		within := strings.ToValidUTF8(line[seen:min(seen+longestCondition, len(line))], "")
		c := unquoted{key: line[m[2]:m[3]], text: conditionExtent(within), offset: offset + seen, at: at}
		if c.mangled() {
			out = append(out, c)
		}
	}
	slices.Reverse(out)
	return out
}

// mangled reports whether the condition is more than a name, and not quoted as a whole.
func (c unquoted) mangled() bool {
	s := c.text
	isQuoted := len(s) > 1 && (s[0] == '\'' || s[0] == '"') && closing(s) == len(s)-1
	return s != "" && !isQuoted && !identifier.MatchString(s)
}

// closing is the index of the quote that ends the one at the start of s, -1 without one. Inside single quotes two stand for one.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] == '"':
			i++
		case s[i] == s[0] && s[0] == '\'' && strings.HasPrefix(s[i+1:], "'"):
			i++
		case s[i] == s[0]:
			return i
		}
	}
	return -1
}

func (c unquoted) hint() string {
	return "quote the condition: " + c.key + ": '" + strings.ReplaceAll(c.text, "'", "''") + "'"
}

// masked is the source with a quoted text as wide as the condition in its place, so that all other places stay.
func (c unquoted) masked(source string) string {
	width := max(utf8.RuneCountInString(c.text)-2, 1)
	return source[:c.offset] + "'" + strings.Repeat("x", width) + "'" + source[c.offset+len(c.text):]
}

// quoteHint says how to write the condition at a place with quotes, or nothing when quotes would not change it.
func (r *reader) quoteHint(key string, at place) string {
	if r.full() {
		return ""
	}
	line, _, _ := strings.Cut(r.from(at), "\n")
	c := unquoted{key: key, text: conditionExtent(line)}
	if !c.mangled() {
		return ""
	}
	return c.hint()
}

// conditionExtent is the longest start of the line that can be CEL: up to a comma or closing bracket of YAML's own, or a comment.
func conditionExtent(line string) string {
	depth, quote := 0, byte(0)
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case depth == 0 && (c == ',' || c == ']' || c == '}'), c == '#' && i > 0 && line[i-1] == ' ':
			return strings.TrimSpace(line[:i])
		case c == ')' || c == ']' || c == '}':
			depth--
		}
	}
	return strings.TrimSpace(line)
}
