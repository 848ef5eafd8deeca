// Package parallel calls a function for each of some numbers, several calls side by side.
//
// It is for work that falls into parts which need nothing of each other and cannot fail: who computes a part is left to chance, and each
// part's answer must go to a place of its own, so that it does not matter. Where work can fail or be cancelled, an errgroup does more.
package parallel
