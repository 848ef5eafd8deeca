// Package synthesis puts estimates from several experiments together: random-effects meta-analysis, and shrinkage of many estimates at
// once.
//
// Its opinion: experiments differ, so the fixed-effect estimate is shown but the random-effects one is read; tau² says how much they
// differ. DerSimonian and Laird's interval counts tau² as known: with fewer than about ten studies it is too short.
//
// Limits: estimates are independent and normal with known standard errors, and none was left out because of its result.
//
// References: R. DerSimonian, N. Laird, Controlled Clinical Trials 7 (1986) 177-188; J. Higgins, S. Thompson, Statistics in Medicine 21
// (2002) 1539-1558; W. James, C. Stein, Proc. 4th Berkeley Symposium 1 (1961) 361-379; A. Baranchik, Stanford Technical Report 51 (1964);
// B. Efron, C. Morris, JASA 70 (1975) 311-319.
package synthesis
