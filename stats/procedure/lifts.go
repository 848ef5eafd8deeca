package procedure

import (
	"errors"
	"math"

	"liftgate/stats"
	"liftgate/stats/lift"
	"liftgate/stats/mean"
	"liftgate/stats/ratio"
)

func lifts() []Procedure {
	const example = `{"control": [3407, 1396.87, 52377.97], "treatment": [3461, 2422.7, 134698.29]}`
	return family("lift",
		define("lift-delta", "lift of two means by the plain delta method", example, liftOf(lift.Delta)),
		define("lift-log-delta", "lift of two means by the delta method for the logarithm of their ratio", example, liftOf(lift.LogDelta)),
		define("lift-fieller", "lift of two means by Fieller's theorem (1954), bounded or not", example, liftOf(lift.Fieller)),
		define("lift-fieller-estimates", "lift of two estimates with their covariance matrix by Fieller's theorem (1954)",
			`{"treatment": 1.1, "control": 1.0, "treatment_variance": 0.04, "control_variance": 0.03, "covariance": 0.02}`, liftOfEstimates),
		define("ratio-metrics", "two ratios of totals by the delta method (Deng, Knoblich and Lu 2018), with three intervals of the lift",
			`{"control": {"n": 100, "y": 102.3, "d": 424, "yy": 154.1, "dd": 2086, "yd": 490.1}, "treatment": {"n": 100, "y": 108.5, "d": 412, "yy": 190.3, "dd": 2102, "yd": 568.8}}`, ratioMetrics),
		define("ratio-covariance", "covariance of two ratios of totals by the delta method; of one with itself its variance",
			`{"first": [5, 4], "second": [5, 4], "covariances": [[3, 1], [1, 2]]}`, ratioCovariance),
	)
}

type liftInput struct {
	twoSums
	atLevel
	Reference string `json:"reference" default:"\"welch\"" doc:"degrees of freedom: welch (of the difference), own (of the log ratio), pooled (one variance for both), or z for the normal distribution"`
}

// liftOf applies a procedure to the levels of two means.
func liftOf[Out any](procedure func(l stats.Levels, level float64) (Out, error)) func(liftInput) (Out, error) {
	return func(in liftInput) (out Out, err error) {
		treated, control, err := in.moments()
		if err != nil {
			return out, err
		}
		by := mean.Reference(in.Reference)
		if in.Reference == "own" {
			by = mean.ByWelch
		}
		l, err := mean.Levels(treated, control, by)
		if err != nil {
			return out, err
		}
		if in.Reference == "own" {
			if l.DF, err = lift.LogDF(l, float64(treated.N-1), float64(control.N-1)); err != nil {
				return out, err
			}
		}
		return procedure(l, in.Level)
	}
}

type estimatesInput struct {
	atLevel
	Treatment         float64  `json:"treatment" doc:"estimate of the treatment"`
	Control           float64  `json:"control" doc:"estimate of the control"`
	TreatmentVariance float64  `json:"treatment_variance" doc:"variance of the treatment's estimate"`
	ControlVariance   float64  `json:"control_variance" doc:"variance of the control's estimate"`
	Covariance        float64  `json:"covariance" default:"0" doc:"covariance of the two estimates"`
	DF                *float64 `json:"df" optional:"true" doc:"degrees of freedom of the variances; left out: normal quantiles"`
}

func liftOfEstimates(in estimatesInput) (lift.Set, error) {
	df := math.Inf(1)
	if in.DF != nil {
		df = *in.DF
	}
	return lift.Fieller(stats.Levels{
		Method: "fieller", Treated: in.Treatment, Control: in.Control,
		VarTreated: in.TreatmentVariance, VarControl: in.ControlVariance, Cov: in.Covariance, DF: df,
	}, in.Level)
}

// ratioSums is a variant of a ratio: sums over units of numerator y and denominator d, and of their squares and products.
type ratioSums struct {
	N  float64 `json:"n"`
	Y  float64 `json:"y"`
	D  float64 `json:"d"`
	YY float64 `json:"yy"`
	DD float64 `json:"dd"`
	YD float64 `json:"yd"`
}

func (s ratioSums) moments() (stats.Moments, error) {
	n, err := whole(s.N)
	if err != nil {
		return stats.Moments{}, &InputError{"n", err}
	}
	return stats.MomentsOfProducts(n, []float64{s.Y, s.D}, []float64{s.YY, s.YD, s.DD})
}

type ratioInput struct {
	atLevel
	Control   ratioSums `json:"control" doc:"{n, y, d, yy, dd, yd}: units, sums of numerator y and denominator d, and of their squares and products"`
	Treatment ratioSums `json:"treatment" doc:"the same for the treatment"`
	Null      float64   `json:"null" default:"0" doc:"the difference of ratios under the null hypothesis"`
	Reference string    `json:"reference" default:"\"welch\"" doc:"welch for Student's t, z for the normal distribution"`
}

func ratioMetrics(in ratioInput) (ratio.Result, error) {
	if err := in.check(); err != nil {
		return ratio.Result{}, err
	}
	treated, err1 := in.Treatment.moments()
	control, err2 := in.Control.moments()
	if err := errors.Join(err1, err2); err != nil {
		return ratio.Result{}, err
	}
	return ratio.Compare(treated, control, mean.Reference(in.Reference), mean.Options{Null: in.Null, Level: in.Level})
}

type ratioCovarianceInput struct {
	First       [2]float64    `json:"first" doc:"[mean of the numerator, mean of the denominator] of the first ratio"`
	Second      [2]float64    `json:"second" doc:"the same of the second"`
	Covariances [2][2]float64 `json:"covariances" doc:"[[NN, ND], [DN, DD]], covariances of a unit's parts: N numerator, D denominator, first the first ratio's"`
	N           float64       `json:"n" default:"1" doc:"number of units; 1 gives the covariance of a unit's influences"`
}

type covariance struct{ Covariance float64 }

func ratioCovariance(in ratioCovarianceInput) (covariance, error) {
	if in.First[1] == 0 || in.Second[1] == 0 {
		return covariance{}, stats.ErrZeroDenominator
	}
	if !(in.N > 0) {
		return covariance{}, stats.ErrTooFew
	}
	c := ratio.Covariance(ratio.Mean{Numerator: in.First[0], Denominator: in.First[1]}, ratio.Mean{Numerator: in.Second[0], Denominator: in.Second[1]},
		ratio.Cross{NN: in.Covariances[0][0], ND: in.Covariances[0][1], DN: in.Covariances[1][0], DD: in.Covariances[1][1]})
	return covariance{c / in.N}, nil
}
