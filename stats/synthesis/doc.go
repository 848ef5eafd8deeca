// Package synthesis puts estimates from several experiments, or from the groups of one, together: random-effects meta-analysis, shrinkage
// of many estimates at once, and tests of whether an effect is the same in all groups.
//
// Its opinion: experiments differ, so the fixed-effect estimate is shown but the random-effects one is read; tau² says how much they
// differ. DerSimonian and Laird's interval counts tau² as known: with fewer than about ten studies it is too short.
//
// Limits: estimates are independent and normal with known standard errors, and none was left out because of its result.
//
// Groups of one experiment share no unit, and their tests ask for degrees of freedom, because errors there are estimated.
//
// References: W. G. Cochran, Biometrics 10 (1954) 101-129; B. L. Welch, Biometrika 38 (1951) 330-336; M. Gail, R. Simon, Biometrics 41
// (1985) 361-372; R. DerSimonian, N. Laird, Controlled Clinical Trials 7 (1986) 177-188; J. Higgins, S. Thompson, Statistics in Medicine 21
// (2002) 1539-1558; W. James, C. Stein, Proc. 4th Berkeley Symposium 1 (1961) 361-379; A. Baranchik, Stanford Technical Report 51 (1964);
// B. Efron, C. Morris, JASA 70 (1975) 311-319.
package synthesis
