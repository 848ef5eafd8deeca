package stats

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"

	"liftgate/stats/internal/dist"
)

// input holds the fields of any case's input.
type input struct {
	Z, P               []float64
	Points             [][]float64
	Control, Treatment json.RawMessage
	Level, Null        float64
	Crit               string
	MeanT              float64 `json:"mean_t"`
	MeanC              float64 `json:"mean_c"`
	VarT               float64 `json:"var_mean_t"`
	VarC               float64 `json:"var_mean_c"`
	Covariance         float64 `json:"cov"`
	Counts             []int64
	Weights            []float64
	X, Y               json.RawMessage
	T                  []int
	A, B               []int64
	N                  int64
	Mean, Var          []float64
}

type results = map[string]any

// procedure runs the cases of a method. Fields named in without belong to procedures of other conventions that are not built.
type procedure struct {
	run     func(t *testing.T, in input) results
	without []string
}

var procedures = map[string]procedure{
	"normal tails":                {run: runNormalTails},
	"normal quantile":             {run: runNormalQuantile},
	"student t tail":              {run: runStudentTail},
	"student t quantile":          {run: runStudentQuantile},
	"chi-square tail":             {run: runChiSquareTail},
	"poisson tails":               {run: runPoissonTails},
	"regularised incomplete beta": {run: runBeta},
	"binomial tails":              {run: runBinomialTails},
	"welch t":                     {run: runWelch},
	"fieller":                     {run: runFieller},
	"miettinen-nurminen diff":     {run: runScoreDifference, without: []string{"ci_no_factor"}},
	"miettinen-nurminen ratio": {
		run: runScoreRatio, without: []string{"ci_no_factor"},
	},
	// Only the pooled statistic: at zero it is the score test up to the factor N/(N-1).
	"two proportions z": {run: runPooledZ, without: []string{"stat_unpooled", "p_unpooled", "ci_unpooled"}},
	// Normal quantiles and the plain delta or log-delta lift there; Student's t and Fieller's theorem here.
	"ratio metric delta": {run: runRatio, without: []string{"p", "ci", "lift_se", "lift_ci", "log_se", "lift_log_ci"}},
	// theta_total, cuped_* and pooled_* share one slope between the variants. lin_effect is ours; lin_se* take the covariates'
	// mean as fixed and one residual variance (or HC1-3, which moments cannot give), where ours has the term for the slopes.
	"cuped": {run: runLin, without: []string{
		"theta_total", "cuped_diff", "cuped_se", "cuped_df", "cuped_p", "vr", "theta_pooled", "pooled_effect", "pooled_se",
		"pooled_se_hc1", "pooled_se_hc2", "pooled_se_hc3", "lin_se", "lin_se_hc1", "lin_se_hc2", "lin_se_hc3",
	}},
	"srm chi2": {run: runSampleRatio},

	"welch t CI from n,sum,sumsq":                {run: runWelch},
	"welch t absolute":                           {run: runWelch},
	"welch t, R sleep data":                      {run: runWelchRaw},
	"miettinen-nurminen 95% diff (with N/(N-1))": {run: runScoreDifferenceAB},
	"chi-square SRM 50/50":                       {run: runSampleRatio},
	"ratio variance delta":                       {run: runRatioVariance},
	"unpooled z":                                 {run: runUnpooled, without: []string{"ci", "p_z", "p_chi2"}},
}

func each(points []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(points))
	for i, x := range points {
		out[i] = f(x)
	}
	return out
}

func eachPair(points [][]float64, f func(x, y float64) float64) []float64 {
	out := make([]float64, len(points))
	for i, p := range points {
		out[i] = f(p[0], p[1])
	}
	return out
}

func runNormalTails(_ *testing.T, in input) results {
	return results{"cdf": each(in.Z, dist.NormalCDF), "sf": each(in.Z, dist.NormalSF), "log_sf": each(in.Z, dist.NormalLogSF)}
}

