package analysis

import "liftgate/experiment"

// alphas splits the error rate of the experiment among hypotheses by role. Success metrics share it, because any one of them can
// launch; guardrails do not split it, because all must pass; deterioration and quality metrics share it among themselves.
// Every share is split over the treatments.
func alphas(d *experiment.Definition) map[experiment.Role]float64 {
	counts := map[experiment.Role]int{}
	for i := range d.Metrics {
		counts[d.Metrics[i].Role]++
	}
	treatments := float64(len(d.Variants) - 1)
	watched := float64(counts[experiment.Deterioration] + counts[experiment.Quality])
	alpha := d.Decision.Alpha
	return map[experiment.Role]float64{
		experiment.Success:       alpha / (float64(counts[experiment.Success]) * treatments),
		experiment.Guardrail:     alpha / treatments,
		experiment.Deterioration: alpha / (watched * treatments),
		experiment.Quality:       alpha / (watched * treatments),
		experiment.Supporting:    alpha,
	}
}
