// Package adjust takes out of a comparison what covariates measured before the exposure explain: CUPED from moments, regressions on rows
// of data, and post-stratification.
//
// Its opinion: an analysis uses [stats.CompareAdjusted], each variant with its own slopes, which never does worse than no adjustment in
// large samples, and needs moments only. One slope for both variants ([CUPED]) is nearly as good unless the slopes differ and the variants
// are unequal; [Pooled] and [Lin] on rows are for heteroskedasticity-robust standard errors, and for those who want what a regression
// package prints.
//
// Covariates that are constant, or a combination of those before them, are dropped with a warning; their slope is 0.
//
// Limits: slopes count as known, so variants need many more units than there are covariates. Covariates that the treatment changes
// take part of the effect with them.
//
// References: A. Deng, Y. Xu, R. Kohavi, T. Walker, WSDM 2013; W. Lin, Annals of Applied Statistics 7 (2013) 295-318; J. MacKinnon, H.
// White, J. Econometrics 29 (1985) 305-325; L. Miratrix, J. Sekhon, B. Yu, J. R. Statist. Soc. B 75 (2013) 369-396.
package adjust
