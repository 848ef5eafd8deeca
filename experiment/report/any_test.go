package report

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"

	"liftgate/experiment/result"
)

// anyResult draws results that no analysis would make: every word that means something, words that mean nothing, and numbers
// of every size, in any place.
func anyResult() *rapid.Generator[result.Result] {
	words := rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "control", "amazon_pay", "a", "success", "guardrail", "deterioration", "quality", "supporting", "core", "risk", "payment",
			"cart", "proportion", "mean", "ratio", "delayed", "quantile", "higher", "lower", "shopper", "merchant",
			result.OK, result.NoData, result.Failed, result.Immature, result.NotSupported, result.Pass, result.Warn, result.Fail,
			result.Better, result.Worse, result.Inconclusive, result.NonInferior, result.Harmful, result.NotProven,
			result.Ship, result.NoShip, result.Discuss, result.Invalid, result.Collecting, "bounded", "exclusive", "all",
			result.OnDifference, result.OnLift, result.Superiority, result.NonInferiority,
			"a_name_much_longer_than_any_column_of_the_terminal_could_ever_be_expected_to_hold_without_a_break",
			"Ein Satz mit 生命 und Umlauten; <b>markup</b> & | pipes ` and\nlines \x1b[31mred",
		}),
		rapid.String(),
	)
	numbers := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-2, 2), rapid.SampledFrom([]float64{0, 1, 0.05, 1e-9, 1e13, -1e300, math.MaxFloat64, -math.MaxFloat64, 123456.789}))
	moments := rapid.Custom(func(t *rapid.T) any {
		if rapid.Bool().Draw(t, "absent") {
			return (*string)(nil)
		}
		s := rapid.SampledFrom([]string{"2026-11-12T00:00:00Z", "2026-10-09T08:30:00Z"}).Draw(t, "moment")
		return &s
	})
	kinds := rapid.MakeConfig{Kinds: map[reflect.Kind]*rapid.Generator[any]{reflect.String: words.AsAny(), reflect.Float64: numbers.AsAny()}}
	return rapid.MakeCustom[result.Result](rapid.MakeConfig{
		Kinds: map[reflect.Kind]*rapid.Generator[any]{reflect.String: words.AsAny(), reflect.Float64: numbers.AsAny()},
		Fields: map[reflect.Type]map[string]*rapid.Generator[any]{
			reflect.TypeFor[result.Result](): {
				"AsOf": moments, "DecisionDate": moments,
				"Metrics":  rapid.SliceOfN(anyMetric(words, numbers), 0, 4).AsAny(),
				"Segments": rapid.SliceOfN(anySegment(kinds), 0, 6).AsAny(),
				"Trends":   rapid.SliceOfN(anyTrend(kinds), 0, 4).AsAny(),
			},
		},
	})
}

// The metric and the treatment that parts are about, so that they meet their row.
var aMetric, aTreatment = rapid.Just("a").AsAny(), rapid.Just("amazon_pay").AsAny()

func anySegment(kinds rapid.MakeConfig) *rapid.Generator[result.SegmentEffect] {
	kinds.Fields = map[reflect.Type]map[string]*rapid.Generator[any]{reflect.TypeFor[result.SegmentEffect](): {
		"Metric": aMetric, "Variant": aTreatment, "Attribute": rapid.SampledFrom([]string{"country", "device"}).AsAny(),
	}}
	return rapid.MakeCustom[result.SegmentEffect](kinds)
}

func anyTrend(kinds rapid.MakeConfig) *rapid.Generator[result.Trend] {
	points := kinds
	points.Fields = map[reflect.Type]map[string]*rapid.Generator[any]{reflect.TypeFor[result.TrendPoint](): {
		"Day": rapid.SampledFrom([]string{"", "2026-10-01", "2026-10-02", "2026-11-30", "yesterday"}).AsAny(),
	}}
	trends := kinds
	trends.Fields = map[reflect.Type]map[string]*rapid.Generator[any]{reflect.TypeFor[result.Trend](): {
		"Metric": aMetric, "Variant": aTreatment,
		"Series": rapid.SampledFrom([]string{result.Cumulative, result.Daily, result.Aging, "weekly"}).AsAny(),
		"Points": rapid.SliceOfN(rapid.MakeCustom[result.TrendPoint](points), 0, 5).AsAny(),
	}}
	return rapid.MakeCustom[result.Trend](trends)
}

func anyMetric(words *rapid.Generator[string], numbers *rapid.Generator[float64]) *rapid.Generator[result.Metric] {
	config := rapid.MakeConfig{Kinds: map[reflect.Kind]*rapid.Generator[any]{reflect.String: words.AsAny(), reflect.Float64: numbers.AsAny()}}
	comparisons := config
	comparisons.Fields = map[reflect.Type]map[string]*rapid.Generator[any]{reflect.TypeFor[result.Comparison](): {
		"Variant": rapid.OneOf(aTreatment, words.AsAny()),
	}}
	config.Fields = map[reflect.Type]map[string]*rapid.Generator[any]{reflect.TypeFor[result.Metric](): {
		"Metric":      rapid.OneOf(aMetric, words.AsAny()),
		"Variants":    rapid.SliceOfN(rapid.MakeCustom[result.Variant](config), 0, 3).AsAny(),
		"Comparisons": rapid.SliceOfN(rapid.MakeCustom[result.Comparison](comparisons), 0, 3).AsAny(),
	}}
	return rapid.MakeCustom[result.Metric](config)
}

// unprintable is what a mistake in formatting leaves behind.
var unprintable = []string{"NaN", "Inf", "%!", "<nil>", "<no value>", "ZgotmplZ"}

func TestAnyResultRenders(t *testing.T) {
	results := anyResult()
	rapid.Check(t, func(rt *rapid.T) {
		r := results.Draw(rt, "result")
		for _, format := range Formats {
			var b strings.Builder
			if err := Write(&b, &r, options(format)); err != nil {
				rt.Fatalf("%s: %v", format, err)
			}
			switch format {
			case Table:
				atMost(rt, b.String(), 100)
			case HTML:
				wellFormed(rt, b.String())
			}
		}
	})
}

func TestNarrowTable(t *testing.T) {
	for name, r := range cases(t) {
		for _, width := range []int{1, 80, 120} {
			t.Run(name, func(t *testing.T) { atMost(t, write(t, r, Options{Width: width}), max(width, 80)) })
		}
	}
}

// TestNarrowTableReads: the narrowest table still shows names and numbers in pieces that can be read.
func TestNarrowTableReads(t *testing.T) {
	got := write(t, cases(t)["discuss"], Options{Width: leastWidth})
	for _, want := range []string{"conversion", "authorization", "? not proven"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in one piece:\n%s", want, got)
		}
	}
}

type failer interface {
	Fatalf(format string, args ...any)
}

// atMost checks that no line is wider than a terminal of that many columns, and that none can move its cursor.
func atMost(t failer, s string, columns int) {
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		if width := text.StringWidthWithoutEscSequences(line); width > columns {
			t.Fatalf("%d columns, more than %d: %q", width, columns, line)
		}
		if strings.ContainsAny(line, "\x1b\r\t\b") {
			t.Fatalf("control character in %q", line)
		}
	}
}

func TestNothingUnprintable(t *testing.T) {
	for name, r := range cases(t) {
		for _, format := range []Format{Table, Markdown, HTML, CSV} {
			got := write(t, r, options(format))
			for _, bad := range append(unprintable, "null") {
				if strings.Contains(got, bad) {
					t.Errorf("%s as %s holds %q", name, format, bad)
				}
			}
		}
	}
}
