package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	runs "liftgate/experiment/run"
)

type verifyOptions struct {
	run       string
	data      string
	noData    bool
	reproduce bool
	workers   int
}

const verifyHelp = `Checks that a run is what was written: every file against the hashes of the manifest, the evidence and the
definition against those of the result, and that nothing was added but audit.jsonl. Then the result and its
page are computed again from the evidence, and must be the same bytes.

With the data at hand it hashes these again, and the record of a design, analyses them again as the run
was made, in a temporary folder, and compares every file byte for byte. The data are looked for where the
definition lay, seen from the run; --data names another folder that its paths are relative to. When none
of them is found, the run is checked without them, which is no failure unless --data or --reproduce is
given.

Whatever differs or is missing is named, and the exit code is 1. Another version of liftgate gives other
bytes; that is said, and is a failure too. Nothing is written.`

func verifyCommand(c *console) *cli.Command {
	var o verifyOptions
	return &cli.Command{
		Name:        "verify",
		Usage:       "is a run what was written, and do the data give it again?",
		ArgsUsage:   "RUN",
		Description: verifyHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "data", Usage: "the definition's paths are relative to `DIR`", Destination: &o.data},
			&cli.BoolFlag{Name: "no-data", Usage: "check the run without its data", Destination: &o.noData},
			&cli.BoolFlag{Name: "reproduce", Usage: "fail when the data are not at hand", Destination: &o.reproduce},
			&cli.IntFlag{Name: "workers", Usage: "read with `N` workers", DefaultText: "one a processor", Destination: &o.workers},
			quietFlag(c),
		},
		Action: func(ctx *cli.Context) (err error) {
			if o.run, err = one(ctx, "RUN"); err != nil {
				return err
			}
			return verify(ctx.Context, c, o)
		},
	}
}

func verify(ctx context.Context, c *console, o verifyOptions) error {
	if o.noData && (o.data != "" || o.reproduce) {
		return usagef("--no-data goes neither with --data nor with --reproduce")
	}
	if o.workers < 0 {
		return usagef("--workers must not be negative")
	}
	r, findings, err := runs.Verify(ctx, o.run)
	if err != nil {
		return err
	}
	v := verification{console: c, options: o, run: r}
	v.tellHashes(findings)
	if err := v.repeat(ctx); err != nil {
		return err
	}
	if v.failures > 0 {
		return fmt.Errorf("%s: %s", o.run, plural(v.failures, "failure"))
	}
	return nil
}

// verification tells, a line for each, what holds, what does not, and what could not be said.
type verification struct {
	console  *console
	options  verifyOptions
	run      *runs.Run
	failures int
}

func (v *verification) holds(format string, args ...any) {
	fmt.Fprintf(v.console.stdout, "✓ "+format+"\n", args...)
}

func (v *verification) open(format string, args ...any) {
	fmt.Fprintf(v.console.stdout, "? "+format+"\n", args...)
}

func (v *verification) fails(format string, args ...any) {
	v.failures++
	fmt.Fprintf(v.console.stdout, "✗ "+format+"\n", args...)
}

func (v *verification) failsFor(what string, findings []runs.Finding) {
	for _, f := range findings {
		v.fails("%s: %s", what, f)
	}
}

func (v *verification) tellHashes(findings []runs.Finding) {
	v.failsFor("run", findings)
	if len(findings) == 0 {
		size := int64(0)
		for _, f := range v.run.Manifest.Files {
			size += f.Size
		}
		v.holds("run: %s (%s) with the hashes of %s, and no others; evidence and definition are those of %s",
			plural(len(v.run.Manifest.Files), "file"), bytesText(size), runs.ManifestName, runs.ResultName)
	}
	if _, err := os.Lstat(filepath.Join(v.run.Dir, runs.AuditName)); err == nil {
		v.open("%s: decisions are recorded there, which this version does not check", runs.AuditName)
	}
}
