package procedure

import (
	"errors"

	"liftgate/stats/anytime"
)

func alwaysValid() []Procedure {
	return family("always-valid",
		define("normal-mixture", "time-uniform boundary of a sum with known intrinsic time (Howard et al. 2021)",
			`{"v": 100, "v_opt": 100, "s": 10}`, normalMixture),
		define("confidence-sequence", "asymptotic confidence sequence of an estimate at one look (Waudby-Smith et al. 2024)",
			`{"estimate": 0.05, "std_error": 0.02, "units": 5000, "target": 10000}`, confidenceSequence),
		define("confidence-sequence-path", "always-valid p-values of a difference of means over snapshots",
			`{"control_units": [100, 220], "control_mean": [1, 1.1], "control_variance": [2, 2.1], "treatment_units": [104, 215], "treatment_mean": [1.2, 1.2], "treatment_variance": [2, 1.9]}`, sequencePath),
		define("harm-watch", "hybrid: always-valid watch for harm beside a final analysis, and how their errors add up",
			`{"estimate": [-0.01, -0.03], "std_error": [0.02, 0.006], "units": [1000, 10000], "target": 20000}`, harmWatch),
		define("beta-binomial-sequence", "exact confidence sequence of a probability (Robbins 1970)",
			`{"x": 700, "n": 1000, "null": 0.65}`, betaBinomialSequence),
		define("bernoulli-sequence", "confidence sequence of a probability with a prior that follows the null (Howard et al. 2021)",
			`{"x": 700, "n": 1000, "target": 100}`, bernoulliSequence),
		define("sequential-sample-ratio", "sequential multinomial test of the sample ratio (Lindon and Malek 2022)",
			`{"batches": [[510, 490], [495, 505]], "weights": [1, 1]}`, sequentialSampleRatio),
		define("anytime-regression", "always-valid inference on regression coefficients (Lindon et al. 2022)",
			`{"y": [1, 2.1, 2.9, 4.2, 5.1, 5.8], "x": [[1, 2, 3, 4, 5, 6]], "g": 2.5}`, anytimeRegression),
		define("gamma-exponential-mixture", "boundary for sub-exponential sums (Howard et al. 2021)", `{"v": 100, "v_opt": 100, "c": 2}`, gammaExponential),
		define("gamma-poisson-mixture", "boundary for sub-Poisson sums (Howard et al. 2021)", `{"v": 100, "v_opt": 100, "c": 2}`, gammaPoisson),
		define("sub-bernoulli-mixture", "boundary for sums of bounded values, beta-binomial mixture (Howard et al. 2021)",
			`{"v": 100, "v_opt": 100, "g": 0.2, "h": 0.8}`, subBernoulli),
		define("stitching", "boundary by polynomial stitching (Howard et al. 2021)", `{"v": 100, "start": 10}`, stitching),
		define("empirical-lil", "distance of an empirical distribution function, uniform over time (Howard and Ramdas 2022)",
			`{"n": 1000, "start": 100}`, empiricalLIL),
	)
}

type atAlpha struct {
	Alpha float64 `json:"alpha" default:"0.05" doc:"error over all looks together"`
}

// tunedInput is a sum at a time, with the time at which its boundary is to be narrowest.
type tunedInput struct {
	atAlpha
	V    float64  `json:"v" doc:"intrinsic time; n sigma² for sums of n values"`
	S    float64  `json:"s" default:"0" doc:"sum at which the evidence is asked for"`
	VOpt float64  `json:"v_opt" default:"0" doc:"intrinsic time at which the boundary is narrowest; not needed with rho"`
	Rho  *float64 `json:"rho" optional:"true" doc:"precision of the prior in place of v_opt"`
}

// mixture is the normal mixture with the prior that is asked for.
func (in tunedInput) mixture(oneSided bool) anytime.NormalMixture {
	m := anytime.NormalMixture{OneSided: oneSided}
	if in.Rho == nil {
		return m.Tuned(in.VOpt, in.Alpha)
	}
	m.Rho = *in.Rho
	return m
}

// boundaryResult is a boundary at a time with the log evidence at a sum.
type boundaryResult struct{ Rho, Bound, LogMixture float64 }

type boundaryOf interface {
	Boundary(v, alpha float64) (float64, error)
	LogE(s, v float64) float64
}

func (in tunedInput) evaluate(m boundaryOf, rho float64) (boundaryResult, error) {
	bound, err := m.Boundary(in.V, in.Alpha)
	return boundaryResult{rho, bound, m.LogE(in.S, in.V)}, err
}

type normalMixtureResult struct {
	Rho, RhoOneSided               float64 // in use
	RhoClosed, RhoExact            float64 // for v_opt
	TwoSided, OneSided             float64 // boundaries
	LogMixture, LogMixtureOneSided float64
}

