// Package bayes gives posterior answers to two questions: how likely the treatment is better, and what choosing it costs if it is not.
//
// Its opinion: the numbers are computed and not sampled, to nine digits, also for millions of units. Expected loss is what a decision
// weighs; a chance to beat of 95 % is not a test at 5 %, and looking every day spoils it all the same. A prior that says that large lifts
// are rare is what keeps small experiments honest: the flat one is not neutral.
//
// Limits: units are independent; a prior's parameters are at least 0.05.
//
// References: C. Stucchio, "Bayesian A/B Testing at VWO" (2015); E. Miller, "Formulas for Bayesian A/B Testing" (2014); A. Gelman et al.,
// Bayesian Data Analysis, 3rd ed. (2013), chapter 2.
package bayes
