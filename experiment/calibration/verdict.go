package calibration

import (
	"fmt"

	"liftgate/experiment"
)

// tolerance is how far, relatively, an error rate may lie from what it should be before it is worth a word: methods that are good for 5 % are held to
// 4.5 to 5.5 % (see stats.OutsideSkewness).
const tolerance = 0.1

// mostly is the share of splits without a verdict from which there is nothing to calibrate.
const mostly = 0.5

// serious orders verdicts.
func (v Verdict) serious() int {
	switch v {
	case Holds:
		return 0
	case Conservative:
		return 1
	case Outside:
		return 2
	case TooMany:
		return 3
	default:
		return 4
	}
}

// verdict judges a comparison by the error that its metric's role must not make: a guardrail's by false non-inferiority, all others by false
// positives.
func (c *campaign) verdict(m int, out *Comparison) (v Verdict, reason string) {
	test, what := &out.FalsePositives, "of the splits show a difference"
	if out.FalseNonInferior != nil {
		test, what = out.FalseNonInferior, "of the treatments that are as bad as the margin pass"
	}
	compared := out.Splits - out.Failed
	switch {
	case compared == 0 || float64(out.Failed) > mostly*float64(out.Splits):
		return NotCalibrated, "nothing can be compared: " + out.FailedReason
	case float64(out.Outside) > mostly*float64(compared) || test.Of == 0:
		return Outside, fmt.Sprintf("in %s of the splits no verdict is given, in the first because %s", percent(float64(out.Outside)/float64(compared)), out.OutsideReason)
	}
	seen := fmt.Sprintf("%s %s, %s should (99%% interval %s to %s)",
		percent(*test.Rate.Rate), what, percent(test.Alpha), percent(*test.Lower), percent(*test.Upper))
	if out.Outside > 0 {
		seen += fmt.Sprintf("; %s of all get no verdict", percent(float64(out.Outside)/float64(compared)))
	}
	if c.metrics[m].noHarm != "" {
		seen += "; " + c.metrics[m].noHarm
	}
	switch {
	case *test.Lower > test.Alpha*(1+tolerance):
		return TooMany, seen
	case *test.Upper < test.Alpha*(1-tolerance):
		return Conservative, seen
	default:
		return Holds, seen
	}
}

// do says what to do about a verdict.
func (c *campaign) do(m int, v Verdict) string {
	d := &c.study.Definition.Metrics[m]
	merchants := c.study.Query.Clustered
	switch {
	case v == Conservative:
		return "Its verdicts can be trusted; an effect takes more units to show than planned. Rare events and ties do this; a longer window or a coarser event helps."
	case v == Outside && merchants:
		return "Plan for more merchants, or for a longer experiment; until then nothing is decided by this metric."
	case v == Outside && d.Type == experiment.Mean && d.Cap == nil:
		return "Cap it, such as cap: {upper: 99.9%}, or plan for more units; until then nothing is decided by this metric."
	case v == Outside:
		return "Plan for more units, or take an event that is less rare; until then nothing is decided by this metric."
	case v == TooMany && merchants:
		return "Do not decide by it: a few merchants make the result. Add merchants, let each count the same (weight: merchant), or cap the values."
	case v == TooMany && d.Type == experiment.Mean && d.Cap == nil:
		return "Do not decide by it as it is: cap it, such as cap: {upper: 99.9%}, and calibrate again."
	case v == TooMany:
		return "Do not decide by it as it is: lower the cap or take more units, and calibrate again; look for units that are one and the same customer."
	default:
		return ""
	}
}
