// Package fold turns what units have, once all rows are read, into evidence: moments, quantiles, caps, sums of clusters and views of parts.
package fold
