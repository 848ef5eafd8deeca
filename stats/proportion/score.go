package proportion

import (
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/score"
)

// ScoreTest is what [Score] gives.
type ScoreTest struct {
	Statistic, PValue, LogPValue float64 // of no difference, two-sided
	Difference, Ratio, OddsRatio Limits
	Warnings                     []string
}

// Score is the score test of two proportions with the intervals of the difference, the ratio and the odds ratio that invert it.
//
// With the variance factor N/(N-1) it is Miettinen and Nurminen's (1985), the test of stats.CompareProportions; uncorrected it is Mee's of
// the difference (1984), Koopman's of the ratio (1984) and Cornfield's without continuity of the odds ratio. A ratio without successes
// in the control has no upper limit ("inf"). Region of validity: that of stats.CompareProportions.
func Score(treated, control stats.Binomial, level float64, uncorrected bool) (ScoreTest, error) {
	if err := check(treated, control, level); err != nil {
		return ScoreTest{}, err
	}
	c := score.Counts{
		X1: float64(treated.Successes), N1: float64(treated.N),
		X0: float64(control.Successes), N0: float64(control.N), Uncorrected: uncorrected,
	}
	z := critical(level)
	s := ScoreTest{Statistic: c.Difference(0)}
	s.PValue = 2 * dist.NormalSF(math.Abs(s.Statistic))
	s.LogPValue = math.Ln2 + dist.NormalLogSF(math.Abs(s.Statistic))
	lower, upper := c.DifferenceLimits(z)
	s.Difference = Limits{c.Observed(), lower, upper}
	s.Ratio = exponential(c.X1/c.N1/(c.X0/c.N0), c.RatioLimits, z)
	s.OddsRatio = exponential(c.X1*(c.N0-c.X0)/(c.X0*(c.N1-c.X1)), c.OddsRatioLimits, z)
	if math.IsNaN(s.Ratio.Estimate) || math.IsNaN(s.OddsRatio.Estimate) {
		s.Warnings = append(s.Warnings, "no unit differs from another: a ratio is not defined, read the difference")
	}
	return s, nil
}

func exponential(estimate float64, limits func(z float64) (lower, upper float64), z float64) Limits {
	lower, upper := limits(z)
	return Limits{estimate, math.Exp(lower), math.Exp(upper)}
}