func runNormalQuantile(_ *testing.T, in input) results {
	return results{"isf": each(in.P, dist.NormalISF)}
}

func runStudentTail(_ *testing.T, in input) results {
	return results{"sf": eachPair(in.Points, dist.StudentSF), "log_sf": eachPair(in.Points, dist.StudentLogSF)}
}

func runStudentQuantile(_ *testing.T, in input) results {
	return results{"isf": eachPair(in.Points, dist.StudentISF)}
}

func runChiSquareTail(_ *testing.T, in input) results {
	return results{"sf": eachPair(in.Points, dist.ChiSquareSF), "log_sf": eachPair(in.Points, dist.ChiSquareLogSF)}
}

func runPoissonTails(_ *testing.T, in input) results {
	atLeast := func(k, mean float64) float64 { return PoissonSF(int64(k)-1, mean) }
	logAtLeast := func(k, mean float64) float64 {
		if k == 0 {
			return 0
		}
		return dist.PoissonLogSF(k-1, mean)
	}
	return results{
		"cdf":     eachPair(in.Points, func(k, mean float64) float64 { return PoissonCDF(int64(k), mean) }),
		"ge":      eachPair(in.Points, atLeast),
		"log_cdf": eachPair(in.Points, dist.PoissonLogCDF),
		"log_ge":  eachPair(in.Points, logAtLeast),
	}
}

func runBeta(_ *testing.T, in input) results {
	var logLower, logUpper []float64
	for _, p := range in.Points {
		lower, upper := dist.LogBeta(p[0], p[1], p[2])
		logLower, logUpper = append(logLower, lower), append(logUpper, upper)
	}
	return results{
		"lower": each(logLower, math.Exp), "upper": each(logUpper, math.Exp),
		"log_lower": logLower, "log_upper": logUpper,
	}
}

func runBinomialTails(_ *testing.T, in input) results {
	got := make(map[string][]float64)
	for _, p := range in.Points {
		k, n := int64(p[0]), int64(p[1])
		got["cdf"] = append(got["cdf"], BinomialCDF(k, n, p[2]))
		got["ge"] = append(got["ge"], BinomialSF(k-1, n, p[2]))
		logAtMost := 0.0
		if k < n {
			_, logAtMost = dist.LogBeta(p[2], p[0]+1, p[1]-p[0])
		}
		logAtLeast := 0.0
		if k > 0 {
			logAtLeast, _ = dist.LogBeta(p[2], p[0], p[1]-p[0]+1)
		}
		got["log_cdf"], got["log_ge"] = append(got["log_cdf"], logAtMost), append(got["log_ge"], logAtLeast)
	}
	return results{"cdf": got["cdf"], "ge": got["ge"], "log_cdf": got["log_cdf"], "log_ge": got["log_ge"]}
}

// fromSums is the moments of one value with the given count, sum and sum of squares, centred in exact arithmetic.
func fromSums(n, sum, squares float64) Moments {
	exact := func(x float64) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(x) }
	mean := new(big.Float).Quo(exact(sum), exact(n))
	centred := new(big.Float).Sub(exact(squares), new(big.Float).Mul(mean, exact(sum)))
	m, _ := mean.Float64()
	c, _ := centred.Float64()
	return Moments{N: int64(n), Means: []float64{m}, Cross: []float64{c}}
}

func sums(t *testing.T, raw json.RawMessage) Moments {
	t.Helper()
	var s [3]float64
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return fromSums(s[0], s[1], s[2])
}

func binomial(t *testing.T, raw json.RawMessage) Binomial {
	t.Helper()
	var s [2]int64
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return Binomial{Successes: s[0], N: s[1]}
}

