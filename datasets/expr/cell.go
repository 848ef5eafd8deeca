package expr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseCell reads a cell of a format without types, such as CSV, as the type that its use asks for: an empty cell is null, a
// boolean is true or false in any case, and a number too may be written so. A time without a zone is in the given one, UTC when
// nil.
func ParseCell(cell string, as Type, zone *time.Location) (Value, error) {
	if cell == "" {
		return Value{}, nil
	}
	switch as {
	case Number:
		return parseNumber(strings.TrimSpace(cell))
	case Bool:
		if b, ok := parseBool(strings.TrimSpace(cell)); ok {
			return BoolValue(b), nil
		}
		return Value{}, fmt.Errorf("%q is neither true nor false", cell)
	case Time:
		us, err := parseTime(strings.TrimSpace(cell), zone)
		return TimeValue(us), err
	default:
		return TextValue(cell), nil
	}
}

func parseNumber(s string) (Value, error) {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return IntValue(i), nil
	}
	if b, ok := parseBool(s); ok {
		return IntValue(int64(boolInt(b))), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return Value{}, fmt.Errorf("%q is not a number", s)
	}
	return FloatValue(f), nil // beyond the range of floats: infinite
}

func parseBool(s string) (b, ok bool) {
	return strings.EqualFold(s, "true"), strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
}

// cellLayouts are the ISO forms that are read; fractions of a second are taken by time.Parse itself.
var cellLayouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15:04Z07:00", "2006-01-02", "20060102T150405Z0700", "20060102T150405",
}

// parseTime reads an ISO time in microseconds since 1970, rounding down.
func parseTime(s string, zone *time.Location) (int64, error) {
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
	for _, layout := range cellLayouts {
		if t, err := time.ParseInLocation(layout, iso, zone); err == nil {
			return t.UnixMicro(), nil
		}
	}
	return 0, fmt.Errorf("%q is not a time: write it as 2026-10-01 or 2026-10-01T12:00:00Z", s)
}
