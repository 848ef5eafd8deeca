// Package policy holds the repository to its own rules, as ordinary tests.
//
// A rule that only stands in a document is broken within a month. Each test here enforces one rule of CONTRIBUTING.md or
// DESIGN.md over the whole tree and says in its failure message why the rule exists. Where a rule has exceptions, they stand in
// one short list beside it, each with its reason, and an exception that is no longer needed fails too.
package policy
