package experiment

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// conditionKey finds the keys whose values are CEL, on one line.
var conditionKey = regexp.MustCompile(`\b(where|unless|eligible|column):[ \t]+`)

// unquotedCondition looks for an unquoted condition that may have caused a YAML mistake: on its line, before it if possible.
// It returns where the condition starts, and what to write instead.
func (r *reader) unquotedCondition(mistake place) (place, string) {
	line := r.line(mistake.line)
	var at place
	var hint string
	for _, m := range conditionKey.FindAllStringSubmatchIndex(line, -1) {
		start := place{line: mistake.line, column: utf8.RuneCountInString(line[:m[1]]) + 1}
		if hint != "" && start.column > mistake.column {
			break
		}
		if h := r.quoteHint(line[m[2]:m[3]], start); h != "" {
			at, hint = start, h
		}
	}
	return at, hint
}

// quoteHint says how to write the condition that starts at a place with quotes, or nothing when quotes would not change it.
func (r *reader) quoteHint(key string, at place) string {
	line, _, _ := strings.Cut(r.from(at), "\n")
	condition := conditionExtent(strings.TrimRight(line, "\r"))
	if condition == "" || quoted(condition) {
		return ""
	}
	if identifier.MatchString(condition) {
		return ""
	}
	return "quote the condition: " + key + ": '" + strings.ReplaceAll(condition, "'", "''") + "'"
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// quoted reports whether all of s is one quoted text.
func quoted(s string) bool {
	return len(s) > 1 && (s[0] == '\'' || s[0] == '"') && strings.IndexByte(s[1:], s[0]) == len(s)-2
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
