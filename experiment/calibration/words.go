package calibration

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liftgate/experiment/result"
)

// percent prints a share for a reader.
func percent(share float64) string {
	digits := 3
	if p := 100 * share; p >= 99.5 && p < 100 || p >= 10 && p < 99.5 {
		return strconv.FormatFloat(math.Round(p*10)/10, 'f', -1, 64) + "%"
	}
	return strconv.FormatFloat(100*share, 'g', digits, 64) + "%"
}

// mark is a verdict for a table.
func (v Verdict) mark() string {
	return map[Verdict]string{
		Holds: "✓ holds", TooMany: "✗ too many false positives", Conservative: "~ conservative", Outside: "! no verdict", NotCalibrated: "– not calibrated",
	}[v]
}

// Headline says in one sentence what came out.
func (c *Calibration) Headline() string {
	names := map[Verdict][]string{}
	for i := range c.Metrics {
		names[c.Metrics[i].Verdict] = append(names[c.Metrics[i].Verdict], c.Metrics[i].Metric)
	}
	var parts []string
	for _, v := range []struct {
		Verdict
		text string
	}{
		{TooMany, "too many false positives: %s"},
		{Outside, "mostly no verdict: %s"},
		{Conservative, "conservative: %s"},
		{NotCalibrated, "not calibrated: %s"},
	} {
		if list := names[v.Verdict]; list != nil {
			parts = append(parts, fmt.Sprintf(v.text, strings.Join(list, ", ")))
		}
	}
	switch n := len(names[Holds]); {
	case len(parts) == 0:
		return "Error rates hold for every metric."
	case n > 0:
		parts = append(parts, fmt.Sprintf("the other %d hold", n))
	}
	text := strings.Join(parts, "; ") + "."
	return strings.ToUpper(text[:1]) + text[1:]
}

// facts say what was done.
func (c *Calibration) facts() string {
	who := map[Population]string{Everyone: "all variants together", Control: "of the control"}[c.Population]
	units := result.Count(c.Units) + " " + c.Unit + "s"
	if c.AnalysisUnits != c.Units {
		units += " with " + result.Count(c.AnalysisUnits) + " shoppers"
	}
	return fmt.Sprintf("%s (%s) were dealt out %s times at random (seed %d): nothing is different, so every difference that is found is false.",
		units, who, result.Count(int64(c.Splits)), c.Seed)
}

// notes are what is to be known of metrics that do not hold.
func (c *Calibration) notes() []string {
	var out []string
	for i := range c.Metrics {
		m := &c.Metrics[i]
		if m.Verdict == Holds {
			continue
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s: %s. %s", m.Metric, strings.TrimSuffix(m.Reason, "."), m.Do)))
	}
	for i := range c.Metrics {
		for _, k := range c.Metrics[i].Comparisons {
			if k.Splits < c.Splits {
				out = append(out, fmt.Sprintf("%s: the first %s splits only, because randomisation inference decides, whose p-values are exact by construction.",
					c.Metrics[i].Metric, result.Count(int64(k.Splits))))
				break
			}
		}
	}
	return out
}

// together say what happened to the experiment as a whole.
func (c *Calibration) together() []string {
	var out []string
	if s := c.Scorecard; s.Better.Of > 0 {
		out = append(out, fmt.Sprintf("All metrics together: a success metric better in %s, a success, deterioration or quality metric worse in %s of the splits; alpha is %s for both sides.",
			percent(*s.Better.Rate), percent(*s.Worse.Rate), percent(s.Alpha)))
	}
	var checks []string
	for _, k := range c.Checks {
		if k.Warn.Rate == nil {
			continue
		}
		text := fmt.Sprintf("%s %s", k.Check, percent(*k.Warn.Rate))
		if k.Alpha != nil {
			text += fmt.Sprintf(" (%s allowed)", percent(*k.Alpha))
		}
		checks = append(checks, text)
	}
	if len(checks) > 0 {
		out = append(out, "Checks that would warn: "+strings.Join(checks, ", ")+" of the splits.")
	}
	return out
}
