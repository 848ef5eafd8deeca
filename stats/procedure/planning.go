package procedure

import (
	"errors"

	"liftgate/stats/power"
)

func planning() []Procedure {
	return family("planning",
		define("power-t", "power of the two-sample t test by the noncentral t distribution; one-sided for a positive difference", `{"d": 0.5, "n1": 30, "n2": 30}`, powerT),
		define("power-clusters", "power when clusters of equal or unequal size are randomised, by the noncentral t distribution",
			`{"effect": 0.6, "icc": 0.1, "size": 20, "clusters": 5}`, powerClusters),
		define("sample-size-t", "size of the two-sample t test", `{"d": 0.5}`, sampleSizeT),
		define("sample-size-proportions", "size for two proportions: score (pooled), unpooled and arcsine tests, with a margin by Farrington and Manning (1990)",
			`{"p1": 0.1, "p2": 0.12}`, sampleSizeProportions),
		define("sample-size-means", "size for two means, superiority or a margin, independent or clustered units", `{"sd_control": 10, "effect": 0.3}`, sampleSizeMeans),
		define("sample-size-ratio", "size for a ratio of two sums by the delta method (Deng, Knoblich, Lu 2018)",
			`{"mean_y": 2.5, "mean_d": 10, "var_y": 25, "var_d": 90, "cov": 39, "lift": 0.02}`, sampleSizeRatio),
		define("sample-size-quantile", "size for a quantile from the density there", `{"q": 0.95, "value": 800, "density": 0.0002, "effect": 10}`, sampleSizeQuantile),
		define("detectable-effect", "smallest effect, and smallest margin, that a number of units can show", `{"sd_control": 10, "n": 20000}`, detectableEffect),
		define("guardrail-power", "power of several guardrails together, and the sizes that they need", `{"n": 5000, "guardrails": [[0.06, 1], [0.08, 1.5]]}`, guardrailPower),
		define("split-errors", "levels and missed power of single hypotheses in a launch decision (Schultzberg, Ankargren, Frånberg 2024)",
			`{"success": 1, "guardrails": 3, "deterioration": 2}`, splitErrors),
		define("sample-size-variants", "size with several treatments and any split of traffic", `{"sd_control": 10, "effect": 0.3, "weights": [2, 1, 1]}`, sampleSizeVariants),
	)
}

// plannedTest is how a planned comparison is tested.
type plannedTest struct {
	Alpha float64 `json:"alpha" default:"0.05" doc:"level of the test, of both sides together when it has two"`
	Power float64 `json:"power" default:"0.8" doc:"chance of the right conclusion"`
	Sides int     `json:"sides" default:"2" doc:"1 or 2"`
	Ratio float64 `json:"ratio" default:"1" doc:"units in the treatment for each in the control"`
	// Inflation is what looking early costs.
	Inflation float64 `json:"inflation" default:"1" doc:"factor for looking early: see sequential-inflation"`
}

func (in plannedTest) design() power.Design {
	return power.Design{Alpha: in.Alpha, Power: in.Power, Sides: in.Sides, Ratio: in.Ratio, Inflation: in.Inflation}
}

// towards turns a one-sided test for an effect to the side where the effect is.
func (in plannedTest) towards(h power.Hypothesis) power.Hypothesis {
	if in.Sides == 1 && h.Margin == 0 {
		h.LowerIsBetter = h.Effect < 0
	}
	return h
}

type plannedClusters struct {
	ICC  float64 `json:"icc" default:"0" doc:"intra-cluster correlation"`
	Size float64 `json:"size" default:"0" doc:"mean number of units in a cluster; 0 when units are randomised"`
	CV   float64 `json:"cv" default:"0" doc:"coefficient of variation of the size of clusters"`
}

func (in plannedClusters) clusters() power.Clusters {
	return power.Clusters{Size: in.Size, CV: in.CV, ICC: in.ICC}
}

type plannedEffect struct {
	Effect        float64 `json:"effect" default:"0" doc:"true effect, treatment minus control"`
	Margin        float64 `json:"margin" default:"0" doc:"non-inferiority margin, a positive magnitude; 0 tests for an effect"`
	Relative      bool    `json:"relative" default:"false" doc:"whether effect and margin are shares of the control's level"`
	LowerIsBetter bool    `json:"lower_is_better" default:"false" doc:"whether a lower value is better"`
}

func (in plannedEffect) hypothesis(t plannedTest) power.Hypothesis {
	return t.towards(power.Hypothesis(in))
}

type powerTInput struct {
	D     float64 `json:"d" doc:"difference / standard deviation of a unit"`
	N1    float64 `json:"n1" doc:"units in one variant"`
	N2    float64 `json:"n2" doc:"units in the other"`
	Alpha float64 `json:"alpha" default:"0.05" doc:"level of the test"`
}

type powerTResult struct{ Power, PowerOneSided float64 }

