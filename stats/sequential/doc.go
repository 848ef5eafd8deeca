// Package sequential tests at several looks, planned or not, at one level: group-sequential designs.
//
// A [Design] spends its level by a [Spending] function of the information that has arrived; [Design.Bounds] are the critical values that
// follow, [Plan.Monitor] says which of them applies to the looks so far, and [Bounds.Final] what the data say once it is
// over. [Design.Inflation] and [Design.WithFutility] plan the size.
//
// Statistics are the z of the analysis at hand, estimate / standard error, positive for the treatment; information is 1 / standard
// error². The joint distribution is the canonical one: Z_k is normal with mean effect sqrt(I_k), and Cov(Z_j, Z_k) = sqrt(I_j / I_k)
// (Scharfstein, Tsiatis, Robins 1997; Jennison and Turnbull 2000, section 3.1), which efficient estimates of one effect from growing data
// follow.
//
// Its opinion:
//   - Bounds follow the information there is, never the calendar; looks may come early, late, more or fewer than planned.
//   - What was decided stays: data that arrive after a bound was crossed enter the estimate, not the decision.
//   - A naive estimate after stopping early is too extreme, so the median-unbiased one stands beside it.
//   - Futility bounds do not bind unless asked: to go on past one costs no error.
//
// No looks are [stats.ErrTooFew]; levels, sides, bounds and fractions that no design can have, and looks that add no information,
// [stats.ErrInvalid].
//
// # Limits
//
// Levels are as exact as the normal approximation of each look. Looks must be chosen without regard to the estimate: to look again because
// it was close breaks the level. Information of two looks must differ by 1e-4 of the later; windows of metrics must be
// complete at each look, or the information does not grow as it should.
//
// References: K. K. G. Lan and D. L. DeMets, Biometrika 70 (1983) 659-663; P. Armitage, C. K. McPherson, B. C. Rowe, JRSS A 132 (1969)
// 235-244; C. Jennison and B. W. Turnbull, "Group Sequential Methods" (2000); J. Whitehead, Controlled Clinical Trials 13 (1992) 106-121
// (overrunning); I. K. Hwang, W. J. Shih, J. S. DeCani, Statistics in Medicine 9 (1990) 1439-1445; K. Kim and D. L. DeMets,
// Biometrika 74 (1987) 149-154.
package sequential
