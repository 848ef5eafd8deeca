package sourcetest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// Origin is the time that offsets in [Parse] count from.
var Origin = datasets.InstantOf(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))

// Parse reads a table from lines of cells between spaces. The first line names the columns and their types, as in
//
//	unit:text  time:time  value:float  paid:boolean  items:integer
//
// A cell - is null, ” is an empty text; a time is an offset from [Origin] such as -1h, 14d or 1d+1us.
func Parse(t testing.TB, spec datasets.Table, text string) *Table {
	t.Helper()
	table := &Table{Spec: spec}
	var kinds []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if kinds == nil {
			for _, f := range fields {
				name, kind, _ := strings.Cut(f, ":")
				kinds = append(kinds, kind)
				table.Columns = append(table.Columns, datasets.Column{Name: name, Type: kindTypes[kind]})
			}
			continue
		}
		if len(fields) != len(kinds) {
			t.Fatalf("%s: %d cells in %q, want %d", spec.Name, len(fields), line, len(kinds))
		}
		cells := make([]expr.Value, len(fields))
		for i, f := range fields {
			var err error
			if cells[i], err = parseCell(kinds[i], f); err != nil {
				t.Fatalf("%s: %q: %v", spec.Name, line, err)
			}
		}
		table.Rows = append(table.Rows, cells)
	}
	return table
}

var kindTypes = map[string]expr.Type{
	"text": expr.Text, "time": expr.Time, "float": expr.Number, "integer": expr.Number, "boolean": expr.Bool,
}

func parseCell(kind, s string) (expr.Value, error) {
	switch {
	case s == "-":
		return expr.Value{}, nil
	case kind == "time":
		d, err := parseSpan(s)
		return expr.TimeValue(int64(Origin.Add(d))), err
	case kind == "float":
		x, err := strconv.ParseFloat(s, 64)
		return expr.FloatValue(x), err
	case kind == "integer":
		n, err := strconv.ParseInt(s, 10, 64)
		return expr.IntValue(n), err
	case kind == "boolean":
		b, err := strconv.ParseBool(s)
		return expr.BoolValue(b), err
	case kind == "text":
		return expr.TextValue(strings.ReplaceAll(s, "''", "")), nil
	}
	return expr.Value{}, fmt.Errorf("unknown type %q", kind)
}

// parseSpan adds up durations; beside those of package time, d is a day.
func parseSpan(s string) (datasets.Span, error) {
	var total datasets.Span
	for part := range strings.SplitSeq(s, "+") {
		if days, ok := strings.CutSuffix(part, "d"); ok {
			n, err := strconv.Atoi(days)
			if err != nil {
				return 0, err
			}
			total += datasets.Span(n) * datasets.Day
			continue
		}
		d, err := time.ParseDuration(part)
		if err != nil {
			return 0, err
		}
		total += datasets.Span(d.Microseconds())
	}
	return total, nil
}
