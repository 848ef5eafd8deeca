// Package matching puts points into blocks of like points: pairs at the least total squared distance, or groups of several.
//
// Points come in strata. Blocks lie inside strata, and of what an odd stratum leaves over as few as possible are joined across strata.
// Distances are Euclidean: who wants Mahalanobis distances gives standardised coordinates. They are squared, because the variance of a
// difference between the halves of random pairs is proportional to the sum of squares (Bai 2022).
//
// [Optimal] is exact. It solves the minimum-cost perfect matching of the complete graph by Edmonds' blossom algorithm (1965), growing one
// alternating tree at a time with dual variables and a heap, on a graph of near neighbours only; the dual variables then price every
// pair of the complete graph, pairs that would improve the matching join the graph, and it is solved again until there is none (Derigs and
// Metz 1991; Cook and Rohe 1999). Costs are rounded to whole numbers, so that no tolerance enters the proof. Memory grows with the
// number of points, time with its square.
//
// [Greedy] takes the closest pair, then the closest of what is left. [Groups] are larger blocks, for which no exact method is known that
// would end in time: maximum distance to average vector (Domingo-Ferrer and Mateo-Sanz 2002), and exchanges until none improves.
//
// References: J. Edmonds, Canadian Journal of Mathematics 17 (1965) 449-467; U. Derigs, A. Metz, Mathematical Programming 50 (1991) 113-121;
// W. Cook, A. Rohe, INFORMS Journal on Computing 11 (1999) 138-148; B. Lu, R. Greevy, X. Xu, C. Beck, The American Statistician 65
// (2011) 21-30; Y. Bai, American Economic Review 112 (2022) 3911-3940; J. Domingo-Ferrer, J. M. Mateo-Sanz, IEEE Transactions on Knowledge
// and Data Engineering 14 (2002) 189-201.
package matching
