// Command liftgate takes an experiment from its definition to a launch decision.
//
// A subcommand is a file cmd_NAME.go with its options and a function that runs it. The answer goes to stdout, progress,
// warnings and errors go to stderr; exit.go has the one table of exit codes. This package is the only importer of urfave/cli
// and the only place that knows every source and format; it parses and computes nothing itself.
package main
