package proportion

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/score"
)

// NonInferiority is what [FarringtonManning] gives.
type NonInferiority struct {
	Difference                   float64
	Statistic, PValue, LogPValue float64 // one-sided: small means not worse by the margin
	RestrictedTreatment          float64 // proportions of largest likelihood at the margin
	RestrictedControl            float64
	WaldStatistic, WaldPValue    float64 // with the unpooled variance
	Warnings                     []string
}

// FarringtonManning tests that the treatment's proportion is lower than the control's by the margin or more (Farrington and Manning
// 1990, method 3): the deviation from the margin over the variance restricted to it, Mee's score statistic. With lowerIsBetter the
// hypothesis is that it is higher by the margin or more. A margin of 0 asks for superiority, one below 0 for superiority by more than
// that. Without variance there is no Wald statistic.
func FarringtonManning(treated, control stats.Binomial, margin float64, lowerIsBetter bool) (NonInferiority, error) {
	if err := check(treated, control, 0.5); err != nil {
		return NonInferiority{}, err
	}
	if !(math.Abs(margin) < 1) {
		return NonInferiority{}, fmt.Errorf("%w: a margin of %v, it must lie between -1 and 1", stats.ErrInvalid, margin)
	}
	c := score.Counts{
		X1: float64(treated.Successes), N1: float64(treated.N),
		X0: float64(control.Successes), N0: float64(control.N), Uncorrected: true,
	}
	better, null := 1.0, -margin
	if lowerIsBetter {
		better, null = -1, margin
	}
	out := NonInferiority{Difference: c.Observed(), Statistic: better * c.Difference(null)}
	out.PValue, out.LogPValue = dist.NormalSF(out.Statistic), dist.NormalLogSF(out.Statistic)
	out.RestrictedTreatment, out.RestrictedControl = c.Restricted(null)
	se := math.Sqrt(variance(treated) + variance(control))
	out.WaldStatistic = better * (out.Difference - null) / se
	out.WaldPValue = dist.NormalSF(out.WaldStatistic)
	if se == 0 {
		out.WaldStatistic, out.WaldPValue = math.NaN(), math.NaN()
		out.Warnings = append(out.Warnings, "no variance, so no Wald statistic; the score statistic stands")
	}
	return out, nil
}