func normalMixture(in tunedInput) (normalMixtureResult, error) {
	two, one := in.mixture(false), in.mixture(true)
	out := normalMixtureResult{
		Rho: two.Rho, RhoOneSided: one.Rho,
		RhoClosed: two.Tuned(in.VOpt, in.Alpha).Rho, RhoExact: two.TunedExactly(in.VOpt, in.Alpha).Rho,
		LogMixture: two.LogE(in.S, in.V), LogMixtureOneSided: one.LogE(in.S, in.V),
	}
	var err1, err2 error
	out.TwoSided, err1 = two.Boundary(in.V, in.Alpha)
	out.OneSided, err2 = one.Boundary(in.V, in.Alpha)
	return out, errors.Join(err1, err2)
}

type sequenceEstimate struct {
	Estimate float64 `json:"estimate" doc:"difference, or any estimate, at this look"`
	StdError float64 `json:"std_error" doc:"its standard error"`
	Units    float64 `json:"units" doc:"units behind it, of both variants"`
}

type sequenceTuning struct {
	Target float64 `json:"target" default:"0" doc:"number of units at which the sequence is narrowest; not needed with rho"`
	Rho    float64 `json:"rho" default:"0" doc:"standard deviation of the prior, in place of target"`
}

func (in sequenceTuning) tuning(alpha float64) anytime.Tuning {
	return anytime.Tuning{Target: in.Target, Rho: in.Rho, Alpha: alpha}
}

type confidenceSequenceInput struct {
	sequenceEstimate
	sequenceTuning
	atAlpha
	Null float64 `json:"null" default:"0" doc:"effect under the null: zero, or a margin"`
}

func confidenceSequence(in confidenceSequenceInput) (anytime.Sequence, error) {
	return anytime.Asymptotic(anytime.Look(in.sequenceEstimate), in.tuning(in.Alpha), in.Alpha, in.Null)
}

type pathInput struct {
	sequenceTuning
	atAlpha
	CountC []float64 `json:"control_units" doc:"units of the control at each snapshot"`
	MeanC  []float64 `json:"control_mean" doc:"means of the control"`
	VarC   []float64 `json:"control_variance" doc:"variances of a unit of the control"`
	CountT []float64 `json:"treatment_units" doc:"units of the treatment"`
	MeanT  []float64 `json:"treatment_mean" doc:"means of the treatment"`
	VarT   []float64 `json:"treatment_variance" doc:"variances of a unit of the treatment"`
}

type pathResult struct {
	Snapshots int
	anytime.Path
}

func sequencePath(in pathInput) (pathResult, error) {
	n := len(in.CountC)
	for _, list := range [][]float64{in.MeanC, in.VarC, in.CountT, in.MeanT, in.VarT} {
		if len(list) != n {
			return pathResult{}, &InputError{Err: errors.New("all lists must be as long as control_units")}
		}
	}
	snapshots := make([]anytime.Snapshot, n)
	for i := range snapshots {
		snapshots[i] = anytime.Snapshot{
			ControlUnits: in.CountC[i], ControlMean: in.MeanC[i], ControlVariance: in.VarC[i],
			TreatmentUnits: in.CountT[i], TreatmentMean: in.MeanT[i], TreatmentVariance: in.VarT[i],
		}
	}
	path, err := anytime.Differences(snapshots, in.tuning(in.Alpha), in.Alpha)
	return pathResult{n, path}, err
}

type harmInput struct {
	sequenceTuning
	Estimate      []float64 `json:"estimate" doc:"difference at each look"`
	StdError      []float64 `json:"std_error" doc:"its standard error"`
	Units         []float64 `json:"units" doc:"units behind it, of both variants"`
	HarmAlpha     float64   `json:"harm_alpha" default:"0.01" doc:"error of the watch over all looks"`
	Alpha         float64   `json:"alpha" default:"0.05" doc:"error of the final analysis"`
	Margin        float64   `json:"margin" default:"0" doc:"harm that is tolerated, a positive magnitude"`
	LowerIsBetter bool      `json:"lower_is_better" default:"false" doc:"whether a lower value is better"`
}

func harmWatch(in harmInput) (anytime.Watch, error) {
	if len(in.StdError) != len(in.Estimate) || len(in.Units) != len(in.Estimate) {
		return anytime.Watch{}, &InputError{Err: errors.New("estimate, std_error and units must be of one length")}
	}
	looks := make([]anytime.Look, len(in.Estimate))
	for i := range looks {
		looks[i] = anytime.Look{Estimate: in.Estimate[i], StdError: in.StdError[i], Units: in.Units[i]}
	}
	return anytime.Hybrid{
		HarmAlpha: in.HarmAlpha, Alpha: in.Alpha, Tuning: in.tuning(in.HarmAlpha), Margin: in.Margin, LowerIsBetter: in.LowerIsBetter,
	}.Watch(looks)
}

type sequenceShare struct {
	atAlpha
	X float64 `json:"x" doc:"successes"`
	N float64 `json:"n" doc:"units"`
}

