package report

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liftgate/experiment/result"
)

// Only these verdicts may look good.
var passes = map[string]bool{result.Better: true, result.NonInferior: true}

func TestOnlyProofLooksGood(t *testing.T) {
	results := anyResult()
	rapid.Check(t, func(rt *rapid.T) {
		r := results.Draw(rt, "result")
		for _, tier := range newScorecard(&r).Tiers {
			for _, m := range tier.Metrics {
				for _, row := range m.Rows {
					if verdict := verdictOf(row.line); row.Mark.Tone == good && !passes[verdict] {
						rt.Fatalf("%q looks good", verdict)
					}
					if row.Mark.Tone == good && m.metric.Status != result.OK {
						rt.Fatalf("a metric that is %s looks good", m.metric.Status)
					}
					if states[r.Decision.Status].caution != "" && row.Mark.Tone == good {
						rt.Fatalf("a verdict of a result that is %s looks good", r.Decision.Status)
					}
				}
			}
		}
	})
}

func TestNotProvenHasItsOwnLook(t *testing.T) {
	seen := map[mark]string{}
	for verdict, m := range verdicts {
		key := mark{Symbol: m.Symbol, Tone: m.Tone}
		if verdict == result.NotProven && seen[key] != "" || seen[key] == result.NotProven {
			t.Errorf("%s and %s look alike", verdict, seen[key])
		}
		seen[key] = verdict
	}
	if got := verdictMark(result.NotProven); got.Tone != open {
		t.Errorf("not proven is %s", got.Tone)
	}
}

func TestColours(t *testing.T) {
	const green = "\x1b[32m"
	got := write(t, cases(t)["discuss"], Options{Color: true})
	if !strings.Contains(got, green) {
		t.Error("nothing is green")
	}
	for line := range strings.Lines(got) {
		if strings.Contains(line, "not proven") && strings.Contains(line, green) {
			t.Errorf("green beside what is not proven: %q", line)
		}
	}
	if plain := write(t, cases(t)["discuss"], Options{}); strings.Contains(plain, "\x1b") {
		t.Error("colours although there are to be none")
	} else if stripped := regexpEscape.ReplaceAllString(got, ""); stripped != plain {
		t.Error("colours change more than the colour")
	}
}