func runWelch(t *testing.T, in input) results {
	treated, control := sums(t, in.Treatment), sums(t, in.Control)
	got := results{"mean_control": control.Means[0], "mean_treatment": treated.Means[0]}
	c, err := CompareMeans(treated, control)
	if errors.Is(err, ErrNoVariance) {
		got["diff"], got["se"], got["df"] = treated.Means[0]-control.Means[0], 0.0, math.NaN()
		return got
	}
	if err != nil {
		t.Fatal(err)
	}
	p := c.(*pair)
	e := c.Difference(in.Level)
	stat := (e.Estimate - in.Null) / e.StdError
	got["diff"], got["se"], got["df"], got["stat"] = e.Estimate, e.StdError, p.df, stat
	got["p"] = c.PDifference(in.Null)
	got["log_p"] = math.Ln2 + dist.StudentLogSF(math.Abs(stat), p.df)
	got["p_greater"], got["p_less"] = dist.StudentSF(stat, p.df), dist.StudentSF(-stat, p.df)
	got["ci"] = []float64{e.Lower, e.Upper}
	got["lower_one_sided"] = c.Difference(2*in.Level - 1).Lower
	return got
}

func runWelchRaw(t *testing.T, in input) results {
	var x, y []float64
	if err := errors.Join(json.Unmarshal(in.X, &x), json.Unmarshal(in.Y, &y)); err != nil {
		t.Fatal(err)
	}
	var first, second Moments
	for _, v := range x {
		first.Add(v)
	}
	for _, v := range y {
		second.Add(v)
	}
	c, err := CompareMeans(first, second)
	if err != nil {
		t.Fatal(err)
	}
	e := c.Difference(0.9)
	return results{"t": e.Estimate / e.StdError, "df": c.(*pair).df, "p": c.PDifference(0), "ci90": []float64{e.Lower, e.Upper}}
}

func runFieller(t *testing.T, in input) results {
	p := &pair{m1: in.MeanT, m0: in.MeanC, v11: in.VarT, v00: in.VarC, v10: in.Covariance, df: math.Inf(1)}
	if in.Control != nil {
		treated, control := sums(t, in.Treatment), sums(t, in.Control)
		c, err := CompareMeans(treated, control)
		if err != nil {
			t.Fatal(err)
		}
		p = c.(*pair)
		switch in.Crit {
		case "z":
			p.df = math.Inf(1)
		case "pooled":
			p.df = float64(treated.N + control.N - 2)
			pooled := (treated.Cross[0] + control.Cross[0]) / p.df
			p.v11, p.v00 = pooled/float64(treated.N), pooled/float64(control.N)
		}
	}
	critical := p.critical(in.Level)
	lift := p.Lift(in.Level)
	a, shape := p.fieller(critical)
	got := results{"shape": string(lift.Shape), "g": critical * critical * p.v00 / (p.m0 * p.m0), "crit": critical, "lift": lift.Estimate, "lift_bounds": nil}
	if shape != All {
		lower, upper := p.bounds(critical, a)
		got["lift_bounds"] = []float64{min(lower, upper), max(lower, upper)}
	}
	return got
}

func score(t *testing.T, treated, control Binomial) *proportions {
	t.Helper()
	c, err := CompareProportions(treated, control)
	if err != nil {
		t.Fatal(err)
	}
	return c.(*proportions)
}

func runScoreDifference(t *testing.T, in input) results {
	e := score(t, binomial(t, in.Treatment), binomial(t, in.Control)).Difference(in.Level)
	return results{"diff": e.Estimate, "ci": []float64{e.Lower, e.Upper}}
}

func runScoreDifferenceAB(t *testing.T, in input) results {
	e := score(t, Binomial{in.A[0], in.A[1]}, Binomial{in.B[0], in.B[1]}).Difference(in.Level)
	return results{"ci": []float64{e.Lower, e.Upper}}
}

func runScoreRatio(t *testing.T, in input) results {
	c := score(t, binomial(t, in.Treatment), binomial(t, in.Control))
	lower, upper := c.ratioLimits(in.Level)
	return results{"ratio": c.x1 / c.n1 / (c.x0 / c.n0), "ci": []float64{math.Exp(lower), math.Exp(upper)}}
}

