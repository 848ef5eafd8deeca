package analysis

import (
	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/exact"
)

// smallSample is the number of units in both variants up to which Boschloo's test takes no time and may say something else than the score
// test.
const smallSample = 2000

// exact is an exact test of two shares beside the score test: in small samples, and where that is outside its region. It tests whether
// there is a difference, so it stands beside superiority only. It has no interval, and so decides nothing.
func (h hypothesis) exact(c choice, s *sample, treatment, control int) *result.Sensitivity {
	if s.kind != experiment.Proportion || s.covariates > 0 || s.clusters != nil || h.test() != result.Superiority {
		return nil
	}
	treated, other := binomial(s.variants[treatment]), binomial(s.variants[control])
	small := treated.N+other.N <= smallSample
	if !small && c.outside == "" {
		return nil
	}
	p, ok := exactP(treated, other, small)
	if !ok {
		return nil
	}
	d := c.Difference(1 - h.alpha).Estimate
	out := &result.Sensitivity{Name: "exact", PValue: number(p), Verdict: result.Inconclusive}
	if good, bad := h.sides(d, d, 0); p < h.alpha && good {
		out.Verdict = result.Better
	} else if p < h.alpha && bad {
		out.Verdict = result.Worse
	}
	return out
}

// exactP is Boschloo's two-sided p-value, twice the smaller of its sides, or Fisher's where that takes too long.
func exactP(treated, control stats.Binomial, small bool) (p float64, ok bool) {
	if small {
		test, err := exact.Boschloo(treated, control)
		return test.PDoubled, err == nil
	}
	test, err := exact.Fisher(treated, control, 0.95)
	return test.PValue, err == nil
}
