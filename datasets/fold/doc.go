// Package fold turns what units have, once all rows are read, into evidence: moments, quantiles, caps, sums of clusters and views of parts.
//
// A pass over files ends where each unit's numbers are known. It hands them over by partition, as [Members]: one column a value, the units of
// a variant together. [Into] goes over them metric by metric:
//
//	gather    the units that count: their windows have closed, and they have all values (block.go)
//	cap       the limits, and the first parts cut off there (cap.go, quantile.go)
//	measure   moments (moments.go) and how skewed they are, or order statistics with the units' shares in them (order_statistics.go)
//	views     the same by cell of the segments, by day and by age (views.go), of what each unit had when (view_follow.go)
//
// Its opinion is that a sum has an order. One worker folds a partition from its first unit to its last, variant by variant; sums of
// partitions are added in their order before anything is divided, and products are taken around means that are known. So evidence depends on
// the units and their order, to the last bit, and not on how many workers there are or where columns lie.
//
// Views come from changes. Where a unit's row changes its numbers, new powers less old ones go to the age and the day of the row, and sums
// over ages and days turn changes into what was true. Units that were exposed and are complete on the same days are a cohort, so that only
// cohorts are looked up in the calendar. Sums of powers have twice the precision of a float64, because what changes leaves them again, and
// what lost too much is added up anew. They are taken in groups of partitions, and groups are merged in order.
//
// Sketches of a quantile's values are made of what changes in a unit, too, by slab (units of one variant and cell that were exposed on one
// day) and by day since exposure (view_steps.go, view_sketch_units.go), and over clusters of all that a cluster has at an age
// (view_sketch_clusters.go).
//
// Where clusters are randomised, the units of a cluster are a stretch of the columns of one partition, and whatever is said of a cluster is
// the work of one worker.
//
// Limits: a partition has fewer than 2³¹ units, numbers are finite ([Finite]). A metric at hand takes 8 bytes a unit for a cap and 16 for
// each value of a quantile, out of the depot where there is one. Columns that are mostly zero may be [Packed]; they are laid out only for
// those who look at units one by one.
//
// References: T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for Computing the Sample Variance", The American Statistician 37 (1983),
// for how products of partitions are put together; C. A. R. Hoare, "Algorithm 65: FIND", CACM 4 (1961); H. H. Seward, "Information Sorting in
// the Application of Electronic Digital Computers to Business Operations" (1954), for sorting by digits.
package fold
