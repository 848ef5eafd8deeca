package report

import (
	"math"
	"testing"

	"liftgate/experiment/result"
)

func ptr[T any](x T) *T { return &x }

func TestNumbersForPeople(t *testing.T) {
	rate := scale{percent: true, decimals: 2}
	for _, c := range []struct{ got, want string }{
		{rate.value(ptr(0.3121)), "31.21%"},
		{rate.value(nil), absent},
		{rate.change(ptr(0.0101)), "+1.01 pp"},
		{rate.change(ptr(-0.0101)), "-1.01 pp"},
		{rate.change(ptr(-0.00001)), "-0.00 pp"}, // the side of zero stays visible
		{rate.change(ptr(0.0)), "0.00 pp"},
		{rate.change(nil), absent},
		{scale{decimals: 2}.value(ptr(-12345.67)), "-12,345.67"},
		{scale{decimals: 1}.value(ptr(1234567.89)), "1,234,568"}, // a column holds ten characters
		{scale{decimals: 1}.value(ptr(-488105207663.0)), "-4.881e+11"},
		{scale{decimals: 0}.change(ptr(-999.6)), "-1,000"},
		{scale{decimals: 6}.value(ptr(2.1e-7)), "2.1e-07"},
		{scale{decimals: 2}.value(ptr(1e13)), "1e+13"},
		{scale{decimals: 2}.value(ptr(math.NaN())), absent},
		{rate.value(ptr(math.Inf(1))), absent},
		{probability(ptr(0.00005)), "<0.0001"},
		{probability(ptr(0.0498)), "0.0498"}, // not 0.050: it is below alpha
		{probability(ptr(0.41)), "0.410"},
		{probability(ptr(0.9999)), ">0.999"},
		{probability(nil), absent},
		{shortPercent(0.025), "2.5%"},
		{moment(ptr("2026-11-12T00:00:00Z")), "2026-11-12"},
		{moment(ptr("2026-11-12T09:30:00+01:00")), "2026-11-12 08:30 UTC"},
		{moment(nil), absent},
		{size(812), "812 B"},
		{size(1_412_000), "1.4 MB"},
		{count(-1234), "-1,234"},
		{count(999), "999"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDecimalsShowTwoDigitsOfTheStandardError(t *testing.T) {
	for _, c := range []struct {
		stdError float64
		want     int
	}{{0.21, 2}, {0.021, 3}, {2.1, 1}, {21, 0}, {2100, 0}, {1e-9, 4}, {0, 2}, {math.NaN(), 2}, {math.Inf(1), 2}} {
		if got := decimals(c.stdError, percentDecimals); got != c.want {
			t.Errorf("%v: %d, want %d", c.stdError, got, c.want)
		}
	}
}

func TestMargins(t *testing.T) {
	higher, lower := &result.Metric{Type: "proportion", Better: "higher"}, &result.Metric{Type: "mean", Better: "lower"}
	for _, c := range []struct {
		metric *result.Metric
		margin *result.Margin
		want   string
	}{
		{higher, &result.Margin{Value: 0.005, Scale: result.OnDifference}, "-0.5 pp"},
		{higher, &result.Margin{Value: 0.01, Scale: result.OnLift}, "-1%"},
		{lower, &result.Margin{Value: 0.25, Scale: result.OnDifference}, "+0.25"},
		{lower, &result.Margin{Value: 0.05, Scale: result.OnLift}, "+5%"},
		{lower, nil, ""},
	} {
		if got := marginText(c.metric, c.margin); got != c.want {
			t.Errorf("%+v: %q, want %q", c.margin, got, c.want)
		}
	}
}

// A ratio is written as a percentage only while it can be one.
func TestShares(t *testing.T) {
	ratio := func(v float64) *result.Metric {
		return &result.Metric{Type: "ratio", Variants: []result.Variant{{Value: &v}}}
	}
	for _, c := range []struct {
		metric *result.Metric
		want   bool
	}{{ratio(0.88), true}, {ratio(155), false}, {&result.Metric{Type: "proportion"}, true}, {&result.Metric{Type: "mean"}, false}} {
		if got := c.metric.IsShare(); got != c.want {
			t.Errorf("%+v: %v", c.metric, got)
		}
	}
}

// TestHugeLift: an end of an interval that is far away says so, and fits its column.
func TestHugeLift(t *testing.T) {
	low, middle, high := -0.288, 2.395, 3455.336
	got := liftEffect(&result.Lift{Estimate: &middle, Lower: &low, Upper: &high, Shape: "bounded"}).String()
	if got != "+239.5% [-28.8, >+10,000]" {
		t.Error(got)
	}
}
