package decision

import (
	"fmt"

	"liftgate/experiment/result"
)

// finding is what one metric says about a treatment: whether it blocks a launch, why, and what would unblock it.
type finding struct {
	verdict string
	blocks  bool
	why     string
	needs   string
}

// find judges one deciding metric. Evidence that is missing blocks, whatever the role.
func find(r *result.Result, m *result.Metric, c *result.Comparison) finding {
	switch {
	case m.Status == result.NotSupported: // its reason says so
		return finding{unproven(m.Role), true, title(m) + ": " + m.Reason, statusNeeds(m)}
	case m.Status != result.OK:
		return finding{unproven(m.Role), true, title(m) + " " + standing(m.Status) + ": " + m.Reason, statusNeeds(m)}
	case c.Outside != "":
		return finding{unproven(m.Role), true, sentence(m, c) + ", an indication only: " + c.Outside, outsideNeeds(r)}
	case m.Role == roleGuardrail:
		return guardrail(r, m, c)
	case m.Role == roleSuccess:
		return success(r, m, c)
	default:
		return watched(m, c)
	}
}

// unproven is the verdict of a hypothesis without usable evidence.
func unproven(role string) string {
	if role == roleGuardrail {
		return result.NotProven
	}
	return result.Inconclusive
}

func statusNeeds(m *result.Metric) string {
	switch m.Status {
	case result.NoData:
		return "Restore its feed, reload the data and analyse again."
	case result.Failed:
		return "Mend its definition or data and analyse again."
	case result.Immature:
		return "Wait until the windows have closed and analyse again."
	default:
		return "Judge it by other means, or take it out of the decision before the next experiment."
	}
}

// outsideNeeds says what would bring data into the region where a method's error rates are known.
func outsideNeeds(r *result.Result) string {
	if r.Unit == unitMerchant {
		return "More merchants, in a new experiment or an extension declared in advance; where rare events or a few large values are the reason, more shoppers or a cap declared in advance help too."
	}
	return "More units, in a new experiment or an extension declared in advance; where a few large values are the reason, a cap declared in advance."
}

func guardrail(r *result.Result, m *result.Metric, c *result.Comparison) finding {
	f := finding{verdict: c.Verdict, why: sentence(m, c)}
	switch {
	case c.Margin == nil:
		return finding{result.NotProven, true, title(m) + " has no margin, so nothing can be proven", "Declare a margin before the next experiment."}
	case c.Verdict == result.Harmful:
		f.blocks, f.why = true, f.why+", wholly beyond the margin of "+margin(m, c)
		f.needs = "Change the treatment: more data will not help."
	case c.Verdict != result.NonInferior:
		f.verdict, f.blocks, f.why = result.NotProven, true, f.why+", not wholly inside the margin of "+margin(m, c)
		f.needs = moreUnits(r, m, c)
	default:
		f.why += ", wholly inside the margin of " + margin(m, c)
		if s, how := contradicted(m, c); s != nil {
			f = finding{result.NotProven, true, f.why + ", but not " + how, "Look at the units or values that make the difference."}
			if s.Outside != "" {
				f.why, f.needs = f.why+", where nothing is proven: "+s.Outside, sensitivityNeeds(r, s)
			}
		}
	}
	return f
}

// contradicted is the sensitivity that a guardrail must pass too and does not, in words too. An adjustment is a matter of precision only.
func contradicted(m *result.Metric, c *result.Comparison) (*result.Sensitivity, string) {
	for i := range c.Sensitivity {
		s := &c.Sensitivity[i]
		if s.Verdict == result.NonInferior && s.Outside == "" {
			continue
		}
		switch s.Name {
		case "without_crossover":
			return s, "without crossover units"
		case uncapped:
			if hidesHarm(m) {
				return s, "with uncapped values"
			}
		}
	}
	return nil, ""
}

// hidesHarm reports whether a cap limits the side on which harm lies: large refunds, where lower is better. A result that does not
// say which side is capped is taken to.
func hidesHarm(m *result.Metric) bool {
	switch {
	case m.Cap == nil:
		return true
	case m.Better == lowerIsBetter:
		return m.Cap.Upper != nil
	default:
		return m.Cap.Lower != nil
	}
}

// sensitivityNeeds says what would bring a sensitivity into its method's region. A cap does not help one that is to do without.
func sensitivityNeeds(r *result.Result, s *result.Sensitivity) string {
	if s.Name != uncapped {
		return outsideNeeds(r)
	}
	more := "More units"
	if r.Unit == unitMerchant {
		more = "More merchants, or shoppers of theirs"
	}
	return more + ", in a new experiment or an extension declared in advance. Where a few large values outweigh any number of them, guard a share too, such as that of large losses."
}

func success(r *result.Result, m *result.Metric, c *result.Comparison) finding {
	f := finding{verdict: c.Verdict, why: sentence(m, c)}
	switch c.Verdict {
	case result.Worse:
		f.blocks, f.why = true, f.why+": significantly worse"
		f.needs = "Change the treatment: more data will not help."
	case result.Better:
		f.why += ": significantly better"
	default:
		f.why += ": no significant difference"
		f.needs = moreUnits(r, m, c)
	}
	return f
}

func watched(m *result.Metric, c *result.Comparison) finding {
	f := finding{verdict: c.Verdict, why: sentence(m, c)}
	switch c.Verdict {
	case result.Worse:
		f.blocks, f.why = true, f.why+": significantly worse"
		f.needs = "Change the treatment, or accept the deterioration in a recorded decision."
	case result.Better:
		f.why += ": significantly better"
	case result.Inconclusive:
		f.why += ": no significant deterioration"
	default:
		f.verdict, f.blocks = result.Inconclusive, true
		f.why = fmt.Sprintf("%s has the verdict %q, which a watched metric cannot have", title(m), c.Verdict)
		f.needs = "Mend the analysis."
	}
	return f
}
