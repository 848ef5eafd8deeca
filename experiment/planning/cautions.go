package planning

import (
	"fmt"
	"strings"
)

// cautions are what a reader of the whole plan has to know.
func (p *planner) cautions(out *Plan) []string {
	var all []string
	if p.definition.Monitoring.Method == "always-valid" {
		all = append(all, "Always-valid monitoring: each size is where the confidence sequence, tuned to be narrowest there, reaches the power. "+
			"A larger effect is found earlier.")
	}
	var before []string
	measured := false
	for _, r := range out.Metrics {
		measured = measured || r.Source == beforeExposure || r.Source == fromData
		if r.Source == beforeExposure {
			before = append(before, r.Metric)
		}
	}
	if len(before) > 0 {
		all = append(all, fmt.Sprintf("Levels from before the exposure (%s) may be far below those after it, since who meets the experiment is about to buy. "+
			"A level that is too low makes a lift look too expensive, and a margin in percentage points too cheap. Take levels from a past analysis "+
			"(its control) and give them: --baseline NAME=LEVEL (or LEVEL,SD), or baseline in the definition, which keeps the measured spread.",
			strings.Join(before, ", ")))
	}
	if p.definition.Trigger != nil && measured {
		all = append(all, "Triggers are ignored when levels and traffic are measured: give --units-per-day as the units that trigger, and --baseline as their levels.")
	}
	return all
}
