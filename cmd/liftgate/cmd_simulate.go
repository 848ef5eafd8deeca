package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"liftgate/experiment"
	runs "liftgate/experiment/run"
	"liftgate/experiment/run/staging"
	"liftgate/experiment/simulate"
)

type simulateOptions struct {
	file     string
	out      string
	shoppers int64
	seed     uint64
	scenario string
	truth    int64
}

const simulateHelp = `Writes an event log of a made-up Amazon Pay population that fits the definition, and truth.json with the
true effect on every metric. The same definition, options and version give the same bytes. Files go into
DIR under the names that the definition has for them, with a copy of the definition (definition.yaml)
unless it is there; nothing that stands there is replaced.`

func simulateCommand(c *console) *cli.Command {
	var o simulateOptions
	return &cli.Command{
		Name:        "simulate",
		Usage:       "data that fit a definition, with a known truth",
		ArgsUsage:   "FILE",
		Description: simulateHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "write the data to `DIR`", Destination: &o.out},
			shoppersFlag(&o.shoppers, 100_000),
			seedFlag(&o.seed),
			&cli.StringFlag{Name: "scenario", Usage: "what the treatments do, `NAME` one of " + strings.Join(simulate.Scenarios(), ", "), Value: simulate.DefaultScenario, Destination: &o.scenario},
			&cli.Int64Flag{Name: "truth", Usage: "compute truth.json from `N` other shoppers, 0: leave it out", Value: simulate.DefaultTruthShoppers, Destination: &o.truth},
			quietFlag(c),
		},
		Action: func(ctx *cli.Context) (err error) {
			if o.file, err = one(ctx, "FILE"); err != nil {
				return err
			}
			return simulateData(ctx.Context, c, o)
		},
	}
}

func shoppersFlag(to *int64, number int64) cli.Flag {
	return &cli.Int64Flag{Name: "shoppers", Usage: "make `N` shoppers, of whom about three in five are exposed", Value: number, Destination: to}
}

func seedFlag(to *uint64) cli.Flag {
	return &cli.Uint64Flag{Name: "seed", Usage: "another `N` draws other shoppers", Value: 1, Destination: to}
}

// place is where the files go, whole or not at all.
type place interface {
	Path() string
	Commit() error
	Discard() error
}

func simulateData(ctx context.Context, c *console, o simulateOptions) (err error) {
	if o.out == "" {
		return usagef("simulate needs --out DIR; see liftgate simulate --help")
	}
	if _, err := pick("--scenario", o.scenario, simulate.Scenarios()...); err != nil {
		return err
	}
	def, err := load(o.file)
	if err != nil {
		return err
	}
	if o.shoppers < 1 || o.truth < 0 {
		return usagef("--shoppers must be at least 1, and --truth not negative")
	}
	to, err := destination(o.out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Discard()) }()
	options := simulate.Options{
		Dir: to.Path(), Shoppers: o.shoppers, Seed: o.seed, Scenario: o.scenario, TruthShoppers: o.truth,
	}
	if err := generate(ctx, c, def, options); err != nil {
		return err
	}
	file := filepath.Join(o.out, runs.DefinitionName)
	if filepath.Dir(filepath.Clean(o.file)) == filepath.Clean(o.out) {
		file = o.file // the definition is there already, the copy would be a second one
		if err := os.Remove(filepath.Join(to.Path(), runs.DefinitionName)); err != nil {
			return err
		}
	}
	if err := to.Commit(); err != nil {
		return err
	}
	fmt.Fprintln(c.stdout, o.out)
	c.note("next: liftgate analyze %s", file)
	return nil
}

// destination is a new folder, or an addition to one that exists.
func destination(dir string) (place, error) {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return staging.Into(dir)
	}
	return staging.Create(dir, false)
}

// generate simulates with a progress bar.
func generate(ctx context.Context, c *console, def *experiment.Definition, o simulate.Options) error {
	bar := c.progress()
	defer bar.end()
	o.Progress = func(done, total int64) { bar.update(done, total, "simulating") }
	_, err := simulate.Run(ctx, def, o)
	return err
}
