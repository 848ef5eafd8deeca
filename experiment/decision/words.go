package decision

import (
	"fmt"
	"math"
	"strings"
	"time"

	"liftgate/experiment/result"
)

// headline is the decision in one plain sentence.
func (t *trial) headline(status string, reasons []string) string {
	first := ""
	if len(reasons) > 0 {
		first = strings.TrimSuffix(reasons[0], ".")
	}
	switch status {
	case result.Invalid:
		if t.harm() {
			return "Stop exposure, and do not decide on these data: " + t.failedChecks() + "."
		}
		return "Do not decide on these data: " + t.failedChecks() + "."
	case result.Collecting:
		return "Keep collecting: " + lowerFirst(first) + "."
	case result.RiskImmature:
		return fmt.Sprintf("%s looks good, but wait: %s.", t.variant, first)
	case result.Ship:
		return fmt.Sprintf("Ship %s: %s, and %s.", t.variant, first, t.guardrailsHold())
	case result.NoShip:
		if reasons[0] == t.futile() {
			first = lowerFirst(first)
		}
		return fmt.Sprintf("Do not ship %s: %s.", t.variant, first)
	default:
		return fmt.Sprintf("Discuss %s: %s.", t.variant, t.openPoints())
	}
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// failedChecks names the checks that make the data unfit.
func (t *trial) failedChecks() string {
	var names []string
	for _, c := range t.result.Checks {
		if c.Blocks && c.Status == result.Fail {
			names = append(names, strings.ReplaceAll(c.Check, "_", " "))
		}
	}
	if len(names) == 1 {
		return "the " + names[0] + " check failed"
	}
	return "the " + enumerate(names) + " checks failed"
}

func (t *trial) guardrailsHold() string {
	n := 0
	for _, h := range t.hypotheses {
		if h.metric.Role == roleGuardrail {
			n++
		}
	}
	switch n {
	case 0:
		return "no guardrail was declared"
	case 1:
		return "its guardrail holds"
	default:
		return fmt.Sprintf("all %d guardrails hold", n)
	}
}

// openPoints names what speaks for a launch and what is in its way, in a line that can be read aloud.
func (t *trial) openPoints() string {
	var better, blocking []string
	for _, h := range t.hypotheses {
		switch {
		case h.blocks:
			blocking = append(blocking, fmt.Sprintf("the %s “%s” %s", part(h.metric.Role), title(h.metric), h.standing()))
		case h.metric.Role == roleSuccess && h.verdict == result.Better:
			better = append(better, sentence(h.metric, h.comparison))
		}
	}
	if point := t.segmentPoint(); point != "" {
		blocking = append(blocking, point)
	}
	open, also := enumerate(blocking), ", and "
	if len(blocking) > 2 {
		open, also = fmt.Sprintf("%s, and %d more points block a launch", blocking[0], len(blocking)-1), "; "
	}
	switch {
	case len(better) > 0 && len(blocking) > 0:
		return better[0] + ", but " + open
	case len(blocking) > 0:
		return open + also + "no success metric is better"
	default:
		return "no success metric is better"
	}
}

// standing is where a blocking hypothesis stands, as a predicate.
func (h hypothesis) standing() string {
	if h.metric.Status == result.OK && h.comparison.Outside != "" {
		return "is not proven: its method is outside its region of validity"
	}
	if h.metric.Status == result.OK {
		return "is " + strings.ReplaceAll(h.verdict, "_", " ")
	}
	return standing(h.metric.Status)
}

// standing is what became of a metric that is not ok, as a predicate.
func standing(status string) string {
	switch status {
	case result.NoData:
		return "has no data"
	case result.NotSupported:
		return "is not supported yet"
	case result.Failed:
		return "failed"
	case "":
		return "has no status"
	default:
		return "is " + strings.ReplaceAll(status, "_", " ")
	}
}

// part is what a role is called in a sentence.
func part(role string) string {
	if role == roleGuardrail {
		return role
	}
	return role + " metric"
}

// enumerate joins items as a sentence does: a, b and c.
func enumerate(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

func title(m *result.Metric) string {
	if m.Title != "" {
		return m.Title
	}
	return m.Metric
}

// sentence states the estimate on the scale that it is judged on; without a margin, as a lift where that can be read.
func sentence(m *result.Metric, c *result.Comparison) string {
	if c.Margin != nil && c.Margin.Scale == result.OnLift || c.Margin == nil && readableLift(c) {
		return liftSentence(m, c.Lift)
	}
	d := c.Difference
	switch {
	case d == nil || d.Estimate == nil:
		return title(m) + " has no estimate"
	case d.Lower == nil && d.Upper == nil:
		return fmt.Sprintf("%s %s (no bounded interval)", title(m), absolute(m, *d.Estimate))
	case d.Lower == nil:
		return fmt.Sprintf("%s %s (at most %s)", title(m), absolute(m, *d.Estimate), absolute(m, *d.Upper))
	case d.Upper == nil:
		return fmt.Sprintf("%s %s (at least %s)", title(m), absolute(m, *d.Estimate), absolute(m, *d.Lower))
	}
	return fmt.Sprintf("%s %s (%s to %s)", title(m), absolute(m, *d.Estimate), absolute(m, *d.Lower), absolute(m, *d.Upper))
}

// readableLift reports whether a lift has an interval and its sign means what it says.
func readableLift(c *result.Comparison) bool {
	return c.Lift != nil && c.Lift.Lower != nil && c.Lift.Upper != nil && !c.BelowZero()
}

func liftSentence(m *result.Metric, l *result.Lift) string {
	switch {
	case l == nil || l.Estimate == nil:
		return title(m) + " has no lift"
	case l.Lower == nil || l.Upper == nil:
		return fmt.Sprintf("%s %s (no bounded interval)", title(m), signedPercent(*l.Estimate))
	default:
		return fmt.Sprintf("%s %s (%s to %s)", title(m), signedPercent(*l.Estimate), signedPercent(*l.Lower), signedPercent(*l.Upper))
	}
}

func margin(m *result.Metric, c *result.Comparison) string {
	if c.Margin.Scale == result.OnLift {
		return trimSign(signedPercent(c.Margin.Value))
	}
	return trimSign(absolute(m, c.Margin.Value))
}

func trimSign(s string) string { return strings.TrimPrefix(s, "+") }

func signedPercent(x float64) string { return signed(100*x) + "%" }

// absolute prints a difference in the metric's own scale: percentage points for shares.
func absolute(m *result.Metric, x float64) string {
	if !m.IsShare() {
		return signed(x)
	}
	return signed(100*x) + " pp"
}

// signed prints three significant digits, with a sign and without an exponent for ordinary sizes.
func signed(x float64) string {
	if x == 0 {
		return "0"
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(x)))))
	if digits > 6 {
		return fmt.Sprintf("%+.2g", x)
	}
	return fmt.Sprintf("%+.*f", digits, x)
}

// before reports whether instant a comes before b; an unknown one comes before nothing.
func before(a, b *string) bool {
	if a == nil || b == nil {
		return false
	}
	ta, errA := time.Parse(time.RFC3339Nano, *a)
	tb, errB := time.Parse(time.RFC3339Nano, *b)
	// An unreadable date must not open the way to a launch.
	return errA != nil || errB != nil || ta.Before(tb)
}
