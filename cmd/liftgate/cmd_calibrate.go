package main

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"liftgate/datasets/columnar"
	"liftgate/experiment/analysis"
	"liftgate/experiment/calibration"
)

type calibrateOptions struct {
	file       string
	splits     int
	seed       uint64
	population string
	asOf       string
	workers    int
	format     string
}

const calibrateHelp = `Deals the analysed units out to the variants at random, again and again, and analyses each deal ("split") as if
it were the experiment. Nothing differs between the variants then, so whatever the analysis finds is false: its
rates say whether the methods that decide can be trusted on these data. With unit: merchant it deals out
merchants, with a design within its blocks.

For every metric: how often p is below alpha, how often a guardrail passes whose treatment was made as bad as
the margin, how often intervals cover the truth, whether p-values are uniform, and how often no verdict would
be given. The verdict is one of: holds; too many false positives; conservative; no verdict (the data lie outside
the methods' region of validity).

Units of all variants are dealt out by default: as many as the experiment compares, and no deal knows what the
treatment did to a unit, so "no difference" is true of every deal whether or not there is an effect.
--population control deals out the control only. The answer depends on --seed, never on --workers.`

func calibrateCommand(c *console) *cli.Command {
	var o calibrateOptions
	return &cli.Command{
		Name:        "calibrate",
		Usage:       "A/A: deal real units out at random, and see how often each metric errs",
		ArgsUsage:   "FILE",
		Description: calibrateHelp,
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "splits", Usage: "deal `N` times", Value: calibration.DefaultSplits, Destination: &o.splits},
			&cli.Uint64Flag{Name: "seed", Usage: "draw the splits of seed `N`", Value: 1, Destination: &o.seed},
			&cli.StringFlag{Name: "population", Usage: "deal out `WHO`, all or control", Value: string(calibration.Everyone), Destination: &o.population},
			&cli.StringFlag{Name: "as-of", Usage: "leave out everything from `DATE` on", Destination: &o.asOf},
			&cli.IntFlag{Name: "workers", Usage: "work with `N` workers", DefaultText: "one a processor", Destination: &o.workers},
			&cli.StringFlag{Name: "format", Usage: "print a table, markdown or json `FORMAT`", Value: "table", Destination: &o.format},
			quietFlag(c),
		},
		Action: func(ctx *cli.Context) (err error) {
			if o.file, err = one(ctx, "FILE"); err != nil {
				return err
			}
			return calibrate(ctx.Context, c, o)
		},
	}
}

// mostSplits is where outcomes, which are kept until the end, would fill the memory.
const mostSplits = 100_000

func calibrate(ctx context.Context, c *console, o calibrateOptions) error {
	format, err := pick("--format", o.format, calibration.Formats...)
	if err != nil {
		return err
	}
	who, err := pick("--population", o.population, calibration.Everyone, calibration.Control)
	if err != nil {
		return err
	}
	if o.splits < 1 || o.splits > mostSplits {
		return usagef("--splits lies between 1 and %d, it cannot be %d", mostSplits, o.splits)
	}
	if o.workers < 0 {
		return usagef("--workers must not be negative")
	}
	def, asOf, err := loadCut(o.file, o.asOf)
	if err != nil {
		return err
	}
	bar := c.progress()
	defer bar.end()
	source, err := new(memoryOptions).source(c, bar, "", columnar.Options{Workers: o.workers})
	if err != nil {
		return err
	}
	study, err := analysis.Bind(ctx, def, source, analysis.Options{AsOf: asOf})
	if err != nil {
		return err
	}
	units, err := source.Units(ctx, &study.Query)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" { // splits leave garbage behind, unlike units, and little that stays
		defer debug.SetGCPercent(debug.SetGCPercent(100))
	}
	found, err := calibration.Run(ctx, study, units, calibration.Options{
		Splits: o.splits, Seed: o.seed, Population: who, Workers: o.workers, Engine: engine,
		Progress: func(done, total int64) { bar.update(done, total, "dealing out and judging") },
	})
	if err != nil {
		return err
	}
	bar.end()
	return found.Write(c.stdout, format, c.width())
}
