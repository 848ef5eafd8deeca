package report

import (
	"fmt"
	"strings"

	"liftgate/experiment/result"
)

// effect is an estimate with its interval.
type effect struct {
	Name     string // lift, difference
	Estimate string
	Interval string // empty when there is none
}

func (e effect) String() string { return strings.TrimSpace(e.Estimate + " " + e.Interval) }

// effects are the lift and, where the margin is judged on the difference, the difference.
func effects(c *result.Comparison, s scale) []effect {
	var out []effect
	if l := c.Lift; l != nil && (l.Estimate != nil || unboundedLift(l)) {
		out = append(out, liftEffect(l))
	}
	onDifference := c.Margin != nil && c.Margin.Scale == result.OnDifference
	if d := c.Difference; d != nil && d.Estimate != nil && (onDifference || c.Lift == nil || unboundedLift(c.Lift)) {
		out = append(out, differenceEffect(d, s))
	}
	return out
}

func differenceEffect(d *result.Estimate, s scale) effect {
	return effect{"difference", s.change(d.Estimate), interval(s.end(d.Lower), s.end(d.Upper))}
}

// hugeLift is where the end of a lift's interval says no more than that it is far away: 10,000%.
var hugeLift = 100.0

func liftEffect(l *result.Lift) effect {
	n := liftDecimals(l)
	e := effect{Name: "lift", Estimate: signedPercent(l.Estimate, n)}
	if unboundedLift(l) {
		e.Interval = "unbounded"
		return e
	}
	end := func(x *float64) string {
		if x != nil && *x > hugeLift {
			return ">" + strings.TrimSuffix(signedPercent(&hugeLift, 0), "%")
		}
		return strings.TrimSuffix(signedPercent(x, n), "%")
	}
	e.Interval = interval(end(l.Lower), end(l.Upper))
	return e
}

func unboundedLift(l *result.Lift) bool { return l.Shape == "exclusive" || l.Shape == "all" }

// interval is empty when neither end exists.
func interval(lower, upper string) string {
	if lower == absent && upper == absent {
		return ""
	}
	return fmt.Sprintf("[%s, %s]", lower, upper)
}
