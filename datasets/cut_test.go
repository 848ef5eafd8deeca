package datasets

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"liftgate/stats"
)

// two is evidence of two segments that are not crossed, because there would be too many combinations.
func two() *Evidence {
	table := &MomentTable{
		Dim: 1, Parts: 1,
		Age: []int32{0, 0, 0, 0, 1}, Day: []int32{0, 0, 1, 1, 1}, Cell: []int32{0, 2, 1, 2, -1}, Variant: []int32{0, 0, 0, 0, 0},
		N: []int64{1, 1, 2, 2, 3}, Null: make([]int64, 5), Means: []float64{2, 2, 5, 5, 4}, Cross: []float64{0, 0, 2, 2, 8}, Third: make([]float64, 5),
	}
	first, last := Instant(0), Instant(Day)
	return &Evidence{
		Variants: []string{"control"}, AsOf: new(Instant),
		Exposure: Exposure{
			Units: []int64{4}, Crossover: []int64{0}, First: &first, Last: &last,
			Attributes: []Attribute{{Name: "country", Values: []string{"DE", "LU", "US"}, Units: [][]int64{{1, 1, 2}}}},
		},
		Blocks: []BlockEvidence{{Metric: "value", Incomplete: []int64{1}, Null: []int64{0}, Total: table.of(2, 3), WithoutTop: table.of(2, 3)}},
		Views: &ViewEvidence{
			Segments: []Segment{{"country", []string{"DE", "US", OtherValues}}, {"device", []string{"mobile"}}},
			Cells:    [][]int{{0, -1}, {1, -1}, {-1, 0}, {2, -1}},
			Days:     []Instant{Instant(Day), Instant(2 * Day)},
			Exposed: []Exposed{
				{Day: 0, Cell: 0, Units: 1, AnalysisUnits: 1},
				{Day: 0, Cell: 2, Units: 1, AnalysisUnits: 1},
				{Day: 1, Cell: 1, Units: 2, AnalysisUnits: 2},
				{Day: 1, Cell: 2, Units: 3, AnalysisUnits: 3},
				{Day: 1, Cell: 3, Units: 1, AnalysisUnits: 1},
			},
			Blocks: []BlockViews{{Samples: []SampleViews{{Sample: Total, Units: table}}}},
		},
	}
}

// of merges rows.
func (t *MomentTable) of(rows ...int) []stats.Moments {
	var m stats.Moments
	for _, r := range rows {
		row := t.row(r)
		second := row.Second()
		m.Merge(&second)
	}
	return []stats.Moments{m}
}

// TestCutOfSegmentsByThemselves: where units lie in one cell for each segment, they are counted once.
func TestCutOfSegmentsByThemselves(t *testing.T) {
	for _, c := range []struct {
		segments map[string]string
		units, n int64
		values   string
	}{
		{nil, 4, 3, "country DE US (other) device mobile"},
		{map[string]string{"country": "US"}, 2, 2, "country US"},
		{map[string]string{"country": OtherValues}, 1, 0, "country (other)"},
		{map[string]string{"device": "mobile"}, 4, 3, "device mobile"},
	} {
		cut, err := two().Cut(Cut{Segments: c.segments})
		if err != nil {
			t.Fatal(err)
		}
		var values []string
		for _, a := range cut.Exposure.Attributes {
			values = append(append(values, a.Name), a.Values...)
		}
		b := cut.Blocks[0]
		if got := strings.Join(values, " "); cut.Exposure.Units[0] != c.units || b.Total[0].N != c.n || b.Incomplete[0] != c.units-c.n || got != c.values {
			t.Errorf("%v: %d units, %d complete, %d not, %s", c.segments, cut.Exposure.Units[0], b.Total[0].N, b.Incomplete[0], got)
		}
	}
}

// TestCutByAgeOfAllUnits: beyond MaxViewRows ages are those of all units together.
func TestCutByAgeOfAllUnits(t *testing.T) {
	cut, err := two().Cut(Cut{Age: 1})
	if err != nil || cut.Blocks[0].Total[0].N != 3 {
		t.Errorf("%+v, %v", cut, err)
	}
	cut, err = two().Cut(Cut{Age: 1, Segments: map[string]string{"country": "US"}})
	if err != nil || !strings.Contains(cut.Blocks[0].Failed, "of all units together only") || cut.Blocks[0].Total != nil {
		t.Errorf("%+v, %v", cut, err)
	}
}

// TestCutSaysWhatIsNotHeld, and what is.
func TestCutSaysWhatIsNotHeld(t *testing.T) {
	day, clustered := 2, two()
	clustered.Exposure.Clusters = []Cluster{}
	unitTable, totals, plain := two(), two(), two()
	unitTable.Views.Days, totals.Views, plain.Views.Segments = nil, nil, nil
	first := 0
	for _, c := range []struct {
		ev    *Evidence
		cut   Cut
		says  string
		known int
	}{
		{two(), Cut{Segments: map[string]string{"region": "EU"}}, `no segment "region"; there are country, device`, 2},
		{plain, Cut{Segments: map[string]string{"region": "EU"}}, "the definition declares none", 0},
		{two(), Cut{Segments: map[string]string{"country": "FR"}}, `no analysed unit has country = "FR"; there are DE, US, (other)`, 3},
		{two(), Cut{Segments: map[string]string{"country": "LU"}}, `it is part of "(other)"`, 0},
		{two(), Cut{Segments: map[string]string{"country": "DE", "device": "mobile"}}, "cut by one of country, device", 0},
		{two(), Cut{Day: &day}, "holds 2 days, no day 3", 0},
		{two(), Cut{Age: -1}, "at least 1", 0},
		{clustered, Cut{Day: &first, Age: 1}, "not by day and age at once", 0},
		{unitTable, Cut{Day: &first}, "holds no days", 0},
		{unitTable, Cut{Age: 1}, "holds no ages", 0},
		{totals, Cut{}, "totals only", 0},
	} {
		_, err := c.ev.Cut(c.cut)
		var none *NotHeldError
		if !errors.As(err, &none) || !strings.Contains(err.Error(), c.says) || len(none.Known) != c.known {
			t.Errorf("%+v: %v, want %s", c.cut, err, c.says)
		}
	}
}

// TestCutOfEvidenceThatContradictsItself: counts do not go below zero.
func TestCutOfEvidenceThatContradictsItself(t *testing.T) {
	ev := two()
	ev.Views.Exposed = slices.DeleteFunc(ev.Views.Exposed, func(x Exposed) bool { return x.Cell == 1 })
	if _, err := ev.Cut(Cut{}); err == nil || !strings.Contains(err.Error(), "contradicts itself") {
		t.Error(err)
	}
}
