// Package dist gives tail probabilities and quantiles of distributions, accurate deep into both tails and for huge parameters.
//
// Upper tails have functions of their own (SF), because 1 - CDF loses them; LogSF goes on where SF underflows a double. ISF is
// the upper-tail quantile. Arguments outside a distribution's domain give NaN: callers check before they ask.
package dist
