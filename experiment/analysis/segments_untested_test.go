package analysis_test

import (
	"strings"
	"testing"

	"liftgate/experiment/result"
)

// TestUncomparedSegments: every segment is compared with the rest or says why not, and what was compared makes up the test of homogeneity.
func TestUncomparedSegments(t *testing.T) {
	f := newFair(t, 0.5)
	f.units, f.rare, f.uneven = 150, 0.6, true // the rarer countries know their conversion to more than 10 %
	r := f.infer(t, seeded(t.Name()))
	type key struct{ attribute, metric string }
	compared, badly := map[key]int{}, 0
	for _, s := range r.Segments {
		switch {
		case s.Untested == "" && s.DiffersPValue == nil, s.Untested != "" && s.DiffersPValue != nil:
			t.Errorf("%s %s of %s: p %v, untested %q", s.Attribute, s.Segment, s.Metric, s.DiffersPValue, s.Untested)
		case s.Untested == "":
			compared[key{s.Attribute, s.Metric}]++
		case strings.Contains(s.Untested, "at most 10 %"):
			badly++
			if s.HarmPValue == nil && s.Metric != "conversion" {
				t.Errorf("%s %s of %s is not tested for harm: %s", s.Attribute, s.Segment, s.Metric, s.Untested)
			}
		}
	}
	if badly == 0 {
		t.Error("no level is known badly")
	}
	for _, h := range r.Heterogeneity {
		if k := (key{h.Attribute, h.Metric}); h.Segments != compared[k] {
			t.Errorf("%v: %d segments in the test, %d compared", k, h.Segments, compared[k])
		}
		delete(compared, key{h.Attribute, h.Metric})
	}
	if len(compared) > 0 {
		t.Errorf("compared without a test of homogeneity: %v", compared)
	}
	if c := check(t, r, "heterogeneity"); c.Status == result.Pass && !strings.Contains(c.Detail, "cannot be tested") {
		t.Error(c.Detail)
	}
}
