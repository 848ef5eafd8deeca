package report

import (
	"strings"
	"testing"

	"liftgate/experiment/result"
)

// TestEveryFormatNamesThePart, and none has a decision about it.
func TestEveryFormatNamesThePart(t *testing.T) {
	r := cases(t)["ship"]
	day := "2026-10-14"
	r.Cut = result.Cut{Segments: map[string]string{"country": "DE"}, Day: &day}
	r.Decision = result.Decision{Status: result.NotDecided, Headline: "No decision.", Treatments: []result.Treatment{}}
	for _, format := range Formats {
		text := strings.Join(strings.Fields(write(t, r, Options{Format: format})), " ")
		named := "country = DE, up to 2026-10-14"
		if format == JSON {
			named = `"country": "DE"`
		}
		if !strings.Contains(text, named) {
			t.Errorf("%s does not name the part", format)
		}
		if format != CSV && !strings.Contains(text, result.NotDecided) {
			t.Errorf("%s does not say that there is no decision", format)
		}
		human := format == Table || format == Markdown || format == HTML
		if human && !strings.Contains(text, "of twenty parts without any effect one shows one by chance") {
			t.Errorf("%s does not warn of many looks", format)
		}
		if format == Table && strings.Contains(text, "SHIP") {
			t.Errorf("the table of a part speaks of launching:\n%s", write(t, r, Options{Format: format}))
		}
	}
}
