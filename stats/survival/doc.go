// Package survival infers times to an event that some units have not had yet: late outcomes such as chargebacks, refunds and claims.
//
// Everything but clustered variances works on a [Table], which counts what happens at each time and merges with others. Its opinion:
//   - An event that rules the event of interest out (a refund before a chargeback) competes with it, and the Aalen-Johansen
//     incidence is reported; one minus Kaplan-Meier is not a probability then.
//   - A comparison at a horizon is a [stats.Contrast], so that late metrics are judged like all others.
//   - Orders of one shopper are not independent: with clusters, variances come from influence functions summed by cluster.
//   - Delays that are known from earlier data let immature units count by how much of their delay has passed: [MatureRate].
//
// No observations, and a horizon that nobody is observed up to, are [stats.ErrTooFew]; tables of no data, times that are negative or not
// finite and levels outside (0, 1) [stats.ErrInvalid]; no event with both groups at risk [stats.ErrNoVariance].
//
// # Limits
//
// Censoring must tell nothing about the event: ending observation at one date for all does not. Beyond the last time at which
// anyone is at risk nothing is known, and a horizon there is an error. Times are finite and not negative.
//
// References: E. L. Kaplan, P. Meier, JASA 53 (1958) 457-481; M. Greenwood (1926); O. O. Aalen, S. Johansen, Scandinavian Journal of
// Statistics 5 (1978) 141-150; R. J. Gray, Annals of Statistics 16 (1988) 1141-1154.
package survival
