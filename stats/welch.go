package stats

// CompareMeans compares the means of one value a unit (moments of dimension 1): the difference by B. L. Welch's t test
// (Biometrika 34 (1947) 28-35) with Satterthwaite's degrees of freedom, the lift by Fieller's theorem with the same ones.
//
// Valid when the means are about normal: n units of skewness g are safe from n = 355 g² on (R. Kohavi et al., "Seven Rules of Thumb
// for Web Site Experimenters", KDD 2014, rule 7), which moments cannot show; heavy-tailed money needs a cap. A variant without variance is taken as known; two of them give
// [ErrNoVariance], fewer than two units [ErrTooFew].
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
	p.df = satterthwaite(p.v11, a1.n-1, p.v00, a0.n-1)
	p.warn(a1, a0)
	return p, nil
}
