package datasets

import (
	"math"
	"strings"
	"testing"

	"liftgate/stats"
	"liftgate/stats/quantile"
)

// sketched is evidence of a quantile in two days, with ages up to 2.
func sketched(t *SketchTable) *Evidence {
	ev := two()
	shares := stats.Moments{N: 4, Means: []float64{1, 1}, Cross: []float64{0, 0, 0}}
	ev.Blocks = []BlockEvidence{{
		Metric: "latency", Incomplete: []int64{0}, Null: []int64{0},
		Quantiles: []quantile.Summary{{Q: 0.5, Rows: 4, Value: 1, Shares: shares, Ranks: []int64{1}, Values: []float64{1}}},
	}}
	ev.Views.Blocks = []BlockViews{{Sketches: t}}
	return ev
}

func oneSketch(age, day, cell int32, values ...float64) *SketchTable {
	var buckets []int32
	for _, x := range values {
		buckets = append(buckets, quantile.BucketOf(x))
	}
	s := quantile.SketchOf(buckets, nil)
	return &SketchTable{
		Ages: 2, Age: []int32{age}, Day: []int32{day}, Cell: []int32{cell}, Variant: []int32{0}, Crossover: []bool{false}, N: []int64{1}, Null: []int64{0},
		Units: []int64{s.Units}, Rows: []int64{s.Rows}, Squares: []int64{s.Squares}, Coarse: []int32{0}, Ends: []int32{int32(len(s.Buckets))}, Buckets: s.Buckets,
	}
}

func TestCutsThatSketchesDoNotHold(t *testing.T) {
	inCell, counts := oneSketch(0, 0, 0, 1, 2), oneSketch(0, 0, 0, 1, 2)
	counts.Ends, counts.Buckets = []int32{0}, nil
	first, german := new(int), map[string]string{"country": "DE"}
	for _, c := range []struct {
		held *SketchTable
		cut  Cut
		want string
	}{
		{inCell, Cut{Day: first}, ""},
		{inCell, Cut{Day: first, Segments: german}, ""},
		{nil, Cut{Day: first}, "an older version wrote the evidence"},
		{nil, Cut{Age: 1}, "leave out the age"},
		{oneSketch(0, 0, -1, 1, 2), Cut{Day: first}, ""},
		{oneSketch(0, 0, -1, 1, 2), Cut{Day: first, Segments: german}, "of all units together only"},
		{counts, Cut{Day: first}, "holds no sketches of this metric by day or by age"},
		{oneSketch(0, 0, 0, 1, math.Inf(1)), Cut{Day: first}, "not finite"},
		{oneSketch(1, 0, 0, 1, 2), Cut{Age: 1}, ""},
		{oneSketch(1, 0, 0, 1, 2), Cut{Age: 2}, ""}, // on the day after
	} {
		cut, err := sketched(c.held).Cut(c.cut)
		if err != nil {
			t.Fatal(err)
		}
		switch b := cut.Blocks[0]; {
		case c.want == "" && (b.Failed != "" || b.Quantiles[0].Rows != 2 || b.Quantiles[0].Sketched == nil):
			t.Errorf("%+v: %s %+v", c.cut, b.Failed, b.Quantiles)
		case c.want != "" && !strings.Contains(b.Failed, c.want):
			t.Errorf("%+v: %q, want %q", c.cut, b.Failed, c.want)
		}
	}
	// What came by age 1 on the last day is not there at age 2: it would come on the day after.
	if cut, err := sketched(oneSketch(1, 1, 0, 1, 2)).Cut(Cut{Age: 2}); err != nil || cut.Blocks[0].Quantiles[0].Rows != 0 {
		t.Errorf("%+v, %v", cut.Blocks, err)
	}
	// Where no window is longer than the age, whole ones are cut nowhere.
	if cut, err := sketched(inCell).Cut(Cut{Age: 3}); err != nil || cut.Blocks[0].Quantiles[0].Rows != 4 {
		t.Errorf("%+v, %v", cut.Blocks, err)
	}
}
