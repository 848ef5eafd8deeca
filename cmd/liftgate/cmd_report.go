package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/decision"
	"liftgate/experiment/report"
	"liftgate/experiment/result"
	runs "liftgate/experiment/run"
)

type reportOptions struct {
	run    string
	format string
	out    string
	cut    result.Cut
}

const reportHelp = `Writes the result of a run again, in any format. What is read of the run is verified first: a file that has
changed since the run was written is an error.

With --segment, --day and --age it is the result of a part of the experiment instead, from the run's evidence
alone: the units with these values, the rows before the end of the day (in the schedule's timezone), windows
cut off so many days after each unit's exposure. It is what an analysis of the run's own units in that part
would find, with the exclusions, caps and kept values of the run. "(other)" stands for the values of a segment
that are too many to be kept, "(none)" for units without one. A part carries no decision, and it is one of many
that could be looked at: nothing makes up for looks at several. What the evidence does not hold is an error.`

func reportCommand(c *console) *cli.Command {
	var o reportOptions
	return &cli.Command{
		Name:        "report",
		Usage:       "a run in another format, or a part of it",
		ArgsUsage:   "RUN",
		Description: reportHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "table, markdown, html, json, csv or arrow `FORMAT`", Value: "table", Destination: &o.format},
			&cli.StringFlag{Name: "out", Usage: "write to `FILE` instead of stdout", Destination: &o.out},
			&cli.StringSliceFlag{Name: "segment", Usage: "only the units where `K=V`; of several, all must hold"},
			&cli.StringFlag{Name: "day", Usage: "only rows before the end of `DATE`"},
			&cli.IntFlag{Name: "age", Usage: "cut windows off `N` days after exposure", DefaultText: "whole windows"},
		},
		Action: func(ctx *cli.Context) (err error) {
			if o.run, err = one(ctx, "RUN"); err != nil {
				return err
			}
			if o.cut, err = readCut(ctx); err != nil {
				return err
			}
			return writeReport(ctx.Context, c, o)
		},
	}
}

// readCut reads the options that name a part of the experiment.
func readCut(ctx *cli.Context) (result.Cut, error) {
	cut := result.Cut{Segments: map[string]string{}}
	for _, s := range ctx.StringSlice("segment") {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return cut, usagef("--segment wants NAME=VALUE, such as country=DE, not %q", s)
		}
		if earlier, twice := cut.Segments[name]; twice {
			return cut, usagef("--segment %s is given twice, as %q and %q: a unit has one value", name, earlier, value)
		}
		cut.Segments[name] = value
	}
	if ctx.IsSet("day") {
		day := ctx.String("day")
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return cut, usagef("--day wants a date, such as 2026-10-14, not %q", day)
		}
		cut.Day = &day
	}
	if ctx.IsSet("age") {
		age := ctx.Int("age")
		if age < 1 {
			return cut, usagef("--age is a number of days since exposure, at least 1, not %d", age)
		}
		cut.Age = &age
	}
	return cut, nil
}

func writeReport(ctx context.Context, c *console, o reportOptions) error {
	format, err := pick("--format", o.format, report.Formats...)
	if err != nil {
		return err
	}
	if format == report.Arrow && o.out == "" && isTerminal(c.stdout.w) {
		return usagef("arrow is binary; name a file with --out, or send it on with a pipe")
	}
	defer collectLate()()
	r, err := o.read(ctx)
	if err != nil {
		return err
	}
	options := report.Options{Format: format, DefinitionYAML: r.Definition}
	// The run's own page leaves these to the manifest, because it must not depend on where the data lay.
	for _, in := range r.Manifest.Inputs {
		options.Inputs = append(options.Inputs, report.Input{Source: in.Table, Path: in.Path, Bytes: in.Size, SHA256: in.SHA256})
	}
	if o.out != "" {
		if runs.Is(filepath.Dir(o.out)) {
			return usagef("%s would lie inside a run, which never changes; choose another place", o.out)
		}
		return writeFile(o.out, func(w io.Writer) error { return report.Write(w, r.Result, options) })
	}
	options.Color, options.Width = c.color(), c.width()
	return report.Write(c.stdout, r.Result, options)
}

// read gives the run, with the result of the part that was asked for.
func (o *reportOptions) read(ctx context.Context) (*runs.Run, error) {
	if o.cut.Whole() {
		return runs.Open(ctx, o.run)
	}
	c := datasets.Cut{Segments: o.cut.Segments}
	if o.cut.Age != nil {
		c.Age = *o.cut.Age
	}
	if o.cut.Day != nil {
		c.Day = new(int) // which one it is, the evidence says
	}
	r, ev, err := runs.OpenEvidence(ctx, o.run, c)
	if err != nil {
		return nil, err
	}
	if ev.Views == nil {
		return nil, fmt.Errorf("%s: its evidence is of the whole experiment only; analyse again with --evidence full to keep parts of it", o.run)
	}
	def, err := experiment.Parse(filepath.Join(r.Dir, runs.DefinitionName), r.Definition)
	if err != nil {
		return nil, err
	}
	study, err := analysis.Reopen(def, ev, analysis.Options{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Dir, err)
	}
	if r.Result, err = study.Recut(ev, r.Result, o.cut, analysis.Stamp{Engine: engine, Fingerprint: r.Result.DataFingerprint}); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Dir, err)
	}
	r.Result.Decision = decision.Decide(r.Result)
	return r, nil
}

// lateCollection is how much memory a report may take before garbage is collected.
const lateCollection = 256 << 20

// collectLate puts off the collection of garbage, which would take longer than all else that a report does, and undoes that.
func collectLate() (undo func()) {
	percent := debug.SetGCPercent(-1)
	limit := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, lateCollection))
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
