package columnar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

var errNotUTF8 = errors.New("the text is not UTF-8")

// parseCells reads cells as their use asks for; an empty cell is null. On a mistake it tells the row.
func parseCells(cells []string, as use, zone *time.Location) (c *column, bad int, err error) {
	c = &column{valid: make([]bool, len(cells))}
	parse := parser(c, as, len(cells), zone)
	for i, s := range cells {
		if s == "" {
			continue
		}
		if !utf8.ValidString(s) {
			return nil, i, errNotUTF8
		}
		if err := parse(i, s); err != nil {
			return nil, i, err
		}
		c.valid[i] = true
	}
	if c.kind == text {
		c.texts = cells
	}
	return c, 0, nil
}

// parser prepares a column for n cells and gives the function that sets one.
func parser(c *column, as use, n int, zone *time.Location) func(i int, s string) error {
	switch as {
	case asNumber:
		c.kind, c.ints, c.floats, c.exact = number, make([]int64, n), make([]float64, n), make([]bool, n)
		return c.parseNumber
	case asInstant:
		c.kind, c.ints = instant, make([]int64, n)
		return func(i int, s string) (err error) {
			c.ints[i], err = parseInstant(strings.TrimSpace(s), zone)
			return err
		}
	case asBoolean:
		c.kind, c.ints = boolean, make([]int64, n)
		return func(i int, s string) (err error) {
			c.ints[i], err = parseBool(strings.TrimSpace(s))
			return err
		}
	default:
		c.kind = text
		return func(int, string) error { return nil }
	}
}

func (c *column) parseNumber(i int, s string) error {
	s = strings.TrimSpace(s)
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		c.ints[i], c.exact[i] = v, true
		return nil
	}
	if v, err := parseBool(s); err == nil {
		c.ints[i], c.exact[i] = v, true
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("%q is not a number", s)
	}
	c.floats[i] = v // beyond the range of floats: infinite
	return nil
}

func parseBool(s string) (int64, error) {
	switch {
	case strings.EqualFold(s, "true"):
		return 1, nil
	case strings.EqualFold(s, "false"):
		return 0, nil
	}
	return 0, fmt.Errorf("%q is neither true nor false", s)
}

// instantLayouts are the ISO forms that are read besides the usual one; fractions of a second are taken by time.Parse itself.
var instantLayouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15:04Z07:00", "2006-01-02", "20060102T150405Z0700", "20060102T150405",
}

// parseInstant reads an ISO time in microseconds since 1970, rounding down. Without a zone it is in the given one.
func parseInstant(s string, zone *time.Location) (int64, error) {
	if zone == nil {
		zone = time.UTC
	}
	iso := strings.TrimSuffix(s, " UTC")
	if len(iso) < len(s) {
		iso += "Z"
	}
	if len(iso) > 10 && iso[10] == ' ' {
		iso = iso[:10] + "T" + strings.TrimLeft(iso[11:], " ")
	}
	iso = strings.Replace(iso, " ", "", 1) // before a zone
	for _, layout := range instantLayouts {
		if t, err := time.ParseInLocation(layout, iso, zone); err == nil {
			return t.UnixMicro(), nil
		}
	}
	return 0, fmt.Errorf("%q is not a time: write it as 2026-10-01 or 2026-10-01T12:00:00Z", s)
}
