// Package experiment says what an experiment is: the definition (v1 YAML), its metrics, the built-in catalogue, and strict
// parsing that finds every problem at once, each with its place.
//
// A [Definition] is plain data. Conditions are parsed and lowered to package expr here; whether they fit the columns that the
// data have is found out later, by package analysis, which reports such problems at the same positions through
// [Definition.ProblemAt].
//
// Reading goes in three steps. YAML becomes a tree of nodes that know their places, without anything that a definition has no
// use for: tags, anchors, merge keys, duplicate keys. Metrics that use the catalogue get its keys, with the place of their use.
// Then shapes (grammar.go) read every node on its own, and builders (build_*.go) look at what belongs together. Shapes also print
// the JSON Schema ([Schema]), so that editors and the parser know the same keys.
//
// Numbers that decide who gets what, weights and shares, are read from the text, never through a float.
package experiment
