// Package causal answers what a plain comparison does not: the effect on those who took the treatment up ([Instrument]), and how many
// units of one outcome come with one of another ([DifferenceRatio], incrementality).
//
// Its opinion: both are ratios of two effects, so their confidence sets come from tests that stay right when the lower effect is near zero
// (Anderson-Rubin, Fieller) and may be unbounded; a standard error of the ratio is only shown beside them.
//
// Limits: an instrument must act through the treatment only, and push nobody away from it; then the estimate is the mean effect on
// compliers. Moments must be of independent units; with clusters give them.
//
// References: A. Wald, Annals of Mathematical Statistics 11 (1940) 284-300; G. Imbens, J. Angrist, Econometrica 62 (1994) 467-475; T.
// Anderson, H. Rubin, Annals of Mathematical Statistics 20 (1949) 46-63; D. Staiger, J. Stock, Econometrica 65 (1997) 557-586; E. C.
// Fieller, J. R. Statist. Soc. B 16 (1954) 175-185.
package causal
