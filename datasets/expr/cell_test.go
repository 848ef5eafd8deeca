package expr

import (
	"math"
	"testing"
	"time"
)

func TestParseCell(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	tests := []struct {
		cell string
		as   Type
		zone *time.Location
		want Value
	}{
		{"", Number, nil, Value{}},
		{" 12 ", Number, nil, IntValue(12)},
		{"1.5e3", Number, nil, FloatValue(1500)},
		{"TRUE", Number, nil, IntValue(1)},
		{"1e999", Number, nil, FloatValue(math.Inf(1))},
		{"True", Bool, nil, BoolValue(true)},
		{"false", Bool, nil, BoolValue(false)},
		{" x ", Text, nil, TextValue(" x ")},
		{"007", Untyped, nil, TextValue("007")},
		{"1970-01-01", Time, nil, TimeValue(0)},
		{"1970-01-01 00:00:01 UTC", Time, berlin, TimeValue(1e6)},
		{"1970-01-01T01:00:00", Time, berlin, TimeValue(0)},
		{"1969-12-31T23:59:59.9999999Z", Time, nil, TimeValue(-1)},
	}
	for _, test := range tests {
		got, err := ParseCell(test.cell, test.as, test.zone)
		if err != nil || got != test.want {
			t.Errorf("%q as %v: got %v, %v, want %v", test.cell, test.as, got, err, test.want)
		}
	}
	for cell, as := range map[string]Type{"x": Number, "1": Bool, "yes": Bool, "soon": Time, "2026-13-01": Time} {
		if got, err := ParseCell(cell, as, nil); err == nil {
			t.Errorf("%q as %v: got %v", cell, as, got)
		}
	}
}
