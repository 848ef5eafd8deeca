// Package datasets is the seam between an analysis and the data: what is asked ([Query]), what comes back ([Evidence]), and
// [Source], the one interface between them.
//
// Evidence holds everything that inference needs and no unit keys: counts, and moments that merge. How rows become evidence is
// fixed to the last bit by the rules stated on the types of this package, so that every source, native or SQL, gives the same
// answer; package sourcetest holds them to it with a plain row-by-row reference. With views it holds the evidence of parts, too, which
// [Evidence.Cut] puts together.
//
// Times are microseconds since 1970 in UTC ([Instant]); finer timestamps are rounded down.
package datasets
