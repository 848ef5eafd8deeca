// Package experiment says what an experiment is: the definition (v1 YAML), its metrics, the built-in catalogue, and strict
// parsing that finds every problem at once, each with its place.
//
// A [Definition] is plain data. Conditions are parsed and lowered to package expr here; whether they fit the columns that the
// data have is found out later, by package analysis, which reports such problems at the same positions through
// [Definition.ProblemAt].
package experiment
