package procedure

import (
	"errors"
	"runtime"

	"liftgate/stats/bootstrap"
	"liftgate/stats/quantile"
)

func resampling() []Procedure {
	return family("resampling",
		define("bootstrap-mean", "difference and lift of means by the bootstrap over units: BCa (Efron 1987) and percentiles",
			`{"control": [3, 2, 4, 12, 5, 1, 7, 1], "treatment": [4, 1, 9, 15, 3, 2, 8, 2], "draws": 999}`,
			func(in bootstrapMeanInput) (bootstrap.Comparison, error) {
				return in.compare(bootstrap.Mean(in.Treatment), bootstrap.Mean(in.Control))
			}),
		define("bootstrap-ratio", "difference and lift of ratios of totals by the bootstrap over units",
			`{"control": {"y": [1, 1, 2, 1, 1, 3], "d": [4, 3, 5, 2, 2, 9]}, "treatment": {"y": [2, 1, 0, 3, 1, 2], "d": [4, 3, 1, 5, 2, 6]}, "draws": 999}`,
			func(in bootstrapRatioInput) (bootstrap.Comparison, error) {
				return in.compare(in.Treatment.level(), in.Control.level())
			}),
		define("bootstrap-quantile", "difference and lift of a quantile of rows by the bootstrap over their units",
			`{"y": [3, 5, 8, 2, 9, 4, 6, 7, 12, 3], "t": [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], "cluster": [1, 1, 2, 3, 4, 5, 6, 6, 7, 8], "q": 0.5, "draws": 999}`,
			bootstrapQuantile),
	)
}

type bootstrapOptions struct {
	Level  float64 `json:"level" default:"0.95" doc:"confidence level of the intervals, between 0 and 1"`
	Draws  int     `json:"draws" default:"1999" doc:"how often the units are drawn again"`
	Seed   uint64  `json:"seed" default:"0" doc:"of the random numbers: the same seed gives the same result on any machine"`
	Scheme string  `json:"scheme" default:"\"poisson\"" doc:"poisson, or multinomial for as many units as there are"`
}

func (o bootstrapOptions) compare(treated, control bootstrap.Level) (bootstrap.Comparison, error) {
	return bootstrap.Compare(treated, control, bootstrap.Options{
		Draws: o.Draws, Seed: o.Seed, Level: o.Level, Scheme: bootstrap.Scheme(o.Scheme), Workers: runtime.GOMAXPROCS(0),
	})
}

type bootstrapMeanInput struct {
	twoSamples
	bootstrapOptions
}

type bootstrapRatioInput struct {
	Control   totals `json:"control" doc:"{y, d}: numerator and denominator of each unit of the control"`
	Treatment totals `json:"treatment" doc:"{y, d}: numerator and denominator of each unit of the treatment"`
	bootstrapOptions
}

type totals struct {
	Y []float64 `json:"y"`
	D []float64 `json:"d"`
}

func (t totals) level() bootstrap.Level {
	return bootstrap.Ratio{Numerators: t.Y, Denominators: t.D}
}

type bootstrapQuantileInput struct {
	rowsInput
	bootstrapOptions
}

func bootstrapQuantile(in bootstrapQuantileInput) (bootstrap.Comparison, error) {
	t, c, err := in.split()
	if err != nil {
		return bootstrap.Comparison{}, err
	}
	treated, err1 := quantile.NewRows(in.Q, t.values, t.units)
	control, err0 := quantile.NewRows(in.Q, c.values, c.units)
	if err := errors.Join(err1, err0); err != nil {
		return bootstrap.Comparison{}, err
	}
	return in.compare(treated, control)
}
