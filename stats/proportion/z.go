package proportion

import (
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// ZOptions choose the z test's variant; the zero value is the pooled one without correction.
type ZOptions struct {
	// Unpooled takes each variant's own proportion for the variance.
	Unpooled bool
	// Continuity takes F. Yates' (1/n1 + 1/n0)/2 off the difference's absolute value, and adds it to the intervals' half-widths.
	Continuity bool
}

// ZTest is what [Z] gives.
type ZTest struct {
	Difference       float64
	StdErrorPooled   float64
	StdErrorUnpooled float64
	Correction       float64 // of the difference's absolute value, for continuity
	Statistic        float64
	PValue           float64 // two-sided
	LogPValue        float64 // natural logarithm
	Interval         Interval
	Lift             float64
	LiftInterval     Interval // from the logarithm of the ratio
	LogRatioStdError float64
	Warnings         []string
}

// Z is the z test of two proportions, with the interval of the same standard error around the difference: as many tools print it. The
// squared pooled statistic is Pearson's chi-square. Wald intervals miss their level at few events: prefer [Score].
//
// The lift's interval is the one of the logarithm of the ratio; with the pooled error it is that of the difference over the pooled
// proportion, and the correction is taken over the control's, as tea-tasting does.
//
// Valid from about 10 successes and failures a variant in the middle of the range; farther out not even there. Without variance the
// statistic, its p and the lift's interval do not exist, and there is a warning.
func Z(treated, control stats.Binomial, level float64, o ZOptions) (ZTest, error) {
	if err := check(treated, control, level); err != nil {
		return ZTest{}, err
	}
	n1, n0 := float64(treated.N), float64(control.N)
	p1, p0 := share(treated), share(control)
	both := stats.Binomial{Successes: treated.Successes + control.Successes, N: treated.N + control.N}
	t := ZTest{
		Difference:       difference(treated, control),
		StdErrorPooled:   math.Sqrt(variance(both) * (n1/n0 + n0/n1 + 2)),
		StdErrorUnpooled: math.Sqrt(variance(treated) + variance(control)),
		Lift:             p1/p0 - 1,
	}
	if o.Continuity {
		t.Correction = (1/n1 + 1/n0) / 2
	}
	se := t.StdErrorPooled
	t.LogRatioStdError = se / share(both)
	if o.Unpooled {
		se = t.StdErrorUnpooled
		t.LogRatioStdError = math.Sqrt((1-p1)/(n1*p1) + (1-p0)/(n0*p0))
	}
	t.Statistic = math.Copysign(math.Max(math.Abs(t.Difference)-t.Correction, 0), t.Difference) / se
	t.PValue = 2 * dist.NormalSF(math.Abs(t.Statistic))
	t.LogPValue = math.Ln2 + dist.NormalLogSF(math.Abs(t.Statistic))
	z := critical(level)
	t.Interval = around(t.Difference, z*se+t.Correction)
	half := z*t.LogRatioStdError + t.Correction/p0
	t.LiftInterval = Interval{math.Expm1(math.Log1p(t.Lift) - half), math.Expm1(math.Log1p(t.Lift) + half)}
	t.withhold(se, p1, p0)
	return t, nil
}

// withhold takes back what the data give no answer to.
func (t *ZTest) withhold(se, p1, p0 float64) {
	if se == 0 {
		t.Statistic, t.PValue, t.LogPValue = math.NaN(), math.NaN(), math.NaN()
		t.Interval = Interval{math.NaN(), math.NaN()}
		t.Warnings = append(t.Warnings, "no variance by this formula, so there is no statistic: use the score test")
	}
	if p1 == 0 || p0 == 0 {
		t.LogRatioStdError, t.LiftInterval = math.NaN(), Interval{math.NaN(), math.NaN()}
		t.Warnings = append(t.Warnings, "a variant has no success, so the logarithm of the ratio has no interval: use the score interval")
	}
	if p0 == 0 {
		t.Lift = math.NaN()
	}
}
