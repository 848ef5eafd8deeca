package procedure

import (
	"errors"

	"liftgate/stats"
	effects "liftgate/stats/causal"
)

func causal() []Procedure {
	return family("causal",
		define("instrument", "effect on those who took the treatment up (Wald 1940; Imbens and Angrist 1994), with Anderson-Rubin sets (1949)",
			`{"y": [0.1, 1.4, 0.3, 2.2, 0.9, 1.7, 0.2, 1.1], "d": [0, 1, 0, 1, 0, 0, 0, 1], "z": [0, 1, 0, 1, 0, 1, 0, 1]}`, instrument),
		define("difference-ratio", "ratio of the effects on two outcomes, such as extra orders per extra Amazon Pay order, by Fieller's theorem (1954)",
			`{"control": {"n": 1000, "y": 310, "x": 120, "yy": 420, "xx": 140, "yx": 130}, "treatment": {"n": 1000, "y": 360, "x": 210, "yy": 500, "xx": 260, "yx": 235}}`, differenceRatio),
	)
}

type instrumentInput struct {
	atLevel
	Y       []float64   `json:"y" doc:"outcome of each unit"`
	D       []float64   `json:"d" doc:"treatment taken up by each unit"`
	Z       []float64   `json:"z" doc:"instrument of each unit: what was randomised, 1 or 0"`
	X       [][]float64 `json:"x" optional:"true" doc:"covariates, each a list of one number a unit"`
	Cluster []int64     `json:"cluster" optional:"true" doc:"cluster of each unit, a whole number"`
}

func instrument(in instrumentInput) (effects.Result, error) {
	return effects.Instrument(effects.Rows{Y: in.Y, D: in.D, Z: in.Z, X: in.X, Cluster: in.Cluster}, in.Level)
}

type differenceRatioInput struct {
	atLevel
	Control   covariateSums `json:"control" doc:"{n, y, x, yy, xx, yx}: units, sums of the first outcome y and the second x, and of their squares and products"`
	Treatment covariateSums `json:"treatment" doc:"the same for the treatment"`
	Null      float64       `json:"null" default:"0" doc:"the ratio under the null hypothesis"`
}

type differenceRatioOutput struct {
	Ratio       float64
	StdError    float64
	Set         effects.Set
	PValue      float64
	DF          float64
	Numerator   stats.Estimate
	Denominator stats.Estimate
	Outside     string
	Warnings    []string
}

func differenceRatio(in differenceRatioInput) (differenceRatioOutput, error) {
	if err := in.check(); err != nil {
		return differenceRatioOutput{}, err
	}
	treated, err1 := in.Treatment.moments()
	control, err2 := in.Control.moments()
	if err := errors.Join(err1, err2); err != nil {
		return differenceRatioOutput{}, err
	}
	r, err := effects.CompareDifferences(treated, control)
	if err != nil {
		return differenceRatioOutput{}, err
	}
	return differenceRatioOutput{
		Ratio: r.Ratio, StdError: r.StdError, Set: r.Set(in.Level), PValue: r.PValue(in.Null), DF: r.DF,
		Numerator: r.Numerator, Denominator: r.Denominator, Outside: r.Outside(), Warnings: r.Warnings(),
	}, nil
}
