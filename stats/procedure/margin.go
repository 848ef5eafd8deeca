package procedure

import (
	"liftgate/stats"
	"liftgate/stats/margin"
	"liftgate/stats/mean"
)

func margins() []Procedure {
	return family("margin",
		define("margin-means", "non-inferiority and equivalence of two means by two one-sided tests (Schuirmann 1987)",
			`{"control": [95, 495.9, 2653.3546], "treatment": [89, 467.25, 2532.4825], "lower": -0.384, "upper": 0.384, "alpha": 0.05}`, marginOfMeans),
		define("margin-proportions", "non-inferiority and equivalence of two proportions by Miettinen and Nurminen's score tests",
			`{"control": [240, 2000], "treatment": [236, 2000], "lower": -0.02, "upper": 0.02}`, marginOfProportions),
		define("margin-ratio-metrics", "non-inferiority and equivalence of two ratios of totals by the delta method",
			`{"control": {"n": 100, "y": 102.3, "d": 424, "yy": 154.1, "dd": 2086, "yd": 490.1}, "treatment": {"n": 100, "y": 108.5, "d": 412, "yy": 190.3, "dd": 2102, "yd": 568.8}, "lower": -0.1, "upper": 0.1}`, marginOfRatios),
	)
}

// marginInput is what counts as harmless.
type marginInput struct {
	Lower         float64 `json:"lower" doc:"lower margin of treatment - control, or of treatment / control - 1"`
	Upper         float64 `json:"upper" doc:"upper margin"`
	Relative      bool    `json:"relative" default:"false" doc:"whether the margins are of treatment / control - 1"`
	LowerIsBetter bool    `json:"lower_is_better" default:"false" doc:"whether less is better; non-inferiority is then about the upper margin"`
	Alpha         float64 `json:"alpha" default:"0.025" doc:"level of each one-sided test"`
}

func (in marginInput) test(c stats.Contrast, err error) (margin.Result, error) {
	if err != nil {
		return margin.Result{}, err
	}
	return margin.Test(c, margin.Margins{
		Lower: in.Lower, Upper: in.Upper, Relative: in.Relative, LowerIsBetter: in.LowerIsBetter, Alpha: in.Alpha,
	})
}

type meanMarginInput struct {
	twoSums
	marginInput
	Reference string `json:"reference" default:"\"welch\"" doc:"welch, pooled (one variance for both) or z for the normal distribution"`
}

func marginOfMeans(in meanMarginInput) (margin.Result, error) {
	treated, control, err := in.moments()
	if err != nil {
		return margin.Result{}, err
	}
	l, err := mean.Levels(treated, control, mean.Reference(in.Reference))
	if err != nil {
		return margin.Result{}, err
	}
	return in.test(l.Contrast())
}

type proportionMarginInput struct {
	twoCounts
	marginInput
}

func marginOfProportions(in proportionMarginInput) (margin.Result, error) {
	treated, control, err := in.binomials()
	if err != nil {
		return margin.Result{}, err
	}
	return in.test(stats.CompareProportions(treated, control))
}

type ratioMarginInput struct {
	marginInput
	Control   ratioSums `json:"control" doc:"{n, y, d, yy, dd, yd}: units, sums of numerator y and denominator d, and of their squares and products"`
	Treatment ratioSums `json:"treatment" doc:"the same for the treatment"`
}

func marginOfRatios(in ratioMarginInput) (margin.Result, error) {
	treated, err := in.Treatment.moments()
	if err != nil {
		return margin.Result{}, err
	}
	control, err := in.Control.moments()
	if err != nil {
		return margin.Result{}, err
	}
	return in.test(stats.CompareRatios(treated, control))
}
