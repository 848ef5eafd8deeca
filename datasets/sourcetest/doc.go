// Package sourcetest holds every datasets.Source to the same rules: [Run] compares the evidence of a source with that of
// [Reference], which answers a query row by row, with nothing but loops and maps, on tables held in memory.
//
// [RunViews] does so for evidence of parts, too: the reference takes the values of all units anew for each age and each day.
//
// The reference is meant to be checked by reading it beside the comments of package datasets; it is the slowest source there
// is. [NewSource] makes it usable wherever an analysis needs data and no files.
//
// Counts must be equal, moments equal to 1e-9, errors met by both or by neither; clusters of a variant may come in any order.
// Evidence.Warnings are not compared: they may speak of formats.
package sourcetest
