// Package reuse makes slices and texts of memory that is there already.
//
// It is for loops over rows, where allocating would cost more than the work. Whoever calls it answers for nobody looking at the old content
// any more.
package reuse
