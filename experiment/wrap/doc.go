// Package wrap breaks text into the lines of a terminal.
//
// Widths are those that a terminal shows: some letters take two columns, and marks that combine take none. Control characters, which
// could move a cursor, become spaces. Words stay whole where they can; nothing is ever left out.
package wrap
