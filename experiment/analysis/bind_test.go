package analysis_test

import (
	"errors"
	"strings"
	"testing"

	"liftgate/experiment"
	"liftgate/experiment/analysis"
)

// TestBindFindsWhatOnlyDataShow: every mistake that needs the data has a position in the definition, and all come at once.
func TestBindFindsWhatOnlyDataShow(t *testing.T) {
	for _, c := range []struct{ name, old, new, at, message, suggestion string }{
		{"missing unit column", "{files: events.parquet, unit: shopper_id", "{files: events.parquet, unit: shoper_id", "shoper_id", `events has no column "shoper_id"`, `did you mean "shopper_id"?`},
		{"missing attribute", "attributes: [country]", "attributes: [country, contry]", "contry]", `exposures has no column "contry"`, `did you mean "country"?`},
		{"missing column in a condition", `'event == "refund"'`, `'evnt == "refund"'`, `evnt == "refund"`, `risk has no column "evnt"`, `did you mean "event"?`},
		{"missing column deep in a condition", `'event == "refund"'`, `'event == "refund" && vlue > 1'`, "vlue > 1", `risk has no column "vlue"`, `did you mean "value"?`},
		{"text where a number belongs", "take: sum, column: value, window: [0d, 7d]},\n     covariates", "take: sum, column: event, window: [0d, 7d]},\n     covariates", "event, window", "", ""},
		{"number compared with text", `'event == "refund"'`, `'value == "refund"'`, "", "", ""},
		{"number as condition", `'event == "refund"'`, `'value'`, "value'", "a condition needs true or false", ""},
		{"text as time", "variant: variant, time: ts", "variant: variant, time: country", "country, attributes", "holds texts, a time is needed", ""},
		{"no such table", "  risk: {files", "  risks: {files", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t, 10)
			s.replace(t, c.old, c.new)
			if c.name == "no such table" {
				s.yaml = strings.ReplaceAll(s.yaml, "from: risk,", "from: risks,")
			}
			_, err := s.tryDecide(analysis.Options{})
			var problems experiment.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("error: %v", err)
			}
			p := problems[0]
			lines := strings.Split(s.yaml, "\n")
			if p.Line < 1 || p.Line > len(lines) || !strings.HasPrefix(lines[p.Line-1][p.Column-1:], c.at) {
				t.Errorf("the problem is not at %q:\n%s", c.at, p)
			}
			if !strings.Contains(p.Message, c.message) || p.Suggestion != c.suggestion {
				t.Errorf("%s", p)
			}
		})
	}
	t.Run("all at once", func(t *testing.T) {
		s := newShop(t, 10)
		s.replace(t, `'event == "refund"'`, `'evnt == "refund"'`)
		s.replace(t, "attributes: [country]", "attributes: [contry]")
		s.replace(t, "segments: [country]", "segments: [contry]")
		_, err := s.tryDecide(analysis.Options{})
		var problems experiment.Problems
		if !errors.As(err, &problems) || len(problems) != 2 {
			t.Errorf("error: %v", err)
		}
	})
}