func powerT(in powerTInput) (powerTResult, error) {
	d := power.Design{Alpha: in.Alpha, Power: 0.5, Ratio: in.N2 / in.N1, Student: true}
	m, h := power.Mean(0, 1), power.Hypothesis{Effect: in.D}
	two, err := d.PowerAt(m, h, in.N1)
	if err != nil {
		return powerTResult{}, err
	}
	d.Sides = 1
	one, err := d.PowerAt(m, h, in.N1)
	return powerTResult{two, one}, err
}

type powerClustersInput struct {
	Effect   float64 `json:"effect" doc:"difference / standard deviation of a unit, between and within clusters together"`
	ICC      float64 `json:"icc" doc:"intra-cluster correlation"`
	Size     float64 `json:"size" doc:"mean number of units in a cluster"`
	CV       float64 `json:"cv" default:"0" doc:"coefficient of variation of the size of clusters"`
	Clusters float64 `json:"clusters" doc:"clusters in the control"`
	Ratio    float64 `json:"ratio" default:"1" doc:"clusters in the treatment for each in the control"`
	Alpha    float64 `json:"alpha" default:"0.05" doc:"level of the test, both sides"`
}

type powerClustersResult struct{ Power, DesignEffect float64 }

func powerClusters(in powerClustersInput) (powerClustersResult, error) {
	c := power.Clusters{Size: in.Size, CV: in.CV, ICC: in.ICC}
	d := power.Design{Alpha: in.Alpha, Power: 0.5, Ratio: in.Ratio, Student: true}
	p, err := d.PowerAt(power.Mean(0, 1).Clustered(c), power.Hypothesis{Effect: in.Effect}, in.Clusters*in.Size)
	return powerClustersResult{p, c.DesignEffect()}, err
}

type sampleSizeTInput struct {
	plannedTest
	D float64 `json:"d" doc:"difference / standard deviation of a unit"`
}

func sampleSizeT(in sampleSizeTInput) (power.Size, error) {
	d := in.design()
	d.Student = true
	return d.Size(power.Mean(0, 1), in.towards(power.Hypothesis{Effect: in.D}))
}

type sampleSizeProportionsInput struct {
	plannedTest
	P1            float64 `json:"p1" doc:"the control's share"`
	P2            float64 `json:"p2" doc:"the treatment's true share"`
	Margin        float64 `json:"margin" default:"0" doc:"non-inferiority margin, a positive magnitude; 0 tests for a difference"`
	Relative      bool    `json:"relative" default:"false" doc:"whether the margin is a share of p1"`
	LowerIsBetter bool    `json:"lower_is_better" default:"false" doc:"whether a lower share is better"`
}

type sampleSizeProportionsResult struct{ Score, Unpooled, Arcsine power.Size }

