// Package lookup adds up many rows of numbers that are looked up in tables: what sums over random subsets of clusters come down to when a
// table holds the sums over every subset of a few of them. The method is known as that of the four Russians (V. Arlazarov, E. Dinic,
// M. Kronrod, I. Faradzev, 1970).
package lookup
