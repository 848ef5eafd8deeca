// Package depot hands out slices that lie in memory, and beyond a limit in a temporary file that is mapped.
//
// Whoever needs slices that grow with the data asks an [Arena] for them and need not know where they lie; nil hands out memory. A file has no
// name, so nothing is left behind however a process ends, and its blocks are taken before they are mapped: a full disk is an error to ask
// for ([Depot.Failed]) and never a signal. An arena is used by one goroutine at a time, a depot by all.
//
// Slices lie in files on Linux only; elsewhere they are memory. They hold numbers and never pointers, which the collector would not see.
package depot
