package adjust

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/linear"
)

// StdErrors of a regression's treatment effect: the classic one, which takes all units to be equally noisy, and those that do not (H.
// White, Econometrica 48 (1980) 817-838; MacKinnon and White (1985)). With t the treatment's residual on the other columns, u the
// residuals, h the leverages and k the number of columns
//
//	HC0 = sum t² u² / (sum t²)²,  HC1 = n/(n-k) HC0,  HC2: u² / (1-h) in place of u²,  HC3: u² / (1-h)².
type StdErrors struct {
	Classic, HC0, HC1, HC2, HC3 float64
}

// Regression is a least-squares fit on units.
type Regression struct {
	Method     string
	Difference stats.Estimate // the treatment's coefficient, with HC2 and Student's t
	DF         float64        // n less the number of columns
	PValue     float64        // two-sided, against no difference, HC2
	StdErrors  StdErrors
	Slopes     []float64 // of the covariates; for [Lin] in the control; 0 for a dropped one
	Dropped    []int
	Warnings   []string
}

// Pooled regresses the value on the variant and the covariates: one slope for both variants (analysis of covariance).
//
// Errors: [stats.ErrTooFew] without units enough, or where one unit alone decides a coefficient; [stats.ErrNoVariance] when the columns
// explain every value; [stats.ErrInvalid] for impossible rows and a variant that the covariates determine.
func Pooled(r Rows, level float64) (Regression, error) {
	return r.regress(Regression{Method: "pooled-regression"}, false, level)
}

// Lin regresses on the variant, the covariates less their mean over both variants, and the products of the two: each variant has slopes
// of its own, and the treatment's coefficient is the effect at the mean. W. Lin (2013). Errors as [Pooled].
//
// Its standard errors take the covariates' mean as fixed; [stats.CompareAdjusted] has the same effect with that noise in it.
func Lin(r Rows, level float64) (Regression, error) {
	return r.regress(Regression{Method: "lin-regression"}, true, level)
}

// regress fills in a fit, whose slopes the variants share unless they interact.
func (r Rows) regress(fit Regression, interacted bool, level float64) (Regression, error) {
	treated, control, err := r.Moments()
	if err != nil {
		return Regression{}, err
	}
	var both stats.Moments
	both.Merge(&treated)
	both.Merge(&control)
	kept := usable(both)
	if interacted {
		kept = usable(treated, control)
	}
	if !(level > 0 && level < 1) {
		return Regression{}, fmt.Errorf("%w: a level of %v, it must lie between 0 and 1", stats.ErrInvalid, level)
	}
	basis, kept := r.columns(both, kept, interacted)
	alone := basis.Residual(r.T)
	if !basis.Add(r.T) {
		return Regression{}, fmt.Errorf("%w: the covariates determine the variant", stats.ErrInvalid)
	}
	fit.DF, fit.Dropped = float64(len(r.Y)-basis.Rank()), without(kept, len(r.X))
	if fit.DF < 1 {
		return Regression{}, fmt.Errorf("%w: %d for %d columns: wait for more, or use fewer covariates", stats.ErrTooFew, len(r.Y), basis.Rank())
	}
	fit.Warnings = droppedWarnings(fit.Dropped)
	effect := linear.Dot(alone, r.Y) / linear.Dot(alone, alone)
	if fit.StdErrors, err = stdErrors(alone, basis.Residual(r.Y), basis.Leverage(len(r.Y)), fit.DF); err != nil {
		return Regression{}, err
	}
	if fit.StdErrors.Classic <= exact*math.Sqrt(both.Cov(0, 0)/float64(both.N)) {
		return Regression{}, fmt.Errorf("%w: the covariates explain every unit's value exactly", stats.ErrNoVariance)
	}
	fit.Slopes = make([]float64, len(r.X))
	for i, c := range basis.Coefficients(r.Y)[1 : 1+len(kept)] {
		fit.Slopes[kept[i]] = c
	}
	se := fit.StdErrors.HC2
	half := dist.StudentISF((1-level)/2, fit.DF) * se
	fit.Difference = stats.Estimate{Estimate: effect, StdError: se, Lower: effect - half, Upper: effect + half}
	fit.PValue = 2 * dist.StudentSF(math.Abs(effect)/se, fit.DF)
	return fit, nil
}

// columns are the intercept and those of the covariates asked for that add to it, centred, and their products with the variant.
func (r Rows) columns(both stats.Moments, asked []int, interacted bool) (basis *linear.Basis, kept []int) {
	basis = &linear.Basis{}
	ones := make([]float64, len(r.Y))
	for i := range ones {
		ones[i] = 1
	}
	basis.Add(ones)
	var products [][]float64
	for _, j := range asked {
		centred, product := make([]float64, len(r.Y)), make([]float64, len(r.Y))
		for i, x := range r.X[j] {
			centred[i] = x - both.Means[1+j]
			product[i] = centred[i] * r.T[i]
		}
		if basis.Add(centred) {
			kept, products = append(kept, j), append(products, product)
		}
	}
	if interacted {
		for _, product := range products {
			basis.Add(product)
		}
	}
	return basis, kept
}

// exact is the share of the unadjusted standard error below which residuals are rounding.
const exact = 1e-13

// stdErrors are those of the coefficient of a column whose residual on the others is alone.
func stdErrors(alone, residuals, leverage []float64, df float64) (StdErrors, error) {
	var squares, hc0, hc2, hc3 float64
	for i, u := range residuals {
		free := 1 - leverage[i]
		if free < 1e-9 {
			return StdErrors{}, fmt.Errorf("%w: unit %d alone decides a coefficient, so nothing shows its noise: wait for more, or use fewer covariates", stats.ErrTooFew, i)
		}
		own := alone[i] * alone[i] * u * u
		squares += u * u
		hc0 += own
		hc2 += own / free
		hc3 += own / free / free
	}
	scale := linear.Dot(alone, alone)
	return StdErrors{
		Classic: math.Sqrt(squares / df / scale),
		HC0:     math.Sqrt(hc0) / scale,
		HC1:     math.Sqrt(hc0*float64(len(residuals))/df) / scale,
		HC2:     math.Sqrt(hc2) / scale,
		HC3:     math.Sqrt(hc3) / scale,
	}, nil
}
