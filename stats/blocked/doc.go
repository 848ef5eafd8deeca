// Package blocked infers effects where whole clusters (merchants) were randomised in blocks: strata, matched pairs, blocks of k, or redrawn
// until they were balanced.
//
//	question                                   procedure
//	mean or ratio, from moments by cluster     Compare, with the Design that assigned the clusters
//	is there enough to go by                   Evenness, from sizes alone
//	are clusters missing from one variant      CompareLosses
//
// Its opinion:
//   - The variance is that of the design. What differs between blocks is no noise of a comparison that was randomised within them.
//   - Where a block has a single cluster in a variant it cannot tell noise from itself, so blocks are what is compared: K. Imai, G. King,
//     C. Nall, "The Essential Role of Pair Matching in Cluster-Randomized Experiments", Statistical Science 24 (2009) 29-53; C. de
//     Chaisemartin, J. Ramirez-Cuellar, "At What Level Should One Cluster Standard Errors in Paired and Small-Strata Experiments?",
//     American Economic Journal: Applied Economics 16 (2024) 193-212; C. Fogarty, "On mitigating the analytical limitations of finely
//     stratified experiments", J. R. Statist. Soc. B 80 (2018) 1035-1056; Y. Bai, J. Romano, A. Shaikh, "Inference in Experiments With
//     Matched Pairs", JASA 117 (2022) 1726-1737.
//   - Where each variant has two, noise is what differs within them: S. Athey, G. Imbens, "The Econometrics of Randomized Experiments",
//     Handbook of Economic Field Experiments 1 (2017) 73-140, section 5.
//   - A design that was redrawn until balanced is analysed by a regression on what it was balanced in. Only then is the estimate about
//     normal: X. Li, P. Ding, D. Rubin, PNAS 115 (2018) 9157-9162; X. Li, P. Ding, J. R. Statist. Soc. B 82 (2020) 241-268. Left out, the
//     usual variance is too large and the normal law the wrong one.
//   - Below 40 effective clusters (see Comparison.Few), package randomisation decides, by the same design.
//
// # What goes wrong otherwise
//
// Merchants with lognormal sizes (sigma 0.5) and an intraclass correlation of 0.05, whose size and level have correlation 0.9 with a number that
// is known of them: matched in pairs of it, or redrawn until it is balanced (one draw of a hundred). How often 95 % intervals cover, and how
// much narrower the right ones are, on average, than those that complete randomisation would have given:
//
//	                          right      narrower   design ignored (CR2)   shoppers as if randomised
//	 20 merchants in pairs    94.3 %     40 %       100 %                  74 %
//	 60 merchants in pairs    95.0 %     45 %       100 %                  74 %
//	200 merchants in pairs    94.2 %     46 %       99.9 %                 75 %
//	 20 merchants redrawn     96.3 %     47 %       99.3 %                 65 %
//	 60 merchants redrawn     95.0 %     40 %       99.3 %                 64 %
//	200 merchants redrawn     95.5 %     31 %       99.8 %                 63 %
//
// Who ignores the design covers nearly always, with intervals that are needlessly wide: what the design bought is thrown away. A test
// at 5 % errs in fewer than 1 of 100 experiments without an effect, and misses effects that are there. Who counts shoppers finds effects
// where there are none. (TestDesignCoverage of experiment/analysis, whole analyses: 300 experiments each with 20 and 60 merchants, where the
// design is repeated, but for 60 that are redrawn and usually enough; 2,000 with 200. More regimes are in CALIBRATION.md.)
//
// # Limits
//
// A variant's probability must be the same in every block. The variance is right when effects are the same in all blocks, or blocks are seen as
// drawn from many; it is too large when effects differ and blocks are all that there is. Of a lone block with one cluster in a variant the
// noise cannot be known: it is put together with the smallest other one (collapsed strata: W. Cochran, Sampling Techniques, 1977, section
// 5A.12). Means over blocks must be about normal.
package blocked
