package result

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// IsShare reports whether a metric's values are shares of something, so that its differences are percentage points. A ratio may be
// anything, so its values tell.
func (m *Metric) IsShare() bool {
	switch m.Type {
	case "proportion", "delayed":
		return true
	case "ratio":
		for _, v := range m.Variants {
			if v.Value != nil && math.Abs(*v.Value) > 1 {
				return false
			}
		}
		return true
	}
	return false
}

// BelowZero reports whether the control's level is negative, so that a positive lift means farther below zero. It goes by the
// comparison's own numbers: the difference is the lift times that level.
func (c *Comparison) BelowZero() bool {
	d, l := c.Difference, c.Lift
	return d != nil && l != nil && d.Estimate != nil && l.Estimate != nil && *d.Estimate**l.Estimate < 0
}

// Moment writes a time of the result, RFC 3339, for people: its date at midnight UTC, else with the time of day.
func Moment(rfc3339 string) string {
	t, err := time.Parse(time.RFC3339Nano, rfc3339)
	if err != nil {
		return rfc3339
	}
	if t = t.UTC(); t.Truncate(24 * time.Hour).Equal(t) {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04 UTC")
}

// Count writes a whole number for people: 12,345.
func Count(n int64) string { return Grouped(strconv.FormatInt(n, 10)) }

// Grouped puts a comma between every three digits of a decimal number's whole part.
func Grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	whole, fraction, dot := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + fraction
	}
	return sign + whole
}

// EscapeMarkdown keeps text from being read as Markdown.
func EscapeMarkdown(s string) string {
	return strings.NewReplacer(`\`, `\\`, `|`, `\|`, `_`, `\_`, `*`, `\*`, `<`, `&lt;`, "`", "\\`", "[", `\[`).Replace(s)
}

// Printable replaces control characters, which could move a terminal's cursor or break a table, by spaces.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
}
