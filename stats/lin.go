package stats

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"liftgate/stats/internal/degrees"
	"liftgate/stats/internal/linear"
)

// Adjusted is a contrast of covariate-adjusted levels.
type Adjusted interface {
	Contrast
	// VarianceRemoved is the share of the variance of the difference that the covariates take away, against the same contrast
	// without them. It is negative where they explain less than they cost.
	VarianceRemoved() float64
	// Covariates are the places, from 0, of the covariates that were used, in their order.
	Covariates() []int
	// Dropped are the places of the others: constant in a variant, or a combination of those before them. A warning says so too.
	Dropped() []int
}

type adjusted struct {
	*pair
	removed float64
	kept    []int
	dropped []int
}

func (a adjusted) VarianceRemoved() float64 { return a.removed }

func (a adjusted) Covariates() []int { return a.kept }

func (a adjusted) Dropped() []int { return a.dropped }

// CompareAdjusted compares means (parts = 1) or ratios (parts = 2: numerator, denominator; linearised as in [CompareRatios])
// adjusted for the covariates that follow them in the moments. Covariates must be measured before the exposure.
//
// Each variant has its own regression on the covariates, and its level is read off at the covariates' mean over both variants
// together: the fully interacted regression of W. Lin, "Agnostic notes on regression adjustments to experimental data", Annals
// of Applied Statistics 7 (2013) 295-318; with equal slopes it is CUPED (A. Deng et al., WSDM 2013). With b the
// slopes, s² the residual variances (divisor n-1-k), xbar the means, S the covariates' covariance and N = n1+n0,
//
//	level_a = mean_a - b_a'(xbar_a - xbar)
//	V_aa    = s_a² (1/n_a + (xbar_a - xbar)' (X_a'X_a)⁻¹ (xbar_a - xbar)) + b_a' S b_a / N
//	V_10    = b_1' S b_0 / N
//
// The last terms are the noise of the shared covariate mean; in the difference they leave (b_1-b_0)' S (b_1-b_0) / N, the price
// of slopes that differ between the variants, which Lin's sandwich leaves out because he fixes the finite population (A. Negi,
// J. Wooldridge, Econometric Reviews 40 (2021) 504-534, have it). Degrees of freedom are Satterthwaite's of the residual
// variances, n_a-1-k each.
//
// With several treatments the mean is that of the pair, not of all variants, so that a comparison does not depend on the others.
// Covariates that are constant in a variant, or a combination of those before them, are dropped with a warning.
//
// Valid as [CompareMeans] and [CompareRatios] are, for the residuals, with n well above the number of covariates. Errors: as
// [CompareMeans] and [CompareRatios]; [ErrNoVariance] also when covariates explain everything.
func CompareAdjusted(treated, control Moments, parts int) (Adjusted, error) {
	if parts < 1 || parts > 2 {
		return nil, fmt.Errorf("%w: %d parts of a metric", ErrInvalid, parts)
	}
	covariates := max(treated.Dim(), control.Dim(), parts) - parts // moments without units have no dimension
	a1, err1 := newVariant(treatmentName, &treated, parts, covariates)
	a0, err0 := newVariant(controlName, &control, parts, covariates)
	if err := errors.Join(err1, err0); err != nil {
		return nil, err
	}
	if err := checkSpread(a1, a0); err != nil {
		return nil, err
	}
	kept, dropped := usable(a1, a0, covariates)
	r1, err1 := regress(a1, kept)
	r0, err0 := regress(a0, kept)
	if err := errors.Join(err1, err0); err != nil {
		return nil, err
	}
	p, err := adjust(r1, r0)
	if err != nil {
		return nil, err
	}
	if len(dropped) > 0 {
		p.warnings = append(p.warnings, droppedWarning(dropped))
	}
	p.judge(a1, a0)
	unadjusted := a1.varianceOfMean() + a0.varianceOfMean()
	return adjusted{pair: p, removed: 1 - p.variance(1)/unadjusted, kept: kept, dropped: dropped}, nil
}

func droppedWarning(dropped []int) string {
	numbers := make([]string, len(dropped))
	for i, j := range dropped {
		numbers[i] = strconv.Itoa(j + 1)
	}
	return fmt.Sprintf("covariate %s dropped: constant in a variant, or a combination of the others", strings.Join(numbers, ", "))
}

// leftover is the share of the unadjusted variance below which residuals are rounding.
const leftover = 1e-12

func adjust(r1, r0 *regression) (*pair, error) {
	n := r1.n + r0.n
	k := len(r1.kept)
	shift := make([]float64, k) // treatment's covariate means less control's
	for i, j := range r1.kept {
		shift[i] = r1.means[j] - r0.means[j]
	}
	common := pooledCovariance(r1, r0)
	p := &pair{
		method: "regression-adjusted",
		m1:     r1.level - linear.Dot(r1.slopes, shift)*(r0.n/n),
		m0:     r0.level + linear.Dot(r0.slopes, shift)*(r1.n/n),
		v10:    linear.Quadratic(r1.slopes, common, r0.slopes) / n,
	}
	own1 := r1.residual/r1.n + r1.residual*r1.leverage(shift, r0.n/n)
	own0 := r0.residual/r0.n + r0.residual*r0.leverage(shift, r1.n/n)
	if own1+own0 <= leftover*(r1.varianceOfMean()+r0.varianceOfMean()) {
		return nil, fmt.Errorf("%w: the covariates explain every unit's value exactly: one of them seems to be the metric itself", ErrNoVariance)
	}
	p.v11 = own1 + linear.Quadratic(r1.slopes, common, r1.slopes)/n
	p.v00 = own0 + linear.Quadratic(r0.slopes, common, r0.slopes)/n
	p.df = degrees.Satterthwaite([]float64{own1, own0}, []float64{r1.df, r0.df})
	return p, nil
}

// pooledCovariance is the covariance of the kept covariates within variants: S.
func pooledCovariance(r1, r0 *regression) [][]float64 {
	k := len(r1.kept)
	s := make([][]float64, k)
	for i := range k {
		s[i] = make([]float64, k)
		for j := range k {
			a, b := r1.kept[i], r1.kept[j]
			s[i][j] = ((r1.n-1)*r1.among(a, b) + (r0.n-1)*r0.among(a, b)) / (r1.n + r0.n - 2)
		}
	}
	return s
}
