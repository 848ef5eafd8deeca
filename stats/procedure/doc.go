// Package procedure lists every statistical procedure by name, with JSON in and JSON out: what `liftgate stat` offers to scripts in any
// language, and what the reference numbers are held against.
//
// A procedure is one [Procedure] in the file of its family. Its input is a struct whose tags are its documentation; its output is
// the result struct of the package that does the work. Names of fields are those of Go in snake case. Numbers that do not
// exist are null, infinite ones are "inf" and "-inf".
package procedure
