package analysis

import (
	"liftgate/experiment"
	"liftgate/stats/multiplicity"
)

// alphas are the error rates of single hypotheses by role: the definition's alpha, split as stats/multiplicity says.
func alphas(d *experiment.Definition) (map[experiment.Role]float64, error) {
	roles := multiplicity.Roles{Treatments: len(d.Variants) - 1}
	for i := range d.Metrics {
		switch d.Metrics[i].Role {
		case experiment.Success:
			roles.Success++
		case experiment.Guardrail:
			roles.Guardrails++
		case experiment.Deterioration, experiment.Quality:
			roles.Watched++
		}
	}
	shares, err := roles.Split(d.Decision.Alpha)
	if err != nil {
		return nil, err
	}
	return map[experiment.Role]float64{
		experiment.Success: shares.Success, experiment.Guardrail: shares.Guardrail,
		experiment.Deterioration: shares.Watched, experiment.Quality: shares.Watched, experiment.Supporting: shares.Supporting,
	}, nil
}
