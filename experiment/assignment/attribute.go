package assignment

import (
	"math"
	"strconv"
	"time"

	"liftgate/datasets/expr"
)

// Read turns an attribute into the type that a condition reads it as. Callers often have texts only (an option of the command
// line, a cell of a CSV file), or a number where the condition compares texts; what has no such reading is null.
func Read(v expr.Value, want expr.Type) expr.Value {
	switch {
	case v.Null(), want == expr.Untyped, v.Type == want:
		return v
	case v.Type == expr.Text:
		return readText(v.Text, want)
	case want == expr.Text && v.Type != expr.Time:
		return expr.TextValue(v.String())
	}
	return expr.Value{}
}

func readText(s string, want expr.Type) expr.Value {
	switch want {
	case expr.Number:
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return expr.IntValue(i)
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return expr.FloatValue(f)
		}
	case expr.Bool:
		if b, err := strconv.ParseBool(s); err == nil {
			return expr.BoolValue(b)
		}
	case expr.Time:
		for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
			if t, err := time.Parse(layout, s); err == nil {
				return expr.TimeValue(t.UnixMicro())
			}
		}
	}
	return expr.Value{}
}

// Readable reports whether a condition that asks for the type can read the value. Null can always be read.
func Readable(v expr.Value, want expr.Type) bool { return v.Null() || !Read(v, want).Null() }

// Attributes lists what the eligibility condition reads, each once, by name and then type; [expr.Untyped] for an attribute of which
// it only asks whether there is one.
func (g *Gate) Attributes() []expr.Used { return g.eligible.Columns() }
