package procedure

import (
	"errors"

	"liftgate/stats"
	"liftgate/stats/mean"
)

func means() []Procedure {
	return family("means",
		define("welch", "two means by Welch's t test (1947), the lift by Fieller's theorem (1954)",
			`{"control": [104, 312, 984], "treatment": [98, 343, 1301]}`, meanTest(mean.Welch)),
		define("pooled-t", "two means by Student's t test (1908), which takes their variances to be equal",
			`{"control": [104, 312, 984], "treatment": [98, 343, 1301]}`, meanTest(mean.Pooled)),
		define("z-means", "two means by the normal test, for large samples",
			`{"control": [20000, 110000, 3484856], "treatment": [21000, 123900, 4064811]}`, meanTest(mean.Z)),
	)
}

type twoMeansInput struct {
	twoSums
	atLevel
	Null float64 `json:"null" default:"0" doc:"the difference under the null hypothesis"`
}

// meanTest answers also where no value differs from another: with the means, and nothing that a test would say.
func meanTest(test func(treated, control stats.Moments, o mean.Options) (mean.Result, error)) func(twoMeansInput) (mean.Result, error) {
	return func(in twoMeansInput) (mean.Result, error) {
		if err := in.check(); err != nil {
			return mean.Result{}, err
		}
		treated, control, err := in.moments()
		if err != nil {
			return mean.Result{}, err
		}
		r, err := test(treated, control, mean.Options{Null: in.Null, Level: in.Level})
		if errors.Is(err, stats.ErrNoVariance) {
			r.Warnings, err = append(r.Warnings, err.Error()), nil
		}
		return r, err
	}
}
