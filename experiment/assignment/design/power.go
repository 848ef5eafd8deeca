package design

import (
	"math"

	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/stats/power"
)

// power is the chance to find the effects that the success metrics are planned for, were the outcome of a merchant the balance variable: with the
// variance of complete randomisation, and with what the design leaves of it. A variable with which no effect can be relative has none.
func (r *roll) power(c *assignment.Comparison, b *assignment.Balanced, mean, sd float64) []assignment.PlannedPower {
	plan := power.Design{
		Alpha: r.definition.Decision.Alpha, Power: r.definition.Decision.Power, Ratio: float64(c.Treated) / float64(c.Controls), Student: true,
	}
	var out []assignment.PlannedPower
	for i := range r.definition.Metrics {
		m := &r.definition.Metrics[i]
		if m.Role != experiment.Success || m.MDE == nil || mean == 0 {
			continue
		}
		hypothesis := power.Hypothesis{Effect: *m.MDE, Relative: true}
		row := assignment.PlannedPower{Variable: b.Name, Metric: m.Name, Effect: *m.MDE, Designed: 1}
		var err error
		if row.Complete, err = plan.PowerAt(power.Mean(mean, sd), hypothesis, float64(c.Controls)); err != nil {
			continue
		}
		if b.Gain != nil {
			row.Designed, err = plan.PowerAt(power.Mean(mean, sd/math.Sqrt(*b.Gain)), hypothesis, float64(c.Controls))
		}
		if err == nil {
			out = append(out, row)
		}
	}
	return out
}