type betaBinomialSequenceInput struct {
	sequenceShare
	A    float64 `json:"a" default:"1" doc:"prior Beta(a, b)"`
	B    float64 `json:"b" default:"1" doc:"prior Beta(a, b)"`
	Null float64 `json:"null" default:"0.5" doc:"probability under the null"`
}

func betaBinomialSequence(in betaBinomialSequenceInput) (anytime.Proportion, error) {
	return anytime.BetaBinomial{A: in.A, B: in.B}.Sequence(in.X, in.N, in.Alpha, in.Null)
}

type bernoulliSequenceInput struct {
	sequenceShare
	Target float64 `json:"target" doc:"number of units around which the interval is narrowest"`
}

type sequenceLimits struct{ Lower, Upper float64 }

func bernoulliSequence(in bernoulliSequenceInput) (sequenceLimits, error) {
	lower, upper, err := anytime.BernoulliInterval(in.X, in.N, in.Alpha, in.Target)
	return sequenceLimits{lower, upper}, err
}

type sequentialRatioInput struct {
	Batches [][]float64 `json:"batches" doc:"new units of each variant, batch by batch"`
	Weights []float64   `json:"weights" doc:"expected shares, in any scale"`
	Prior   []float64   `json:"prior" default:"null" doc:"of the Dirichlet distribution; null means 1 for each variant"`
}

type sequentialRatioResult struct {
	Batches []anytime.RatioEvidence
	LogE    float64 // after the last batch
	PValue  float64
}

func sequentialSampleRatio(in sequentialRatioInput) (sequentialRatioResult, error) {
	batches, err := anytime.SampleRatio{Weights: in.Weights, Prior: in.Prior}.Batches(in.Batches)
	if err != nil {
		return sequentialRatioResult{}, err
	}
	last := batches[len(batches)-1]
	return sequentialRatioResult{batches, last.LogE, last.PValue}, nil
}

type anytimeRegressionInput struct {
	atAlpha
	Y []float64   `json:"y" doc:"values of units"`
	X [][]float64 `json:"x" doc:"columns of regressors, without the intercept"`
	G float64     `json:"g" doc:"precision of the prior in units: small looks for large effects"`
}

type coefficientsResult struct{ Coefficients []anytime.Coefficient }

func anytimeRegression(in anytimeRegressionInput) (coefficientsResult, error) {
	c, err := anytime.Regression(in.Y, in.X, in.G, in.Alpha)
	return coefficientsResult{c}, err
}

type scaledInput struct {
	tunedInput
	C float64 `json:"c" doc:"scale of the sum"`
}

func gammaExponential(in scaledInput) (boundaryResult, error) {
	rho := in.mixture(true).Rho
	return in.evaluate(anytime.GammaExponential{Rho: rho, C: in.C}, rho)
}

func gammaPoisson(in scaledInput) (boundaryResult, error) {
	rho := in.mixture(true).Rho
	return in.evaluate(anytime.GammaPoisson{Rho: rho, C: in.C}, rho)
}

type subBernoulliInput struct {
	tunedInput
	G        float64 `json:"g" doc:"values are at least -g"`
	H        float64 `json:"h" doc:"values are at most h"`
	OneSided bool    `json:"one_sided" default:"false" doc:"whether only positive sums are watched for"`
}

func subBernoulli(in subBernoulliInput) (boundaryResult, error) {
	m := anytime.SubBernoulli{G: in.G, H: in.H, OneSided: in.OneSided}.Tuned(in.VOpt, in.Alpha)
	if in.Rho != nil {
		m.R = *in.Rho
	}
	return in.evaluate(m, m.R)
}

type stitchingInput struct {
	atAlpha
	V     float64 `json:"v" doc:"intrinsic time"`
	Start float64 `json:"start" doc:"time from which the boundary is meant"`
	C     float64 `json:"c" default:"0" doc:"scale of sub-gamma sums; 0 for sub-Gaussian ones"`
	S     float64 `json:"s" default:"1.4" doc:"how the error is spread over epochs, above 1"`
	Eta   float64 `json:"eta" default:"2" doc:"by which factor epochs lengthen, above 1"`
}

type boundaryValue struct{ Bound float64 }

func stitching(in stitchingInput) (boundaryValue, error) {
	bound, err := anytime.Stitching{Start: in.Start, C: in.C, S: in.S, Eta: in.Eta}.Boundary(in.V, in.Alpha)
	return boundaryValue{bound}, err
}

type lilInput struct {
	atAlpha
	N     float64 `json:"n" doc:"number of values"`
	Start float64 `json:"start" doc:"number of values from which the bound is meant"`
	A     float64 `json:"a" default:"0.85" doc:"trades early for late width, above 0.708"`
}

func empiricalLIL(in lilInput) (boundaryValue, error) {
	bound, err := anytime.EmpiricalLIL(in.N, in.Alpha, in.Start, in.A)
	return boundaryValue{bound}, err
}
