package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/report"
	runs "liftgate/experiment/run"
)

type analyzeOptions struct {
	file     string
	out      string
	force    bool
	asOf     string
	workers  int
	evidence string
	exitCode bool
	format   string
	memory   memoryOptions

	state     string
	increment bool
}

const analyzeHelp = `Reads the data that the definition names, tests every metric, checks whether the experiment can be
trusted, and says what the rules decide. The scorecard goes to stdout; the run, with the evidence, the
result, a page for reviewers and the hashes of everything that was read, goes to a folder.

The folder is written whole or not at all. By default it is runs/NAME/AS_OF, such as
runs/amazon-pay-express/2026-11-12, or runs/NAME/data for a unit table.

Everything from --as-of on is left out: a date such as 2026-11-12 (midnight in the schedule's timezone)
or a time such as 2026-11-12T08:30:00Z. By default it is the time through which all sources that metrics
use are complete. The answer is the same for any number of workers.

With --state, what the analysis needs of the rows is kept in a folder outside the run, without keys, but with
their hashes: treat it as personal data. With --increment, too, only files that are new since then are read,
such as those of another day, and the answer is that of reading everything, to the bit. The definition must be
the same, and the files read before must lie there unchanged. A unit table is read as a whole each time.

What does not fit into --memory goes through temporary files, which takes longer and gives the same answer.
They have no names and are gone with the process. --verbose says on stderr what memory was needed for.`

func analyzeCommand(c *console) *cli.Command {
	var o analyzeOptions
	return &cli.Command{
		Name:        "analyze",
		Usage:       "from data to a scorecard and a decision",
		ArgsUsage:   "FILE",
		Description: analyzeHelp,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "write the run to `RUN`", Destination: &o.out},
			&cli.BoolFlag{Name: "force", Usage: "replace a run, unless it has recorded decisions", Destination: &o.force},
			&cli.StringFlag{Name: "as-of", Usage: "leave out everything from `DATE` on", Destination: &o.asOf},
			&cli.IntFlag{Name: "workers", Usage: "read with `N` workers", DefaultText: "one a processor", Destination: &o.workers},
			&cli.StringFlag{Name: "evidence", Usage: "keep `WHAT` for later cuts, full (also parts: segments, days and ages) or totals (the whole only)", Value: fullEvidence, Destination: &o.evidence},
			&cli.BoolFlag{Name: "exit-code", Usage: "exit with the decision, see below", Destination: &o.exitCode},
			&cli.StringFlag{Name: "format", Usage: "print a table, json or markdown `FORMAT`", Value: "table", Destination: &o.format},
			&cli.StringFlag{Name: "state", Usage: "keep what is read in `DIR`, for the next analysis", Destination: &o.state},
			&cli.BoolFlag{Name: "increment", Usage: "read only what is new since the state in --state", Destination: &o.increment},
			quietFlag(c),
		}, o.memory.flags()...),
		Action: func(ctx *cli.Context) (err error) {
			if o.file, err = one(ctx, "FILE"); err != nil {
				return err
			}
			return analyze(ctx.Context, c, o)
		},
	}
}

func analyze(ctx context.Context, c *console, o analyzeOptions) error {
	format, err := pick("--format", o.format, report.Table, report.JSON, report.Markdown)
	if err != nil {
		return err
	}
	evidence, err := pick("--evidence", o.evidence, fullEvidence, totalsEvidence)
	if err != nil {
		return err
	}
	if o.workers < 0 {
		return usagef("--workers must not be negative")
	}
	if o.increment && o.state == "" {
		return usagef("--increment reads what is new since a state: name its folder with --state")
	}
	def, asOf, err := loadCut(o.file, o.asOf)
	if err != nil {
		return err
	}
	if o.state != "" && def.Data.Units != nil {
		return usagef("--state keeps rows of an event log; a unit table is read as a whole each time")
	}
	j := job{
		definition: def, asOf: asOf, views: evidence == fullEvidence, workers: o.workers, out: o.out, replace: o.force,
		state: o.state, increment: o.increment, memory: o.memory,
	}
	dir, res, err := j.do(ctx, c)
	if err != nil {
		return err
	}
	if err := report.Write(c.stdout, res, report.Options{Format: format, Color: c.color(), Width: c.width()}); err != nil {
		return err
	}
	c.pointTo(format, filepath.Join(dir, runs.ReportName))
	if o.exitCode {
		return decisionError(res.Decision.Status)
	}
	return nil
}

// loadCut reads FILE and --as-of.
func loadCut(file, asOf string) (*experiment.Definition, *datasets.Instant, error) {
	def, err := load(file)
	if err != nil {
		return nil, nil, err
	}
	at, err := cutOf(asOf, def)
	return def, at, err
}

// cutOf reads --as-of as the definition would; nil without one.
func cutOf(asOf string, d *experiment.Definition) (*datasets.Instant, error) {
	if asOf == "" {
		return nil, nil
	}
	if d.Data.Units != nil {
		return nil, usagef("--as-of cuts by time, and a unit table has none")
	}
	at, err := experiment.ParseInstant(asOf, d.Schedule.Location)
	if err != nil {
		return nil, usagef("--as-of: %v", err)
	}
	return &at, nil
}

// pointTo names the page of the run: below the table, and on stderr where the answer is for a program or a document.
func (c *console) pointTo(format report.Format, page string) {
	if format == report.Table {
		fmt.Fprintf(c.stdout, "\nReport: %s\n", page)
		return
	}
	c.note("report: %s", page)
}
