package procedure

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/synthesis"
)

func syntheses() []Procedure {
	return family("synthesis",
		define("meta-analysis", "effects of several experiments in one by random effects (DerSimonian and Laird 1986)",
			`{"effect": [0.10, 0.30, 0.35, 0.65, 0.45, 0.15], "std_error": [0.17, 0.17, 0.22, 0.10, 0.20, 0.24]}`, metaAnalysis),
		define("james-stein", "many estimates drawn together by positive-part James-Stein (1961), towards zero or their mean",
			`{"estimates": [0.10, -0.05, 0.30, 0.02, 0.15, -0.10], "std_error": 0.1}`, jamesStein),
		define("heterogeneity", "whether groups have one effect: Cochran's Q as Welch corrects it, each against the rest, Gail and Simon's test",
			`{"effect": [0.021, 0.034, -0.052], "std_error": [0.008, 0.012, 0.015], "df": [4000, 1800, 900], "size": [4002, 1802, 902]}`, heterogeneity),
	)
}

type metaInput struct {
	atLevel
	Effect   []float64 `json:"effect" doc:"effect of each study"`
	StdError []float64 `json:"std_error" doc:"its standard error"`
}

func metaAnalysis(in metaInput) (synthesis.Pooled, error) {
	return synthesis.DerSimonianLaird(in.Effect, in.StdError, in.Level)
}

type jamesSteinInput struct {
	Estimates []float64 `json:"estimates" doc:"independent estimates"`
	StdError  float64   `json:"std_error" doc:"standard error of each"`
}

type jamesSteinOutput struct {
	Zero synthesis.Shrunk // towards zero
	Mean synthesis.Shrunk // towards the mean of the estimates
}

func jamesStein(in jamesSteinInput) (jamesSteinOutput, error) {
	zero, err := synthesis.JamesSteinZero(in.Estimates, in.StdError)
	if err != nil {
		return jamesSteinOutput{}, err
	}
	mean, err := synthesis.JamesSteinMean(in.Estimates, in.StdError)
	return jamesSteinOutput{zero, mean}, err
}

type heterogeneityInput struct {
	Effect   []float64 `json:"effect" doc:"effect in each group"`
	StdError []float64 `json:"std_error" doc:"its standard error"`
	DF       []float64 `json:"df" doc:"degrees of freedom of the squared standard errors; \"inf\" where they are known"`
	Size     []float64 `json:"size" doc:"units of each group, which the rest of a group is weighted by"`
}

type heterogeneityOutput struct {
	Homogeneity       synthesis.Homogeneity
	Rest              []synthesis.Rest // each group's effect less that on all others
	QualitativePValue float64          // against "one direction in all groups"
}

func heterogeneity(in heterogeneityInput) (out heterogeneityOutput, err error) {
	k := len(in.Effect)
	if len(in.StdError) != k || len(in.Size) != k || len(in.DF) != k {
		return out, fmt.Errorf("%w: %d effects with %d standard errors, %d degrees of freedom and %d sizes", stats.ErrInvalid, k, len(in.StdError), len(in.DF), len(in.Size))
	}
	groups := make([]synthesis.Group, k)
	for i := range groups {
		groups[i] = synthesis.Group{Effect: in.Effect[i], StdError: in.StdError[i], DF: in.DF[i], Size: in.Size[i]}
	}
	if out.Homogeneity, err = synthesis.Homogeneous(groups); err != nil {
		return out, err
	}
	if out.Rest, err = synthesis.AgainstRest(groups); err != nil {
		return out, err
	}
	out.QualitativePValue, err = synthesis.Qualitative(groups)
	return out, err
}
