package decision

import (
	"fmt"

	"liftgate/experiment/result"
)

// harmedSegments are the segments in which the treatment is proven to harm a metric that decides. One keeps it from SHIP, because somebody
// would pay for the gain of the others; it does not make it NO-SHIP, because a launch without the segment may be right. No segment has to
// prove that it is not harmed: hardly one has the units for that.
func (t *trial) harmedSegments() []*result.SegmentEffect {
	var out []*result.SegmentEffect
	for i := range t.result.Segments {
		if s := &t.result.Segments[i]; s.Harmed && s.Variant == t.variant {
			out = append(out, s)
		}
	}
	return out
}

// segmentReasons say of each harmed segment what it loses.
func (t *trial) segmentReasons() []string {
	var out []string
	for _, s := range t.harmedSegments() {
		for _, h := range t.hypotheses {
			if h.metric.Metric != s.Metric {
				continue
			}
			there := result.Comparison{Difference: s.Difference, Lift: s.Lift, Margin: h.comparison.Margin}
			out = append(out, fmt.Sprintf("Where %s is %s: %s, proven to be harmed.", s.Attribute, s.Segment, sentence(h.metric, &there)))
		}
	}
	return out
}

// segmentPoint names the harmed segments in a line; empty without any.
func (t *trial) segmentPoint() string {
	harmed := t.harmedSegments()
	if len(harmed) == 0 {
		return ""
	}
	seen := map[[2]string]bool{}
	for _, s := range harmed {
		seen[[2]string{s.Attribute, s.Segment}] = true
	}
	first := fmt.Sprintf("“%s” is harmed where %s is %s", t.titleOf(harmed[0].Metric), harmed[0].Attribute, harmed[0].Segment)
	if len(seen) > 1 {
		return fmt.Sprintf("%d segments are harmed (%s)", len(seen), first)
	}
	return first
}

func (t *trial) titleOf(metric string) string {
	for i := range t.result.Metrics {
		if m := &t.result.Metrics[i]; m.Metric == metric {
			return title(m)
		}
	}
	return metric
}