func sampleSizeProportions(in sampleSizeProportionsInput) (sampleSizeProportionsResult, error) {
	h := power.Hypothesis{Effect: in.P2 - in.P1, Margin: in.Margin, Relative: in.Relative, LowerIsBetter: in.LowerIsBetter}
	if in.Relative {
		h.Effect /= in.P1
	}
	h = in.towards(h)
	var out sampleSizeProportionsResult
	var errs [3]error
	out.Score, errs[0] = in.design().Size(power.Proportion(in.P1, power.Score), h)
	out.Unpooled, errs[1] = in.design().Size(power.Proportion(in.P1, power.Wald), h)
	out.Arcsine, errs[2] = in.design().Size(power.Proportion(in.P1, power.Arcsine), h)
	for _, err := range errs {
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// plannedMean is a mean before the experiment.
type plannedMean struct {
	SDControl   float64 `json:"sd_control" doc:"standard deviation of a unit of the control"`
	SDTreatment float64 `json:"sd_treatment" default:"0" doc:"that of the treatment; 0 means the same"`
	Mean        float64 `json:"mean" default:"0" doc:"the control's mean; only relative effects need it"`
	plannedClusters
}

func (in plannedMean) metric() power.Metric {
	m := power.Mean(in.Mean, in.SDControl).Clustered(in.clusters())
	m.TreatmentVariance = in.SDTreatment * in.SDTreatment
	return m
}

type sampleSizeMeansInput struct {
	plannedTest
	plannedMean
	plannedEffect
}

func sampleSizeMeans(in sampleSizeMeansInput) (power.Size, error) {
	return in.design().Size(in.metric(), in.hypothesis(in.plannedTest))
}

type sampleSizeRatioInput struct {
	plannedTest
	plannedClusters
	MeanY float64 `json:"mean_y" doc:"mean of a unit's numerator"`
	MeanD float64 `json:"mean_d" doc:"mean of a unit's denominator"`
	VarY  float64 `json:"var_y" doc:"variance of the numerator"`
	VarD  float64 `json:"var_d" doc:"variance of the denominator"`
	Cov   float64 `json:"cov" doc:"their covariance"`
	Lift  float64 `json:"lift" default:"0" doc:"true effect as a share of the control's ratio"`
	// A margin is relative as the lift is.
	Margin        float64 `json:"margin" default:"0" doc:"relative non-inferiority margin, a positive magnitude; 0 tests for an effect"`
	LowerIsBetter bool    `json:"lower_is_better" default:"false" doc:"whether a lower ratio is better"`
}

type sampleSizeRatioResult struct {
	Ratio, UnitVariance float64
	power.Size
}

func sampleSizeRatio(in sampleSizeRatioInput) (sampleSizeRatioResult, error) {
	m := power.Ratio(in.MeanY, in.MeanD, in.VarY, in.VarD, in.Cov).Clustered(in.clusters())
	size, err := in.design().Size(m, in.towards(power.Hypothesis{Effect: in.Lift, Margin: in.Margin, Relative: true, LowerIsBetter: in.LowerIsBetter}))
	return sampleSizeRatioResult{m.Level, m.Variance, size}, err
}

type sampleSizeQuantileInput struct {
	plannedTest
	plannedEffect
	Q       float64 `json:"q" doc:"which quantile, between 0 and 1"`
	Value   float64 `json:"value" doc:"the control's quantile"`
	Density float64 `json:"density" doc:"probability density there, per unit of the value"`
}

func sampleSizeQuantile(in sampleSizeQuantileInput) (power.Size, error) {
	if !(in.Q > 0 && in.Q < 1) {
		return power.Size{}, &InputError{"q", errors.New("it must lie between 0 and 1")}
	}
	return in.design().Size(power.Quantile(in.Q, in.Value, in.Density), in.hypothesis(in.plannedTest))
}

type detectableEffectInput struct {
	plannedTest
	plannedMean
	N             float64 `json:"n" doc:"units in the control"`
	Relative      bool    `json:"relative" default:"false" doc:"whether the answer is a share of the mean"`
	LowerIsBetter bool    `json:"lower_is_better" default:"false" doc:"whether a lower value is better"`
}

type detectableResult struct {
	Effect float64 // for the better
	Margin float64 // that can be excluded when there is no effect
}

func detectableEffect(in detectableEffectInput) (detectableResult, error) {
	h := power.Hypothesis{Relative: in.Relative, LowerIsBetter: in.LowerIsBetter}
	effect, err1 := in.design().DetectableEffect(in.metric(), h, in.N)
	margin, err2 := in.design().ProvableMargin(in.metric(), h, in.N)
	return detectableResult{effect, margin}, errors.Join(err1, err2)
}

type guardrailPowerInput struct {
	Alpha      float64      `json:"alpha" default:"0.025" doc:"one-sided level of each guardrail"`
	Beta       float64      `json:"beta" default:"0.2" doc:"missed power of all together"`
	N          float64      `json:"n" doc:"units in each variant"`
	Guardrails [][2]float64 `json:"guardrails" doc:"[margin, standard deviation of a unit] of each; true effects are zero"`
}

type guardrailPowerResult struct {
	PowerEach    []float64
	PowerJoint   float64
	NBonferroni  float64 // missed power shared equally
	NIndependent float64
}

func guardrailPower(in guardrailPowerInput) (guardrailPowerResult, error) {
	d := power.Design{Alpha: in.Alpha, Power: 1 - in.Beta, Sides: 1}
	all := make([]power.Requirement, len(in.Guardrails))
	for i, g := range in.Guardrails {
		all[i] = power.Requirement{Metric: power.Mean(0, g[1]), Hypothesis: power.Hypothesis{Margin: g[0]}}
	}
	together, err := d.Together(all, in.N)
	if err != nil {
		return guardrailPowerResult{}, err
	}
	split, product, err := d.SizeTogether(all)
	return guardrailPowerResult{together.Each, together.Joint, split, product}, err
}

type splitErrorsInput struct {
	Alpha         float64 `json:"alpha" default:"0.05" doc:"error of the decision"`
	Beta          float64 `json:"beta" default:"0.2" doc:"missed power of the decision"`
	Success       int     `json:"success" default:"1" doc:"number of success metrics"`
	Guardrails    int     `json:"guardrails" default:"0" doc:"number of guardrails"`
	Deterioration int     `json:"deterioration" default:"0" doc:"number of deterioration and quality metrics"`
	Treatments    int     `json:"treatments" default:"1" doc:"variants besides the control"`
}

func splitErrors(in splitErrorsInput) (power.Errors, error) {
	return power.Roles{
		Success: in.Success, Guardrails: in.Guardrails, Deterioration: in.Deterioration, Treatments: in.Treatments,
	}.Split(in.Alpha, in.Beta)
}

type sampleSizeVariantsInput struct {
	Alpha   float64   `json:"alpha" default:"0.05" doc:"level of all comparisons together"`
	Power   float64   `json:"power" default:"0.8" doc:"power of each comparison"`
	Sides   int       `json:"sides" default:"2" doc:"1 or 2"`
	Weights []float64 `json:"weights" doc:"shares of traffic in any scale, the control's first"`
	plannedMean
	plannedEffect
}

func sampleSizeVariants(in sampleSizeVariantsInput) (power.Allocation, error) {
	d := power.Design{Alpha: in.Alpha, Power: in.Power, Sides: in.Sides}
	return d.Variants(in.metric(), in.hypothesis(plannedTest{Sides: in.Sides}), in.Weights)
}
