package experiment

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // timezones must not depend on the machine

	"liftgate/datasets"
)

var spanPattern = regexp.MustCompile(`^(-?\d+(?:\.\d+)?)(d|h|m|s)$`)

var spanUnits = map[string]datasets.Span{"d": datasets.Day, "h": datasets.Hour, "m": datasets.Hour / 60, "s": datasets.Hour / 3600}

const longestSpan = 36500 * datasets.Day

// span reads a length of time such as 14d, 36h or -14d.
func span(text string) (any, error) {
	m := spanPattern.FindStringSubmatch(text)
	if m == nil {
		if numberPattern.MatchString(text) {
			return nil, fmt.Errorf("did you mean %sd?", text)
		}
		return nil, errShape
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return nil, errShape
	}
	length := v * float64(spanUnits[m[2]])
	switch {
	case length > float64(longestSpan) || length < -float64(longestSpan):
		return nil, errors.New("it is longer than 100 years")
	case length != float64(datasets.Span(length)):
		return nil, errors.New("it is not a whole number of microseconds")
	}
	return datasets.Span(length), nil
}

var spanShape = scalar{
	what:  "a length of time such as 14d or 36h",
	json:  jsonSchema{"type": "string", "pattern": `^-?\d+(\.\d+)?[dhms]$`},
	parse: span,
}

// spanText prints a span as it is written in a definition.
func spanText(s datasets.Span) string {
	for _, unit := range []string{"d", "h", "m"} {
		if s%spanUnits[unit] == 0 {
			return fmt.Sprintf("%d%s", s/spanUnits[unit], unit)
		}
	}
	return strconv.FormatFloat(float64(s)/float64(spanUnits["s"]), 'f', -1, 64) + "s"
}

// windowShape is [from, to), relative to exposure.
type windowShape struct{}

func (windowShape) read(r *reader, n *node) any {
	if n.kind != listKind || len(n.items) != 2 {
		r.fail(n, "%s must be a start and an end relative to exposure, such as [0d, 14d], not %s", n.label(), n.describe())
		return nil
	}
	var w [2]datasets.Span
	right := true
	for i, item := range n.items {
		r.read(spanShape, item)
		v, ok := item.value.(datasets.Span)
		w[i], right = v, right && ok
	}
	if !right {
		return nil
	}
	if w[0] >= w[1] {
		r.fail(n, "%s must start before it ends: [%s, %s) holds no time", n.label(), spanText(w[0]), spanText(w[1]))
		return nil
	}
	return w
}

func (windowShape) schema(defs jsonSchema) jsonSchema {
	return jsonSchema{"type": "array", "items": spanShape.schema(defs), "minItems": 2, "maxItems": 2}
}

// moment is a date or time as written. A date, or a time without a zone, waits for the schedule's timezone.
type moment struct {
	text   string
	layout string
}

var momentLayouts = []string{time.DateOnly, time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}

var momentShape = scalar{
	what: "a date such as 2026-10-01 or a time such as 2026-10-01T08:00:00Z",
	json: jsonSchema{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[-+]\d{2}:\d{2})?)?$`},
	parse: func(text string) (any, error) {
		for _, layout := range momentLayouts {
			if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1678 && t.Year() < 2262 {
				return moment{text, layout}, nil
			}
		}
		return nil, errShape
	},
}

// instant settles a moment in a timezone: a date is its midnight.
func (m moment) instant(loc *time.Location) (datasets.Instant, error) {
	t, err := time.ParseInLocation(m.layout, m.text, loc)
	return datasets.InstantOf(t), err
}

// ParseInstant reads a date (its midnight in the timezone) or a time, as a definition's schedule and --as-of write them.
func ParseInstant(text string, loc *time.Location) (datasets.Instant, error) {
	v, err := momentShape.parse(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not %s", text, momentShape.what)
	}
	return v.(moment).instant(loc)
}

var zoneShape = scalar{
	what: "an IANA timezone such as UTC or Europe/Berlin",
	json: jsonSchema{"type": "string", "minLength": 1},
	parse: func(text string) (any, error) {
		if text == "" || strings.EqualFold(text, "local") {
			return nil, errors.New("the machine's own timezone would give other results elsewhere")
		}
		loc, err := time.LoadLocation(text)
		if err != nil {
			return nil, errShape
		}
		return loc, nil
	},
}
