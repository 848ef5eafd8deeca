package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"liftgate/experiment/report"
	runs "liftgate/experiment/run"
)

type reportOptions struct {
	run      string
	format   string
	out      string
	segments []string
	day      string
}

const reportHelp = `Writes the result of a run again, in any format. The run is verified first: a file that has changed since
the run was written is an error.`

func reportCommand(c *console) *cli.Command {
	var o reportOptions
	return &cli.Command{
		Name:        "report",
		Usage:       "a run in another format",
		ArgsUsage:   "RUN",
		Description: reportHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "table, markdown, html, json, csv or arrow `FORMAT`", Value: "table", Destination: &o.format},
			&cli.StringFlag{Name: "out", Usage: "write to `FILE` instead of stdout", Destination: &o.out},
			&cli.StringSliceFlag{Name: "segment", Usage: "only the units where `k=v` (not supported yet)"},
			&cli.StringFlag{Name: "day", Usage: "only rows before the end of `DATE` (not supported yet)", Destination: &o.day},
		},
		Action: func(ctx *cli.Context) (err error) {
			if o.run, err = one(ctx, "RUN"); err != nil {
				return err
			}
			o.segments = ctx.StringSlice("segment")
			return writeReport(ctx.Context, c, o)
		},
	}
}

func writeReport(ctx context.Context, c *console, o reportOptions) error {
	format, err := pick("--format", o.format, report.Formats...)
	if err != nil {
		return err
	}
	if format == report.Arrow && o.out == "" && isTerminal(c.stdout.w) {
		return usagef("arrow is binary; name a file with --out, or send it on with a pipe")
	}
	if len(o.segments) > 0 || o.day != "" {
		return errors.New("--segment and --day are not supported yet: they need the evidence of a later version")
	}
	r, err := runs.Open(ctx, o.run)
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
