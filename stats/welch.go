package stats

import "liftgate/stats/internal/degrees"

// CompareMeans compares the means of one value a unit (moments of dimension 1): the difference by B. L. Welch's t test
// (Biometrika 34 (1947) 28-35) with Satterthwaite's degrees of freedom, the lift by Fieller's theorem with the same ones.
//
// Valid when the means are about normal: from 30 degrees of freedom on, as far as moments show ([Contrast].Outside), and, for a caller
// that knows how skewed the values are, inside the limits of [OutsideSkewness]; heavy-tailed money needs a cap. A variant without
// variance is taken as known; two of them give [ErrNoVariance], fewer than two units [ErrTooFew].
func CompareMeans(treated, control Moments) (Contrast, error) {
	return compareLevels("welch", treated, control, 1)
}

// compareLevels compares independent variants without covariates.
func compareLevels(method string, treated, control Moments, parts int) (Contrast, error) {
	a1, err := newVariant(treatmentName, &treated, parts, 0)
	if err != nil {
		return nil, err
	}
	a0, err := newVariant(controlName, &control, parts, 0)
	if err != nil {
		return nil, err
	}
	if err := checkSpread(a1, a0); err != nil {
		return nil, err
	}
	p := &pair{method: method, m1: a1.level, m0: a0.level, v11: a1.varianceOfMean(), v00: a0.varianceOfMean()}
	p.df = degrees.Satterthwaite([]float64{p.v11, p.v00}, []float64{a1.n - 1, a0.n - 1})
	p.judge(a1, a0)
	return p, nil
}
