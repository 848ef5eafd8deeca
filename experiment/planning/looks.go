package planning

import (
	"math"

	"liftgate/stats/anytime"
	"liftgate/stats/sequential"
)

// look raises the size by what looking early costs.
func (p *planner) look(q *question) error {
	switch p.definition.Monitoring.Method {
	case "group-sequential":
		return p.lookAt(q)
	case "always-valid":
		return lookAlways(q)
	}
	return nil
}

func (p *planner) lookAt(q *question) error {
	monitoring := p.definition.Monitoring
	s := sequential.Design{Alpha: q.design.Alpha, Sides: 2, Spending: spending(monitoring.Spending)}
	fractions := make([]float64, len(monitoring.Looks))
	for i, look := range monitoring.Looks {
		fractions[i] = float64(look) / float64(monitoring.Looks[len(fractions)-1])
	}
	inflation, err := s.Inflation(fractions, q.design.Power)
	q.design.Inflation = inflation.Factor
	return err
}

func spending(name string) sequential.Spending {
	switch name {
	case "pocock":
		return sequential.Pocock
	case "hsd":
		return sequential.HwangShihDeCani(-4)
	}
	return sequential.OBrienFleming
}

// lookAlways takes the level of one look whose interval is as wide as the confidence sequence, at the number of units where that is
// tuned to be narrowest. The width in standard errors depends on nothing else, so any one number of units tells it. The power is that of
// the last look; earlier looks can only add to it.
func lookAlways(q *question) error {
	look := anytime.Look{StdError: 1, Units: 1}
	s, err := anytime.Asymptotic(look, anytime.Tuning{Target: look.Units, Alpha: q.alpha}, q.alpha, 0)
	if err != nil {
		return err
	}
	q.design.Alpha = math.Erfc(s.Half / math.Sqrt2)
	return nil
}
