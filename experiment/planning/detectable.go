package planning

import (
	"math"

	"liftgate/experiment"
	"liftgate/experiment/result"
)

// horizon is the number of units that the schedule brings, or that the plan asks for where there is none; 0 when neither is known.
func (p *planner) horizon(out *Plan) float64 {
	switch {
	case out.Schedule != nil && p.basis.UnitsPerDay > 0:
		return *out.Schedule * p.basis.UnitsPerDay
	case out.Total != nil:
		return out.Total.Units
	}
	return 0
}

// detectable adds to every row what the schedule can show, and the power as units come in.
func (p *planner) detectable(out *Plan) error {
	horizon := p.horizon(out)
	if horizon == 0 {
		return nil
	}
	last := horizon
	if out.Total != nil {
		last = math.Max(last, out.Total.Units)
	}
	for i := range out.Metrics {
		row := &out.Metrics[i]
		q, err := p.ask(p.metric(row.Metric))
		if err != nil {
			return err
		}
		if row.Detectable, err = p.shows(q, row, horizon); err != nil {
			return err
		}
		if row.Units != nil {
			row.curve = p.curve(q, 1.2*last)
		}
	}
	return nil
}

// shows is the effect that so many units can find, or the margin that they can prove; nil when there is none.
func (p *planner) shows(q question, row *Row, units float64) (*Effect, error) {
	metric, control := p.grown(q, units), units*p.control
	find := q.design.DetectableEffect
	scale := result.OnLift
	if row.Test == result.NonInferiority {
		find, scale = q.design.ProvableMargin, row.Effect.Scale
	}
	value, err := find(metric, q.hypothesis, control)
	if noAnswer(err) {
		return nil, nil
	}
	return &Effect{value, scale}, err
}

// point is the power at a number of units.
type point struct{ units, power float64 }

// curve is the power up to a number of units, closer where it rises first; a point without an answer is left out.
func (p *planner) curve(q question, last float64) []point {
	const steps = 100
	var out []point
	for i := 1; i <= steps; i++ {
		share := float64(i) / steps
		units := last * share * share
		if chance, err := p.powerAt(q, units); err == nil {
			out = append(out, point{units, chance})
		}
	}
	return out
}

func (p *planner) metric(name string) *experiment.Metric {
	for i := range p.definition.Metrics {
		if p.definition.Metrics[i].Name == name {
			return &p.definition.Metrics[i]
		}
	}
	return nil
}
