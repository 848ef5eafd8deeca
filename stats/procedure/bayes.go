package procedure

import (
	"errors"

	"liftgate/stats/bayes"
)

func bayesian() []Procedure {
	return family("bayes",
		define("bayes-proportions", "two proportions by beta-binomial posteriors: chance to beat, expected loss, chance beyond a margin",
			`{"control": [100, 1000], "treatment": [120, 1000]}`, bayesProportions),
		define("bayes-effect", "an effect or lift with a normal error and a normal prior, or a flat one: chance, expected loss, chance beyond a margin",
			`{"estimate": 0.05, "std_error": 0.02, "prior": [0, 0.1]}`, bayesEffect),
	)
}

type bayesProportionsInput struct {
	twoCounts
	Prior  [2]float64 `json:"prior" default:"[1, 1]" doc:"[a, b] of the beta prior of each rate"`
	Margin float64    `json:"margin" default:"0" doc:"margin of the difference, and of the lift, that the treatment should be beyond"`
}

type bayesProportionsOutput struct {
	bayes.Rates
	BeyondDifference float64
	BeyondLift       float64
}

func bayesProportions(in bayesProportionsInput) (bayesProportionsOutput, error) {
	treated, control, err := in.binomials()
	if err != nil {
		return bayesProportionsOutput{}, err
	}
	r, err := bayes.CompareRates(treated, control, bayes.Beta{A: in.Prior[0], B: in.Prior[1]})
	if err != nil {
		return bayesProportionsOutput{}, err
	}
	difference, err1 := r.BeyondDifference(in.Margin)
	lift, err2 := r.BeyondLift(in.Margin)
	return bayesProportionsOutput{r, difference, lift}, errors.Join(err1, err2)
}

type bayesEffectInput struct {
	atLevel
	Estimate float64     `json:"estimate" doc:"estimated effect"`
	StdError float64     `json:"std_error" doc:"its standard error"`
	Prior    *[2]float64 `json:"prior" optional:"true" doc:"[mean, standard deviation] of the normal prior; left out: flat"`
	Margin   float64     `json:"margin" default:"0" doc:"margin that the effect should be beyond"`
}

func bayesEffect(in bayesEffectInput) (bayes.Effect, error) {
	var prior *bayes.Normal
	if in.Prior != nil {
		prior = &bayes.Normal{Mean: in.Prior[0], SD: in.Prior[1]}
	}
	return bayes.Update(in.Estimate, in.StdError, prior, in.Margin, in.Level)
}
