package planning

import (
	"liftgate/experiment"
)

// cost compares the plan with one that lacks its most expensive guardrail; nil without guardrails, and for a plan without a total.
func (p *planner) cost(plan *Plan) (*Cost, error) {
	if plan.Total == nil {
		return nil, nil
	}
	var dearest *Row
	for i := range plan.Metrics {
		r := &plan.Metrics[i]
		if r.Role == string(experiment.Guardrail) && r.Units != nil && (dearest == nil || sum(r.Units) > sum(dearest.Units)) {
			dearest = r
		}
	}
	if dearest == nil {
		return nil, nil
	}
	fewer, err := newPlanner(p.definition, p.basis, dearest.Metric)
	if err != nil {
		return nil, err
	}
	rest, err := fewer.plan()
	if err != nil || rest.Total == nil {
		return nil, err
	}
	q, err := p.ask(p.metric(dearest.Metric))
	if err != nil {
		return nil, err
	}
	halving, err := p.shows(q, dearest, sum(dearest.Units)/2)
	return &Cost{
		Metric: dearest.Metric, Units: plan.Total.Units, Days: plan.Total.Days, UnitsWithout: rest.Total.Units, DaysWithout: rest.Total.Days,
		HalvingMargin: halving,
	}, err
}
