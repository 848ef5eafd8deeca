package procedure

import (
	"errors"
	"fmt"

	"liftgate/stats"
	"liftgate/stats/adjust"
	"liftgate/stats/lift"
	"liftgate/stats/mean"
	"liftgate/stats/ratio"
)

func adjustments() []Procedure {
	const rows = `{"y": [4.8, 7.0, 2.3, 5.1, 1.9, 3.8, 2.4, 2.2], "t": [0, 1, 1, 0, 1, 1, 0, 0], "x": [[2.7, 4.1, 2.3, 2.6, 1.2, 1.3, 3.1, 1.4]]}`
	return family("adjustment",
		define("cuped", "means of units adjusted for covariates by CUPED (Deng et al. 2013)", rows, cupedOfRows),
		define("cuped-from-sums", "means adjusted for one covariate by CUPED (Deng et al. 2013), from sums",
			`{"control": {"n": 94, "y": 265.5, "x": 189.9, "yy": 920.8, "xx": 480.6, "yx": 627.4}, "treatment": {"n": 106, "y": 358.7, "x": 224, "yy": 1630.2, "xx": 584.2, "yx": 892.4}}`, cupedOfSums),
		define("cuped-ratio-metrics", "ratios of totals adjusted for an earlier ratio by CUPED with a given slope, the lift by the delta method",
			`{"control": {"y": [12, 19, 16], "d": [1, 2, 1.5], "y_before": [16, 11, 21], "d_before": [1.5, 1, 2]}, "treatment": {"y": [17, 12, 23], "d": [1.5, 1, 2.5], "y_before": [11, 17, 22], "d_before": [1, 1.5, 2]}, "theta": 0.5}`, cupedOfRatios),
		define("pooled-regression", "means of units by a regression on the variant and covariates, with robust standard errors (MacKinnon and White 1985)", rows, regressionOf(adjust.Pooled)),
		define("lin-regression", "means of units by a regression with a slope for each variant (Lin 2013), with robust standard errors", rows, regressionOf(adjust.Lin)),
		define("post-stratified-means", "means compared within strata and weighed by all units (Miratrix, Sekhon and Yu 2013)",
			`{"strata": [{"control": [100, 100, 199], "treatment": [110, 132, 290]}, {"control": [300, 600, 1873], "treatment": [280, 588, 1782]}]}`, postStratified),
	)
}

type unitsInput struct {
	atLevel
	Y []float64   `json:"y" doc:"value of each unit"`
	T []float64   `json:"t" doc:"variant of each unit: 1 the treatment, 0 the control"`
	X [][]float64 `json:"x" doc:"covariates, each a list of one number a unit"`
}

func (in unitsInput) units() adjust.Rows { return adjust.Rows{Y: in.Y, T: in.T, X: in.X} }

type cupedRowsInput struct {
	unitsInput
	thetaInput
}

type thetaInput struct {
	Theta string `json:"theta" default:"\"total\"" doc:"covariances that make the slopes: total (both variants as one sample), within (variants), summed (over variants, as GrowthBook)"`
}

func cupedOfRows(in cupedRowsInput) (adjust.Result, error) {
	treated, control, err := in.units().Moments()
	if err != nil {
		return adjust.Result{}, err
	}
	return adjust.CUPED(treated, control, adjust.Theta(in.Theta), mean.Options{Level: in.Level})
}

// covariateSums is a variant with one covariate: sums over units of value y and covariate x, and of their squares and products.
type covariateSums struct {
	N  float64 `json:"n"`
	Y  float64 `json:"y"`
	X  float64 `json:"x"`
	YY float64 `json:"yy"`
	XX float64 `json:"xx"`
	YX float64 `json:"yx"`
}

func (s covariateSums) moments() (stats.Moments, error) {
	n, err := whole(s.N)
	if err != nil {
		return stats.Moments{}, &InputError{"n", err}
	}
	return stats.MomentsOfProducts(n, []float64{s.Y, s.X}, []float64{s.YY, s.YX, s.XX})
}

type cupedSumsInput struct {
	atLevel
	thetaInput
	Control   covariateSums `json:"control" doc:"{n, y, x, yy, xx, yx}: units, sums of value y and covariate x, and of their squares and products"`
	Treatment covariateSums `json:"treatment" doc:"the same for the treatment"`
}

func cupedOfSums(in cupedSumsInput) (adjust.Result, error) {
	treated, err1 := in.Treatment.moments()
	control, err2 := in.Control.moments()
	if err := errors.Join(err1, err2); err != nil {
		return adjust.Result{}, err
	}
	return adjust.CUPED(treated, control, adjust.Theta(in.Theta), mean.Options{Level: in.Level})
}

// ratioUnits are units with a ratio and an earlier one.
type ratioUnits struct {
	Y       []float64 `json:"y"`
	D       []float64 `json:"d"`
	YBefore []float64 `json:"y_before"`
	DBefore []float64 `json:"d_before"`
}

// moments are those of the two ratios, linearised.
func (u ratioUnits) moments() (stats.Moments, error) {
	var m stats.Moments
	if len(u.D) != len(u.Y) || len(u.YBefore) != len(u.Y) || len(u.DBefore) != len(u.Y) {
		return m, fmt.Errorf("%w: y, d, y_before and d_before must be equally long", stats.ErrInvalid)
	}
	for i := range u.Y {
		m.Add(u.Y[i], u.D[i], u.YBefore[i], u.DBefore[i])
	}
	return ratio.Linearise(m)
}

type cupedRatioInput struct {
	atLevel
	Control   ratioUnits `json:"control" doc:"{y, d, y_before, d_before}: numerator and denominator of each unit, after and before"`
	Treatment ratioUnits `json:"treatment" doc:"the same for the treatment"`
	Theta     float64    `json:"theta" doc:"slope of the ratio on the earlier one"`
}

type cupedRatio struct {
	adjust.Result
	Delta lift.Interval // normal quantiles
}

func cupedOfRatios(in cupedRatioInput) (cupedRatio, error) {
	treated, err1 := in.Treatment.moments()
	control, err2 := in.Control.moments()
	if err := errors.Join(err1, err2); err != nil {
		return cupedRatio{}, err
	}
	theta := []float64{in.Theta}
	r, err := adjust.WithSlopes(treated, control, theta, mean.Options{Level: in.Level})
	if err != nil {
		return cupedRatio{}, err
	}
	l, err := adjust.Levels(treated, control, theta)
	if err != nil {
		return cupedRatio{}, err
	}
	if l, err = mean.ByNormal.Of(l); err != nil {
		return cupedRatio{}, err
	}
	delta, err := lift.Delta(l, in.Level)
	return cupedRatio{r, delta}, err
}

func regressionOf(fit func(r adjust.Rows, level float64) (adjust.Regression, error)) func(unitsInput) (adjust.Regression, error) {
	return func(in unitsInput) (adjust.Regression, error) { return fit(in.units(), in.Level) }
}

type strataInput struct {
	atLevel
	Strata    []twoSums `json:"strata" doc:"list of {control, treatment}, each [n, sum, sum of squares]"`
	Reference string    `json:"reference" default:"\"welch\"" doc:"welch for Student's t, z for the normal distribution"`
}

func postStratified(in strataInput) (adjust.Stratified, error) {
	strata := make([]adjust.Stratum, len(in.Strata))
	for i, s := range in.Strata {
		var err error
		if strata[i].Treated, strata[i].Control, err = s.moments(); err != nil {
			return adjust.Stratified{}, err
		}
	}
	return adjust.PostStratify(strata, mean.Reference(in.Reference), mean.Options{Level: in.Level})
}
