// Package dist gives tail probabilities and quantiles of distributions, accurate deep into both tails and for huge parameters.
//
// Upper tails have functions of their own (SF), because 1 - CDF loses them; LogCDF and LogSF go on where the tail underflows a double.
// ISF is the upper-tail quantile. P(X >= k) of a whole-numbered X is its SF at k-1. Arguments outside a distribution's domain give NaN:
// callers check before they ask.
//
// Its opinion: parameters may be anything that counts of units can make of them. Relative errors are below 1e-11 for a+b, means and
// degrees of freedom up to 1e10 (1e9 for sums of many terms), as far as 1e-300 and on the logarithm beyond: testdata holds it to 60
// digits. What cancels is formed exactly or on paper, after C. Loader's saddle point (2000); no approximation is switched to for large
// parameters, so the tails of the gamma, beta and hypergeometric distributions take about as many steps as a standard deviation has
// units. Shapes beyond 1e14 are outside the domain, except the degrees of freedom of t.
package dist
