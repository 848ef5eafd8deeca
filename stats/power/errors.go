package power

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/multiplicity"
)

// Roles are the hypotheses that a launch decision rests on.
type Roles struct {
	Success       int // at least one of which must be better
	Guardrails    int // which must all be shown not to be worse than their margins
	Deterioration int // which must not be shown to be worse (quality metrics too)
	Treatments    int // variants besides the control
}

// Errors are the levels and the missed power of single hypotheses in a decision.
type Errors struct {
	Success       float64 // alpha of a success metric
	Guardrail     float64 // alpha of a guardrail
	Deterioration float64 // alpha of a deterioration or quality metric
	Beta          float64 // missed power that each success metric and guardrail may have
}

// Split shares alpha and beta among the hypotheses of a decision. Success metrics share alpha, since one of them is enough; guardrails do
// not, since all must pass (an intersection-union test); treatments share both. Power is for the decision to launch a good
// treatment: it fails when the success metric or a guardrail misses, or when a deterioration metric alarms falsely, on one side, so
//
//	beta' = (beta - alpha/2 when there are deterioration metrics) / (guardrails + 1)
//
// (Schultzberg, Ankargren, Frånberg 2024, proposition 3).
func (r Roles) Split(alpha, beta float64) (Errors, error) {
	if !(alpha > 0 && alpha < 1 && beta > 0 && beta < 1) {
		return Errors{}, fmt.Errorf("%w: alpha %v and beta %v must lie between 0 and 1", stats.ErrInvalid, alpha, beta)
	}
	roles := multiplicity.Roles{Success: r.Success, Guardrails: r.Guardrails, Watched: r.Deterioration, Treatments: r.Treatments}
	shares, err := roles.Split(alpha)
	if err != nil {
		return Errors{}, err
	}
	out := Errors{Success: shares.Success, Guardrail: shares.Guardrail, Deterioration: shares.Watched, Beta: beta}
	if r.Deterioration > 0 {
		out.Beta -= alpha / 2
	}
	if !(out.Beta > 0) {
		return Errors{}, fmt.Errorf("%w: false alarms of deterioration metrics at alpha %v use up all of beta %v: lower alpha or power", stats.ErrInvalid, alpha, beta)
	}
	out.Beta /= float64(r.Guardrails + 1)
	return out, nil
}