func runPooledZ(t *testing.T, in input) results {
	c := score(t, binomial(t, in.Treatment), binomial(t, in.Control))
	e := c.Difference(in.Level)
	n := c.n1 + c.n0
	z := c.score(0) * math.Sqrt(n/(n-1))
	return results{
		"diff": e.Estimate, "se_unpooled": e.StdError,
		"se_pooled":   math.Sqrt(c.differenceVariance(0) * (n - 1) / n),
		"stat_pooled": z, "p_pooled": 2 * dist.NormalSF(math.Abs(z)), "log_p_pooled": math.Ln2 + dist.NormalLogSF(math.Abs(z)),
	}
}

func runUnpooled(t *testing.T, in input) results {
	return results{"diff": score(t, binomial(t, in.Treatment), binomial(t, in.Control)).difference()}
}

func ratioSums(t *testing.T, raw json.RawMessage) Moments {
	t.Helper()
	var s struct{ N, Y, D, YY, DD, YD float64 }
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	y, d := fromSums(s.N, s.Y, s.YY), fromSums(s.N, s.D, s.DD)
	both := fromSums(s.N, s.Y+s.D, s.YY+2*s.YD+s.DD)
	return Moments{
		N: int64(s.N), Means: []float64{y.Means[0], d.Means[0]},
		Cross: []float64{y.Cross[0], (both.Cross[0] - y.Cross[0] - d.Cross[0]) / 2, d.Cross[0]},
	}
}

func runRatio(t *testing.T, in input) results {
	c, err := CompareRatios(ratioSums(t, in.Treatment), ratioSums(t, in.Control))
	if err != nil {
		t.Fatal(err)
	}
	p := c.(*pair)
	e := c.Difference(in.Level)
	return results{
		"ratio_control": p.m0, "ratio_treatment": p.m1, "se_control": math.Sqrt(p.v00), "se_treatment": math.Sqrt(p.v11),
		"diff": e.Estimate, "se": e.StdError, "lift": c.Lift(in.Level).Estimate,
	}
}

func runRatioVariance(t *testing.T, in input) results {
	below := float64(in.N - 1)
	m := Moments{N: in.N, Means: in.Mean, Cross: []float64{in.Var[0] * below, in.Covariance * below, in.Var[1] * below}}
	a, err := newVariant(treatmentName, &m, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	return results{"ratio_var": a.variance}
}

func runLin(t *testing.T, in input) results {
	var y []float64
	var x [][]float64
	if err := errors.Join(json.Unmarshal(in.Y, &y), json.Unmarshal(in.X, &x)); err != nil {
		t.Fatal(err)
	}
	var variants [2]Moments
	for i, variant := range in.T {
		row := []float64{y[i]}
		for _, covariate := range x {
			row = append(row, covariate[i])
		}
		variants[variant].Add(row...)
	}
	c, err := CompareAdjusted(variants[1], variants[0], 1)
	if err != nil {
		t.Fatal(err)
	}
	se := math.Sqrt(variants[1].Cov(0, 0)/float64(variants[1].N) + variants[0].Cov(0, 0)/float64(variants[0].N))
	return results{
		"unadjusted_diff": variants[1].Means[0] - variants[0].Means[0], "unadjusted_se": se,
		"lin_effect": c.Difference(in.Level).Estimate,
	}
}

func runSampleRatio(t *testing.T, in input) results {
	if in.Weights == nil {
		in.Weights = []float64{1, 1}
	}
	c, err := SampleRatio(in.Counts, in.Weights)
	if err != nil {
		t.Fatal(err)
	}
	return results{
		"chi2": c.Statistic, "df": float64(c.DF), "p": c.PValue,
		"log_p": dist.ChiSquareLogSF(c.Statistic, float64(c.DF)),
	}
}
