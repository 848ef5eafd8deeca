package decision_test

import (
	"strings"
	"testing"

	"liftgate/experiment/decision"
	"liftgate/experiment/result"
)

// TestHarmedSegmentBlocks: a segment that is proven to be harmed keeps its treatment, and no other, from a launch; one that differs does
// not, and neither does one that could not be tested.
func TestHarmedSegmentBlocks(t *testing.T) {
	segment := result.SegmentEffect{
		Attribute: "country", Segment: "DE", Metric: "authorization", Variant: "amazon_pay", Harmed: true,
		Difference: &result.Estimate{Estimate: number(-0.02), Lower: number(-0.03), Upper: number(-0.01)},
	}
	r := after(better(), holds())
	r.Segments = []result.SegmentEffect{segment}
	d := decision.Decide(r)
	if d.Status != result.Discuss || !strings.Contains(d.Headline, "“authorization” is harmed where country is DE") {
		t.Errorf("%s: %s", d.Status, d.Headline)
	}
	if reasons := strings.Join(d.Treatments[0].Reasons, " "); !strings.Contains(reasons, "Where country is DE: authorization -2.00 pp (-3.00 pp to -1.00 pp), proven to be harmed.") {
		t.Errorf("reasons: %s", reasons)
	}

	r = after(better(), withStatus(metric("x", "quality", "", 0, 0), result.Immature))
	r.Segments = []result.SegmentEffect{segment}
	if d := decision.Decide(r); d.Status != result.Discuss {
		t.Errorf("with an immature metric: %s", d.Status)
	}

	for name, edit := range map[string]func(*result.SegmentEffect){
		"of another treatment": func(s *result.SegmentEffect) { s.Variant = "express" },
		"that only differs":    func(s *result.SegmentEffect) { s.Harmed, s.Differs = false, true },
	} {
		other := segment
		edit(&other)
		r := after(better(), holds())
		r.Segments = []result.SegmentEffect{other}
		if d := decision.Decide(r); d.Status != result.Ship {
			t.Errorf("a segment %s: %s: %s", name, d.Status, d.Headline)
		}
	}
}
