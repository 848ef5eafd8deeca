package adjust

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/linear"
	"liftgate/stats/mean"
)

// Theta says from which covariances CUPED's slopes are made.
type Theta string

const (
	// Total takes both variants as one sample, as Deng et al. (2013) do; a treatment effect enters the slopes.
	Total Theta = "total"
	// Within takes deviations from each variant's own means: the slopes of a regression on the variant and the covariates.
	Within Theta = "within"
	// Summed takes the sum of the two variants' covariances whatever their sizes, as GrowthBook does.
	Summed Theta = "summed"
)

// Result is an adjusted comparison beside the unadjusted one.
type Result struct {
	Slopes          []float64   // theta, by covariate; 0 for a dropped one
	Adjusted        mean.Result // the lift is over the unadjusted control
	Unadjusted      mean.Result
	VarianceRemoved float64 // 1 - (adjusted / unadjusted standard error)²
	Dropped         []int   // places of covariates from 0
	Warnings        []string
}

// CUPED compares means after taking theta'(x - mean of x) off each value, by Welch's t on what is left: A. Deng, Y. Xu, R. Kohavi, T.
// Walker, "Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data", WSDM 2013. Moments are of the
// value and then the covariates; those of ratios come from ratio.Linearise.
//
// The slopes count as known: valid for n well above the number of covariates. Errors: as [stats.CompareMeans].
func CUPED(treated, control stats.Moments, by Theta, o mean.Options) (Result, error) {
	if err := check(treated, control); err != nil {
		return Result{}, err
	}
	common, err := by.moments(treated, control)
	if err != nil {
		return Result{}, err
	}
	kept := usable(common)
	r, err := WithSlopes(treated, control, slopes(common, kept), o)
	if err != nil {
		return Result{}, err
	}
	r.Dropped = without(kept, common.Dim()-1)
	r.Warnings = append(r.Warnings, droppedWarnings(r.Dropped)...)
	return r, nil
}

// WithSlopes is CUPED with slopes that come from elsewhere, such as an earlier experiment.
func WithSlopes(treated, control stats.Moments, theta []float64, o mean.Options) (Result, error) {
	l, err := Levels(treated, control, theta)
	if err != nil {
		return Result{}, err
	}
	r := Result{Slopes: theta}
	if r.Adjusted, err = mean.Of(l, o); err != nil {
		return Result{}, err
	}
	if r.Unadjusted, err = mean.Welch(value(treated), value(control), o); err != nil {
		return Result{}, err
	}
	relative := r.Adjusted.Difference.StdError / r.Unadjusted.Difference.StdError
	r.VarianceRemoved = 1 - relative*relative
	return r, nil
}

// Levels are the unadjusted control, and the treatment as it would be at the control's covariates: their difference is CUPED's, and their
// ratio the adjusted difference over the unadjusted control, with the covariance that this takes.
func Levels(treated, control stats.Moments, theta []float64) (stats.Levels, error) {
	if err := check(treated, control); err != nil {
		return stats.Levels{}, err
	}
	if len(theta) != treated.Dim()-1 {
		return stats.Levels{}, fmt.Errorf("%w: %d slopes for %d covariates", stats.ErrInvalid, len(theta), treated.Dim()-1)
	}
	c, err := stats.CompareMeans(residuals(treated, theta), residuals(control, theta))
	if err != nil {
		return stats.Levels{}, err
	}
	left, _ := stats.LevelsOf(c)
	n := float64(control.N)
	explained, shared := 0.0, 0.0
	for i, slope := range theta {
		shared += slope * control.Cov(0, 1+i) / n
		for j, other := range theta {
			explained += slope * other * control.Cov(1+i, 1+j) / n
		}
	}
	plain := math.Max(control.Cov(0, 0), 0) / n
	return stats.Levels{
		Method: "cuped", Treated: control.Means[0] + left.Treated - left.Control, Control: control.Means[0],
		VarTreated: left.VarTreated + explained, VarControl: plain, Cov: shared,
		DF: left.DF, Outside: left.Outside,
	}, nil
}

// moments are those whose covariances make the slopes, up to a factor.
func (by Theta) moments(treated, control stats.Moments) (stats.Moments, error) {
	var common stats.Moments
	common.Merge(&treated)
	common.Merge(&control)
	switch by {
	case Total:
		return common, nil
	case Within, Summed:
		for k := range common.Cross {
			common.Cross[k] = treated.Cross[k] + control.Cross[k]
			if by == Summed {
				common.Cross[k] = treated.Cross[k]/float64(treated.N-1) + control.Cross[k]/float64(control.N-1)
			}
		}
		return common, nil
	}
	return common, fmt.Errorf("%w: no slopes %q; there are total, within and summed", stats.ErrInvalid, by)
}

// slopes regresses the value on the kept covariates.
func slopes(m stats.Moments, kept []int) []float64 {
	factor := linear.Cholesky(among(m), kept)
	with := make([]float64, len(kept))
	for i, j := range kept {
		with[i] = m.Cov(0, 1+j)
	}
	theta := make([]float64, m.Dim()-1)
	for i, slope := range factor.Backward(factor.Forward(with)) {
		theta[kept[i]] = slope
	}
	return theta
}

// residuals are the moments of the value less theta'x.
func residuals(m stats.Moments, theta []float64) stats.Moments {
	weights := append([]float64{1}, theta...)
	for i := range theta {
		weights[1+i] = -theta[i]
	}
	level, square := 0.0, 0.0
	for i, w := range weights {
		level += w * m.Means[i]
		for j, v := range weights {
			square += w * v * m.Cov(i, j)
		}
	}
	return stats.Moments{N: m.N, Means: []float64{level}, Cross: []float64{math.Max(square, 0) * float64(m.N-1)}}
}

// value is the moments of the value alone.
func value(m stats.Moments) stats.Moments {
	return stats.Moments{N: m.N, Means: m.Means[:1], Cross: m.Cross[:1]}
}
