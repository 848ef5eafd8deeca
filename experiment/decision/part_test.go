package decision_test

import (
	"strings"
	"testing"

	"liftgate/experiment/decision"
	"liftgate/experiment/result"
)

// TestAPartIsNotDecided: whatever its numbers say, and whichever way it is a part.
func TestAPartIsNotDecided(t *testing.T) {
	day, age := "2026-10-14", 7
	for _, cut := range []result.Cut{{Segments: map[string]string{"country": "DE"}}, {Day: &day}, {Age: &age}} {
		r := after(better(), holds())
		if d := decision.Decide(r); d.Status != result.Ship {
			t.Fatalf("the whole: %s", d.Status)
		}
		r.Cut = cut
		d := decision.Decide(r)
		if d.Status != result.NotDecided || d.Variant != "" || d.Treatments == nil || len(d.Treatments) != 0 || !strings.Contains(d.Headline, cut.String()) || strings.Contains(d.Headline, result.Ship) {
			t.Errorf("%+v", d)
		}
	}
}
