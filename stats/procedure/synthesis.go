package procedure

import "liftgate/stats/synthesis"

func syntheses() []Procedure {
	return family("synthesis",
		define("meta-analysis", "effects of several experiments in one by random effects (DerSimonian and Laird 1986)",
			`{"effect": [0.10, 0.30, 0.35, 0.65, 0.45, 0.15], "std_error": [0.17, 0.17, 0.22, 0.10, 0.20, 0.24]}`, metaAnalysis),
		define("james-stein", "many estimates drawn together by positive-part James-Stein (1961), towards zero or their mean",
			`{"estimates": [0.10, -0.05, 0.30, 0.02, 0.15, -0.10], "std_error": 0.1}`, jamesStein),
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
