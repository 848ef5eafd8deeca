package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/linear"
)

// Coefficient is a coefficient of a regression with its confidence sequence.
type Coefficient struct {
	Estimate, StdError float64
	Lower, Upper       float64
	LogE               float64 // against zero
	PValue             float64
	// RobustError is the standard error that lets the variance differ (HC0), and RobustPValue the p-value with it, which is asymptotic.
	RobustError, RobustPValue float64
}

// Regression regresses y on an intercept, which comes first in the result, and columns x. The interval of each coefficient is one moment
// of a confidence sequence at level 1 - alpha, as units arrive, by a normal prior with variance sigma²/g on the coefficient in units of
// its own information (Lindon, Ham, Tingley, Bojinov 2022, eq. 9 and 10): with r = g/(g+n) and nu degrees of freedom,
//
//	log E = log(r)/2 + (nu+1)/2 (log(1 + t²/nu) - log(1 + r t²/nu)).
//
// A small g looks for large effects. The guarantee is exact for normal errors. The interval is unbounded while n is too small for alpha.
func Regression(y []float64, x [][]float64, g, alpha float64) ([]Coefficient, error) {
	columns, err := checkRegression(y, x, g, alpha)
	if err != nil {
		return nil, err
	}
	all := linear.Basis{}
	for j, column := range columns {
		if !all.Add(column) {
			return nil, fmt.Errorf("%w: column %d is a combination of those before it", stats.ErrNoVariance, j)
		}
	}
	residual := all.Residual(y)
	n, nu := float64(len(y)), float64(len(y)-len(columns))
	variance := linear.Dot(residual, residual) / nu
	if !(variance > 0) {
		return nil, fmt.Errorf("%w: the columns leave nothing of y", stats.ErrNoVariance)
	}
	prior := gPrior{share: g / (g + n), nu: nu}
	radius := prior.radius(alpha)
	out := make([]Coefficient, len(columns))
	for j := range columns {
		own := alone(columns, j)
		square := linear.Dot(own, own)
		c := Coefficient{Estimate: linear.Dot(own, y) / square, StdError: math.Sqrt(variance / square)}
		for i, e := range residual {
			c.RobustError += own[i] * own[i] * e * e
		}
		c.RobustError = math.Sqrt(c.RobustError) / square
		c.Lower, c.Upper = c.Estimate-radius*c.StdError, c.Estimate+radius*c.StdError
		c.LogE = prior.logE(c.Estimate / c.StdError)
		c.PValue, c.RobustPValue = pValue(c.LogE), pValue(prior.logE(c.Estimate/c.RobustError))
		out[j] = c
	}
	return out, nil
}

// alone is what the other columns leave of column j.
func alone(columns [][]float64, j int) []float64 {
	others := linear.Basis{}
	for k, column := range columns {
		if k != j {
			others.Add(column)
		}
	}
	return others.Residual(columns[j])
}

// gPrior is the prior of a coefficient, share = g/(g+n), with the residual degrees of freedom.
type gPrior struct{ share, nu float64 }

func (p gPrior) logE(t float64) float64 {
	t2 := t * t / p.nu
	return 0.5*math.Log(p.share) + 0.5*(p.nu+1)*(math.Log1p(t2)-math.Log1p(p.share*t2))
}

// radius is the |t| at which the evidence reaches 1/alpha, +Inf when it never does.
func (p gPrior) radius(alpha float64) float64 {
	q := math.Pow(p.share*alpha*alpha, 1/(p.nu+1))
	if q <= p.share {
		return math.Inf(1)
	}
	return math.Sqrt(p.nu * (1 - q) / (q - p.share))
}

// checkRegression gives the columns with the intercept.
func checkRegression(y []float64, x [][]float64, g, alpha float64) ([][]float64, error) {
	if err := checkAlpha(alpha); err != nil {
		return nil, err
	}
	if err := positive("g", g); err != nil {
		return nil, err
	}
	if len(y) < len(x)+2 {
		return nil, fmt.Errorf("%w: %d for a regression on %d columns", stats.ErrTooFew, len(y), len(x))
	}
	ones := make([]float64, len(y))
	for i, v := range y {
		ones[i] = 1
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%w: y holds %v", stats.ErrInvalid, v)
		}
	}
	for j, column := range x {
		if len(column) != len(y) {
			return nil, fmt.Errorf("%w: column %d has %d values for %d of y", stats.ErrInvalid, j+1, len(column), len(y))
		}
		for _, v := range column {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("%w: column %d holds %v", stats.ErrInvalid, j+1, v)
			}
		}
	}
	return append([][]float64{ones}, x...), nil
}
