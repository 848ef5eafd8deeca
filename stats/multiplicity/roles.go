package multiplicity

import (
	"fmt"

	"liftgate/stats"
)

// Roles count the hypotheses of an experiment by what they are for, and the treatments that each is tested on.
type Roles struct {
	Success    int // any one of them can launch
	Guardrails int // all of them must pass
	Watched    int // deterioration and quality metrics: any one of them can stop a launch
	Treatments int // variants besides the control
}

// Shares are the error rates of single tests, by role.
type Shares struct {
	Success    float64 // alpha / (S K), two-sided
	Guardrail  float64 // alpha / K, not split among guardrails
	Watched    float64 // alpha / (D K), two-sided
	Supporting float64 // alpha: shown, never decided on
}

// Split gives each test its share of the experiment's error rate. Success metrics share it, because any one of them can launch;
// guardrails do not, because all must pass (an intersection-union test: R. L. Berger, Technometrics 24 (1982) 295-300, theorem 1);
// deterioration and quality metrics share it among themselves. Every share is split over the treatments. A role without metrics has the
// share of one.
func (r Roles) Split(alpha float64) (Shares, error) {
	if err := r.check(alpha); err != nil {
		return Shares{}, err
	}
	each := alpha / float64(r.Treatments)
	return Shares{
		Success:    each / float64(max(r.Success, 1)),
		Guardrail:  each,
		Watched:    each / float64(max(r.Watched, 1)),
		Supporting: alpha,
	}, nil
}

func (r Roles) check(alpha float64) error {
	if !(alpha > 0 && alpha < 1) {
		return fmt.Errorf("%w: an error rate of %v", stats.ErrInvalid, alpha)
	}
	if r.Treatments < 1 || r.Success < 0 || r.Guardrails < 0 || r.Watched < 0 {
		return fmt.Errorf("%w: %d success metrics, %d guardrails, %d watched metrics on %d treatments",
			stats.ErrInvalid, r.Success, r.Guardrails, r.Watched, r.Treatments)
	}
	return nil
}
