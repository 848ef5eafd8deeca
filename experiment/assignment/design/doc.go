// Package design assigns a list of merchants so that the variants are alike before anything happens.
//
// A checkout knows one shopper at a time and assigns by hash. Merchants are few, very unequal and known in advance, so a list of them can be
// dealt better than that. [Draw] is a pure function of the definition's design, its seed and the list in any order, and gives a
// record: who got what, in which block, and how much that is worth. Who on the list takes part at all is decided as everywhere,
// by package assignment.
//
//	method        blocks                 what is random
//	stratified    strata                 how a remainder that does not divide is rounded, and who gets which of the slots
//	paired        like merchants         who of a block gets which of its slots
//	rerandomized  strata, or all         as stratified, drawn again until the Mahalanobis distance between the variants is small
//
// Its opinion:
//   - Every merchant's chance of a variant is that variant's weight, also with odd strata: remainders are rounded by Cox's controlled
//     rounding, which keeps row and column sums within one of the exact ones and every cell's mean exact; a last block that is too
//     small gets a random part of the slots. Re-randomised designs have that property when two variants have equal weights only.
//   - Given how many of a block got each variant, all ways to deal them are equally likely (but for what a limit rejects). That is what the
//     record says and randomisation inference repeats.
//   - Pairs are optimal by proof, see package matching. Unequal weights and more than two variants need blocks as large as the sum of the weights
//     in lowest terms (1:2 are triples), for which there is no such proof, and the record does not claim it. Beyond 20 merchants to a
//     block nobody is alike any more: stratify.
//   - A merchant that nobody is like is still assigned. Of an odd number, the one left over is chosen so that it disturbs least.
//   - A null or non-finite balance variable, a constant one, one that the others determine, and a list too short for two merchants a variant
//     are errors. Nothing is imputed.
//
// # Balance report
//
// Differences between means, treatment less control, are in standard deviations of the list (all merchants that were drawn, divisor n-1): fixed
// by the list, unlike those of the two groups (Austin 2009), so that they can be compared between designs. "By chance" is the
// standard deviation of that difference under complete randomisation, sqrt(1/n_t + 1/n_c) exactly, never the outcome of one draw; "by
// design" its root mean square over the draws of the design, given the numbers in its blocks: exact for strata and pairs, the normal
// theory of Morgan and Rubin for re-randomised ones (by simulation with strata; with several treatments each is taken by itself).
// Their squared ratio is the gain: by how much complete randomisation would need more merchants for an outcome that is this variable
// (Imai, King and Nall 2009, on relative efficiency). An outcome with correlation r to the variable gains 1 / (1 - r² (1 - 1/gain)).
// Power is that of a mean with the variable's variance at a success metric's mde, with and without the gain.
//
// # Limits
//
//   - A list is drawn once. Merchants that come later, or that more traffic lets in, need a design of their own.
//   - Balance variables enter as they are. Where a few merchants are many times as large as the rest, their logarithm or rank balances better.
//   - Pairs with few strata and many variables are alike on the average of the variables, not on each.
//   - Optimal pairs are limited to matching.MaxOptimal merchants; 5,000 on 4 variables take about two seconds.
//   - With several treatments, all of them have to be within the limit, while an analysis of one of them repeats its own condition only.
//
// References: L. Cox, Journal of the American Statistical Association 82 (1987) 520-524 (rounding); M. Higgins, F. Sävje, J. Sekhon, PNAS 113
// (2016) 7369-7376 (blocks of a threshold size); R. Greevy, B. Lu, J. Silber, P. Rosenbaum, Biostatistics 5 (2004) 263-275 (optimal
// matching before randomisation); K. Morgan, D. Rubin, Annals of Statistics 40 (2012) 1263-1282 (re-randomisation); K. Imai, G. King,
// C. Nall, Statistical Science 24 (2009) 29-53 (pairs of clusters); W. Kernan, C. Viscoli, R. Makuch, L. Brass, R. Horwitz, Journal of
// Clinical Epidemiology 52 (1999) 19-26 (strata); P. Austin, Statistics in Medicine 28 (2009) 3083-3107 (standardised differences).
package design
